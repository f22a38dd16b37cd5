import fc from 'fast-check';

/** What shows in an answer if somebody forgot to escape it; the mark is looked for. */
export const SINK_MARK = 'mjxsink';

/** Of the class output sinks. */
export const SINKS: fc.Arbitrary<string> = fc.constantFrom(
  ...[
    `<script>${SINK_MARK}()</script>`,
    `<img src=x onerror=${SINK_MARK}>`,
    `"><svg onload=${SINK_MARK}>`,
    `</script><b ${SINK_MARK}>`,
  ],
  ...[
    `javascript:${SINK_MARK}`,
    `'"><iframe srcdoc=${SINK_MARK}>`,
    `<!--${SINK_MARK}-->`,
    `]]>${SINK_MARK}`,
    `{{${SINK_MARK}}}`,
  ],
  ...[
    `=cmd|'/c calc'!${SINK_MARK}`,
    `+${SINK_MARK}`,
    `-${SINK_MARK}`,
    `@SUM(${SINK_MARK})`,
    `\t=${SINK_MARK}`,
    `＝${SINK_MARK}`,
  ],
  ...[
    `a\r\nset-cookie: ${SINK_MARK}=1`,
    `a\nx-injected: ${SINK_MARK}`,
    `\x1b]0;${SINK_MARK}\x07`,
    `\x1b[31m${SINK_MARK}`,
    `\x1d\x56\x00${SINK_MARK}`,
  ],
  ...[
    `\${jndi:ldap://127.0.0.1/${SINK_MARK}}`,
    `%0d%0aset-cookie:${SINK_MARK}`,
    `$(${SINK_MARK})`,
    `\`${SINK_MARK}\``,
    `%s%n${SINK_MARK}`,
  ],
);
