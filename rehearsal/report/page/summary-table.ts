/** The figures side by side: a row a group, and under each figure what it means against the first row. */
import type { Comparison } from '../compare.ts';
import { groupLoad } from '../compare.ts';
import { FIGURES, type FigureKey, type GroupFigures, type Spread, spreadOf } from '../figures.ts';
import { formatFigure, formatRate, formatSpread, timesText } from '../format.ts';
import type { Report } from '../report.ts';
import type { Text } from '../run.ts';
import { classOf, dashOf, marker } from './chart/marks.ts';
import { both, html, type Markup } from './markup.ts';

const BARS: ReadonlySet<FigureKey> = new Set(['knee', 'p99', 'cpuMs', 'staleShare']);
const BAR_WIDTH = 72;

/** The mark of a group: its dash and its marker. */
export function swatch(index: number): Markup {
  return html`<svg class="${classOf(index)}" width="30" height="16" viewBox="0 0 30 16" aria-hidden="true"><path class="line" stroke-dasharray="${dashOf(index)}" d="M1 8H29"/>${marker(index, 15, 8)}</svg>`;
}

/** What a step buys, and the plain measurements: a table of all would be wider than any screen. */
const BOUGHT: readonly FigureKey[] = [
  'knee',
  'p99',
  'cpuApiMs',
  'cpuDatabaseMs',
  'statementsPerRequest',
  'databaseBytes',
  'loadsPerSecondMax',
  'staleShare',
  'oldestAgeMs',
  'blankShare',
  'lost',
  'doubled',
];
const MEASURED: readonly FigureKey[] = ['goodPerSecond', 'errorRate', 'failedUsers', 'p50', 'p95', 'p99', 'p999'];

export function summaryTables(report: Report): Markup {
  const telling = (keys: readonly FigureKey[]): FigureKey[] =>
    keys.filter((key) => report.figures.some((group) => isTelling(group, key)));
  const [bought, measured] = [telling(BOUGHT), telling(MEASURED)];
  const hasMore = bought.some((key) => key !== 'p99');
  return html`${hasMore && table(report, bought)}${table(report, measured)}`;
}

function table(report: Report, keys: readonly FigureKey[]): Markup {
  const { figures } = report;
  const most = new Map(
    keys.map((key) => [key, Math.max(...figures.map((group) => spreadOf(group, key)?.middle ?? 0))]),
  );
  return html`<div class="card scroll"><table class="figures"><thead><tr><th></th><th>${both({ ko: '준 부하', en: 'offered' })}</th>${keys.map((key) => html`<th>${both(FIGURES[key].label)}</th>`)}</tr></thead><tbody>${figures.map(
    (group, index) =>
      html`<tr class="${classOf(index)}"><td><div class="name">${swatch(index)}<span>${both(group.label)}${repeatNote(group)}</span></div></td><td><span class="of">${both({ ko: '준 부하', en: 'offered' })}</span><span class="value">${groupLoad(group) > 0 ? `${formatRate(groupLoad(group))}/s` : '–'}</span></td>${keys.map(
        (key) => cell(group, key, most.get(key) ?? 0, report.comparisons.get(group.key)?.[key]),
      )}</tr>`,
  )}</tbody></table></div>`;
}

/** A column of zeros (no lost order anywhere) tells nothing. */
export function isTelling(group: GroupFigures, key: FigureKey): boolean {
  const spread = spreadOf(group, key);
  const isAlarm = key === 'lost' || key === 'doubled' || key === 'blankShare';
  return spread !== undefined && (!isAlarm || spread.high > 0);
}

const repeatNote = (group: GroupFigures): Markup =>
  group.runs.length > 1
    ? html`<span class="range">${both({ ko: `${group.runs.length}회 반복의 가운데 값`, en: `middle of ${group.runs.length} runs` })}</span>`
    : html``;

function cell(group: GroupFigures, key: FigureKey, most: number, comparison: Comparison | undefined): Markup {
  const spread = spreadOf(group, key);
  const label = html`<span class="of">${both(FIGURES[key].label)}</span>`;
  if (!spread) return html`<td class="empty">${label}<span class="value missing">–</span></td>`;
  const isBar = BARS.has(key) && most > 0;
  return html`<td${isBar && html` class="bar-cell"`}>${label}<span class="value">${formatSpread(key, spread)}</span>${rangeOf(key, spread)}${comparison && delta(key, comparison)}${isBar && bar(spread.middle / most)}</td>`;
}

function rangeOf(key: FigureKey, spread: Spread): Markup {
  if (spread.low === spread.high) return html``;
  return html`<span class="range">${formatFigure(key, spread.low)} – ${formatFigure(key, spread.high)}</span>`;
}

function delta(key: FigureKey, comparison: Comparison): Markup {
  return html`<span class="delta ${comparison.meaning}">${both(sayDelta(key, comparison))}</span>`;
}

/** ▲ and ▼ are the figure's direction, the word says whether that is good: both without colour. */
export function sayDelta(key: FigureKey, comparison: Comparison): Text {
  const isEqual = comparison.size === (FIGURES[key].scale === 'log' ? 1 : 0);
  if (isEqual) return { ko: '같음', en: 'equal' };
  if (comparison.meaning === 'none') return { ko: '안 드러남*', en: 'not shown*' };
  const arrow = comparison.verdict === 'higher' ? '▲' : '▼';
  const isBetter = comparison.meaning === 'better';
  if (!comparison.isFactor) {
    return { ko: `${arrow} ${isBetter ? '나음' : '나쁨'}`, en: `${arrow} ${isBetter ? 'better' : 'worse'}` };
  }
  const size = timesText(comparison.size);
  const load =
    comparison.load === 'equal'
      ? { ko: '', en: '' }
      : comparison.load === 'more'
        ? { ko: ' (부하는 더 많음)', en: ' (more load)' }
        : { ko: ' (부하는 더 적음)', en: ' (less load)' };
  return isBetter
    ? { ko: `${arrow} ${size.ko} 나음${load.ko}`, en: `${arrow} ${size.en} better${load.en}` }
    : { ko: `${arrow} ${size.ko} 나쁨${load.ko}`, en: `${arrow} ${size.en} worse${load.en}` };
}

function bar(share: number): Markup {
  const width = Math.max(share > 0 ? 1.5 : 0, share * BAR_WIDTH);
  return html`<svg width="${BAR_WIDTH}" height="5" viewBox="0 0 ${BAR_WIDTH} 5" aria-hidden="true"><rect class="track" width="${BAR_WIDTH}" height="5" rx="2.5"/><rect width="${width.toFixed(1)}" height="5" rx="2.5"/></svg>`;
}
