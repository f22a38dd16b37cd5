import { PROBLEMS } from '../../contract/index.ts';
import { pageHeaders, SECURITY_HEADERS } from '../http/answer/security-headers.ts';
import { WireAnswer } from '../http/fast-path/wire-answer.ts';

/** Whoever is refused comes back after one of so many different whole seconds, so that they do not come back together. */
const SPREAD_S = 3;
/** Longer, and guests give up; the more is refused, the later they come back. */
const RETRY_AFTER_MAX_S = 8;

const json = (retryAfterS: number): WireAnswer => {
  const { status, title } = PROBLEMS.busy;
  const body = Buffer.from(
    JSON.stringify({ type: 'busy', title, status, detail: 'Too many guests at once; please send it again.' }),
  );
  return answer(retryAfterS, 'application/problem+json', body);
};

const STYLE =
  'body{font:18px/1.6 system-ui,sans-serif;display:grid;place-content:center;min-height:90vh;text-align:center;word-break:keep-all}';

/** A person's browser shows what it gets, so it gets a sentence, and tries again by itself. */
const page = (retryAfterS: number): WireAnswer =>
  answer(
    retryAfterS,
    'text/html; charset=utf-8',
    Buffer.from(
      `<!doctype html><html lang="ko"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<meta http-equiv="refresh" content="${retryAfterS}"><title>잠시만요</title>` +
        `<style>${STYLE}</style><body>` +
        `<p><b>손님이 한꺼번에 몰렸어요.</b><br>${retryAfterS}초 뒤에 자동으로 다시 열립니다.</p>` +
        `<p lang="en">Very busy right now. This page opens by itself in ${retryAfterS} s.</p></body></html>`,
    ),
  );

function answer(retryAfterS: number, type: string, body: Buffer): WireAnswer {
  const headers = {
    ...SECURITY_HEADERS,
    ...(type.startsWith('text/html') && pageHeaders(body.toString(), { 'default-src': "'none'" })),
    'retry-after': String(retryAfterS),
    'cache-control': 'no-store',
    'content-type': type,
    'content-length': String(body.length),
  };
  return new WireAnswer(PROBLEMS.busy.status, Object.entries(headers).flat(), body);
}

const each = (make: (retryAfterS: number) => WireAnswer): readonly WireAnswer[] =>
  Array.from({ length: RETRY_AFTER_MAX_S }, (_, index) => make(index + 1));
const BUSY = { json: each(json), page: each(page) };

/** `503 busy` as ready bytes, with a `Retry-After` that is spread and grows with the load. @param level 0 to 1 */
export function busyAnswer(level: number, random: () => number, isForPerson: boolean): WireAnswer {
  return BUSY[isForPerson ? 'page' : 'json'][retryAfterS(level, random) - 1]!;
}

/** Seconds, spread and growing with the load. @param level 0 to 1 */
export function retryAfterS(level: number, random: () => number): number {
  const spread = SPREAD_S + (RETRY_AFTER_MAX_S - SPREAD_S) * level;
  return 1 + Math.min(Math.floor(random() * spread), RETRY_AFTER_MAX_S - 1);
}
