/** The report as Markdown for a pull request or an issue. */
import { groupLoad } from './compare.ts';
import { FIGURE_KEYS, FIGURES, spreadOf } from './figures.ts';
import { formatCount, formatRate, formatSpread } from './format.ts';
import { othersInWords } from './page/counted.ts';
import { isTelling, sayDelta } from './page/summary-table.ts';
import { type Report, titleOf } from './report.ts';
import type { Group, Text } from './run.ts';

const MARKS = { ok: '✓', note: 'ℹ', warn: '⚠', stop: '✗' } as const;

export function renderMarkdown(report: Report, language: keyof Text): string {
  const say = (text: Text): string => plain(text[language]);
  const { verdict, figures } = report;
  const keys = FIGURE_KEYS.filter((key) => figures.some((group) => isTelling(group, key)));
  const head = ['', language === 'ko' ? '준 부하' : 'offered', ...keys.map((key) => FIGURES[key].label[language])];
  const rows = figures.map((group) => [
    `**${say(group.label)}**`,
    groupLoad(group) > 0 ? `${formatRate(groupLoad(group))}/s` : '–',
    ...keys.map((key) => {
      const spread = spreadOf(group, key);
      if (!spread) return '–';
      const comparison = report.comparisons.get(group.key)?.[key];
      return comparison
        ? `${formatSpread(key, spread)}<br>${sayDelta(key, comparison)[language]}`
        : formatSpread(key, spread);
    }),
  ]);
  const lines = [
    `## ${say(titleOf(report))}`,
    '',
    `**${say(verdict.sentence)}**`,
    '',
    ...verdict.alarms.map((alarm) => `- ⚠ ${say(alarm.text)}`),
    ...verdict.details.map((detail) => `- ${say(detail)}`),
    '',
    row(head),
    row(head.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...rows.map(row),
    '',
    ...report.groups.flatMap((group) => [...failures(group, language), ...whatElse(group, say)]),
    '',
    ...report.checks
      .filter((check) => check.level !== 'ok')
      .map((check) => `- ${MARKS[check.level]} **${say(check.title)}**: ${say(check.detail)}`),
    ...report.thresholds.map(
      (threshold) =>
        `- ${threshold.ok ? '✓' : '✗'} ${plain(threshold.text)} (${say(threshold.group)}: ${threshold.measured})`,
    ),
    '',
  ];
  return lines.join('\n').replace(/\n{3,}/g, '\n\n');
}

/** A pull request is no place for a table of everything. */
const FAILURES_MAX = 5;
const OTHERS_MAX = 12;

/** What failed by its kind, in one line, the most frequent first. */
function failures(group: Group, language: keyof Text): string[] {
  const kinds = Object.entries(group.runs[0]?.totals.errors ?? {}).sort((a, b) => b[1] - a[1]);
  if (kinds.length === 0) return [];
  const shown = kinds.slice(0, FAILURES_MAX).map(([kind, count]) => `${plain(kind)} × ${formatCount(count)}`);
  const more = kinds.length > FAILURES_MAX ? [`… ${kinds.length - FAILURES_MAX}`] : [];
  const what = language === 'ko' ? '실패' : 'failures';
  return [`- ${plain(group.label[language])}, ${what}: ${[...shown, ...more].join(', ')}`];
}

/** Everything else that the file counts and measures: messages of web sockets beside requests, a browser's vitals, a script's own. */
function whatElse(group: Group, say: (text: Text) => string): string[] {
  const [run] = group.runs;
  if (!run) return [];
  const all = othersInWords(run);
  const more = all.length > OTHERS_MAX ? [`- … ${all.length - OTHERS_MAX}`] : [];
  return [...all.slice(0, OTHERS_MAX).map((line) => `- ${say(group.label)}: ${plain(line)}`), ...more];
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Text from outside stays text: no tag, no link, no mention, no table cell of its own. */
export function plain(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_[\]|#~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;');
}
