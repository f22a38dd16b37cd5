import { readFileSync } from 'node:fs';
import type { FigureKey } from '../report/figures.ts';
import { formatFigure } from '../report/format.ts';
import type { SavedReport } from '../report/saved-report.ts';
import { median } from '../stats/noise.ts';

const COLUMNS: readonly { readonly key: FigureKey; readonly ko: string; readonly en: string }[] = [
  { key: 'p50', ko: 'p50', en: 'p50' },
  { key: 'p99', ko: 'p99', en: 'p99' },
  { key: 'errorRate', ko: '오류', en: 'errors' },
  { key: 'knee', ko: '한계 부하', en: 'knee' },
  { key: 'cpuMs', ko: 'CPU/요청', en: 'CPU/request' },
  { key: 'readsPerRequest', ko: 'DB/요청', en: 'DB/request' },
  { key: 'loadsPerSecondMax', ko: '조회/초 최다', en: 'loads/s max' },
  { key: 'staleShare', ko: '틀린 답', en: 'wrong' },
  { key: 'oldestAgeMs', ko: '가장 오래된', en: 'oldest' },
  { key: 'blankShare', ko: '빈 화면', en: 'blank' },
];

/** Korean letters take two columns of a terminal. */
const width = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > '\u10ff' ? 2 : 1), 0);

/** How fast and how wrong, a line for each rung: the figures that `matjip report --json` wrote, the median of repeats. */
export function ladderTable(reportJson: string, lang: 'ko' | 'en'): string {
  const { groups } = JSON.parse(readFileSync(reportJson, 'utf8')) as SavedReport;
  const cell = (runs: SavedReport['groups'][number]['runs'], key: FigureKey): string => {
    const figures = runs.flatMap(({ figures: all }) => all[key] ?? []);
    if (figures.length === 0) return '–';
    const atLeast = figures.some((figure) => figure.atLeast === true);
    return formatFigure(key, median(figures.map(({ value }) => value)), atLeast);
  };
  const rows = [
    ['', ...COLUMNS.map((column) => column[lang])],
    ...groups.map(({ label, runs }) => [label[lang], ...COLUMNS.map(({ key }) => cell(runs, key))]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => width(row[column]!))));
  return rows
    .map((row) =>
      row
        .map((text, column) => {
          const gap = ' '.repeat(widths[column]! - width(text));
          return column === 0 ? text + gap : gap + text;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
