/** What a ladder's markers in the documents say: its table and its verdict, or one figure of one rung. */
import type { Ladder } from '../ladder/rung.ts';
import { FIGURES, type FigureKey, type GroupFigures, spreadOf } from '../report/figures.ts';
import { formatFigure, formatMs, formatRate, formatSpread } from '../report/format.ts';
import { plain } from '../report/markdown.ts';
import type { Text } from '../report/run.ts';
import type { SavedReport } from '../report/saved-report.ts';
import type { FullHouse } from '../results/index.ts';

/** A ladder as it was measured: what `matjip report --json` says of it, and what stands beside that. */
export interface MeasuredLadder {
  readonly ladder: Ladder;
  readonly report: SavedReport;
  /** By rung; none where the knee was not found or loads past it were not offered. */
  readonly fullHouses: ReadonlyMap<string, FullHouse>;
  /** A million orders, by rung, as money is written. */
  readonly costs: ReadonlyMap<string, string>;
  /** ISO 8601, of its newest result. */
  readonly measuredAt: string;
  /** The series for the law of scaling, each size and what the law says of it; undefined where none was measured. */
  readonly scaling?: readonly Text[];
}

interface Column {
  readonly head: Text;
  readonly cell: (group: GroupFigures, measured: MeasuredLadder) => string;
}

const column = (ko: string, en: string, cell: Column['cell']): Column => ({ head: { ko, en }, cell });
const figure = (key: FigureKey): Column => ({
  head: FIGURES[key].label,
  cell: (group) => sayFigure(group, key) ?? '–',
});

/** Of the largest load past the knee that was offered. */
const atMost = (of: (step: FullHouse['steps'][number]) => string): Column['cell'] => {
  return ({ key }, { fullHouses }) => {
    const last = fullHouses.get(key)?.steps.at(-1);
    return last ? of(last) : '–';
  };
};
/** The largest load that a table's head speaks of; where less was offered, the cell says how much. */
const MULTIPLE = 5;

const KNEE = column('한계 (95 %)', 'knee (95 %)', (group) => sayKnee(group));

const COLUMNS: Readonly<Record<Ladder['name'], readonly Column[]>> = {
  cache: [
    KNEE,
    figure('p99'),
    figure('staleShare'),
    figure('oldestAgeMs'),
    figure('blankShare'),
    figure('loadsPerSecondMax'),
  ],
  strategy: [
    KNEE,
    column('요청당 CPU: API + Postgres', 'CPU of a request: API + Postgres', (group) =>
      [sayFigure(group, 'cpuApiMs'), sayFigure(group, 'cpuDatabaseMs')].map((said) => said ?? '–').join(' + '),
    ),
    column(
      '한계의 다섯 배에서 쓸모 있는 응답',
      'useful at five times the knee',
      atMost(
        ({ usefulPerSecond, multiple }) =>
          `${formatRate(usefulPerSecond)}/s${multiple === MULTIPLE ? '' : ` (× ${multiple})`}`,
      ),
    ),
    column(
      '그중 주문',
      'orders among them',
      atMost(({ usefulOrdersPerSecond }) => `${formatRate(usefulOrdersPerSecond)}/s`),
    ),
    column(
      '거절까지 (p50 / p99)',
      'a refusal came after (p50 / p99)',
      atMost(({ refusalP50Ms, refusalP99Ms }) =>
        refusalP50Ms === undefined || refusalP99Ms === undefined
          ? '–'
          : `${formatMs(refusalP50Ms)} / ${formatMs(refusalP99Ms)}`,
      ),
    ),
    column('주문 백만 건의 값', 'a million orders', ({ key }, { costs }) => costs.get(key) ?? '–'),
  ],
};

function sayKnee(group: GroupFigures): string {
  const spread = spreadOf(group, 'knee');
  if (!spread) return '–';
  const middle = formatSpread('knee', spread);
  if (spread.isBelow) return middle;
  const high = spread.atLeast ? '?' : formatRate(spread.high);
  return `${middle} (${formatRate(spread.low)} – ${high})`;
}

/** One figure as the report says it; undefined where it was not measured. */
export function sayFigure(group: GroupFigures, key: FigureKey): string | undefined {
  const spread = spreadOf(group, key);
  if (!spread) return undefined;
  return spread.runs > 1 ? formatFigure(key, spread.middle, spread.atLeast) : formatSpread(key, spread);
}

/** Where and on what, so that nobody takes another machine's figures for theirs. */
function provenance({ report, measuredAt }: MeasuredLadder): Text {
  const [first] = report.groups;
  const { machine = '–', versions = {} } = first?.origin ?? {};
  const run = first?.runs[0];
  const offered = `${formatRate(run?.offeredPerSecond ?? 0)}/s`;
  const version = versions.commit ?? versions.source ?? versions.matjip ?? '–';
  return {
    ko: `${measuredAt.slice(0, 10)}, ${machine}, 버전 ${version}. 지연과 낡은 응답은 ${offered}에서 쟀습니다.`,
    en: `${measuredAt.slice(0, 10)}, ${machine}, version ${version}. Latency and stale answers at ${offered}.`,
  };
}

/** The whole block of a ladder: where it was measured, its table, and what the report concludes. */
export function blockOf(measured: MeasuredLadder, language: keyof Text): string {
  const { ladder, report } = measured;
  const columns = COLUMNS[ladder.name];
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const groups = report.groups as GroupFigures[];
  const { sentence, alarms, details } = report.verdict;
  return [
    '',
    provenance(measured)[language],
    '',
    row([language === 'ko' ? '단계' : 'rung', ...columns.map(({ head }) => head[language])]),
    row(['---', ...columns.map(() => '---')]),
    ...groups.map((group) => row([plain(group.label[language]), ...columns.map(({ cell }) => cell(group, measured))])),
    '',
    ...[sentence, ...alarms, ...details].map((text) => `- ${plain(text[language])}`),
    '',
  ].join('\n');
}

/** The marker of the law of scaling. */
const SCALING = 'scaling';

/**
 * What a marker says: `cache` and `strategy` are a ladder's block, `scaling` is the series for the law of scaling and the law, `event-cache knee`
 * is one figure of a rung. Undefined when it is about
 * a ladder that is not among these.
 * @throws Error that names a marker which is none
 */
export function contentOf(
  words: readonly string[],
  ladders: readonly MeasuredLadder[],
  known: readonly Ladder[],
  language: keyof Text,
): string | undefined {
  const [name, key, ...more] = words;
  const marker = words.join(' ');
  if (key === undefined) {
    if (name === SCALING) {
      const told = ladders.find(({ scaling }) => scaling)?.scaling;
      return told && ['', ...told.map((text) => `- ${plain(text[language])}`), ''].join('\n');
    }
    if (!known.some((ladder) => ladder.name === name)) throw new Error(`<!-- ladder ${marker} -->: no such ladder`);
    const measured = ladders.find(({ ladder }) => ladder.name === name);
    return measured && blockOf(measured, language);
  }
  const ladder = known.find(({ rungs }) => rungs.some((rung) => rung.name === name));
  if (!ladder || !(key in FIGURES) || more.length > 0) {
    throw new Error(`<!-- ladder ${marker} -->: write a ladder, or a rung and a figure`);
  }
  const measured = ladders.find((each) => each.ladder === ladder);
  if (!measured) return undefined;
  const group = (measured.report.groups as GroupFigures[]).find((each) => each.key === name);
  const said = group && sayFigure(group, key as FigureKey);
  if (said === undefined) throw new Error(`<!-- ladder ${marker} -->: that was not measured`);
  return said;
}
