/** What is shown and what is not: each difference with the interval that chance allows, and the zone in which nothing is called. */
import { SINGLE_RUN_RATIO_MIN } from '../../../stats/noise.ts';
import type { Comparison } from '../../compare.ts';
import { FIGURES, type FigureKey } from '../../figures.ts';
import { formatTimes } from '../../format.ts';
import type { Text } from '../../run.ts';
import { bothSvg, html, type Markup } from '../markup.ts';
import { type Box, responsive, shorten, svg, xAxis } from './frame.ts';
import { classOf, marker, place } from './marks.ts';
import { logarithmic } from './scale.ts';

export interface ForestRow {
  index: number;
  label: Text;
  figure: FigureKey;
  comparison: Comparison;
}

const ROW = 22;
const HEAD = 20;
const RATIOS = [
  1 / 1000,
  1 / 300,
  1 / 100,
  1 / 30,
  1 / 10,
  1 / 5,
  1 / 3,
  1 / 2,
  1 / 1.2,
  1,
  1.2,
  2,
  3,
  5,
  10,
  30,
  100,
  300,
  1000,
];

/** Rows must be of log figures. Higher is drawn to the right, whether that is good or bad; the words say which. */
export function forestChart(rows: readonly ForestRow[], base: Text): Markup {
  if (rows.length === 0) return html``;
  return responsive((width) => draw(rows, base, width), 760);
}

function draw(rows: readonly ForestRow[], base: Text, width: number): Markup {
  const isWide = width > 500;
  const heads = rows.filter((row, i) => row.index !== rows[i - 1]?.index).length;
  const box: Box = {
    width,
    height: 24 + rows.length * ROW + heads * HEAD + 44,
    left: isWide ? 200 : 112,
    right: isWide ? 150 : 70,
    top: 12,
    bottom: 44,
  };
  const reach = Math.min(
    2000,
    Math.max(2, ...rows.flatMap(({ comparison: c }) => [c.size, 1 / c.size, c.high ?? 1, 1 / (c.low ?? 1)])),
  );
  const x = logarithmic(1 / reach, reach, [box.left, width - box.right]);
  const inside = RATIOS.filter((ratio) => ratio >= 1 / reach && ratio <= reach && x(ratio) >= box.left);
  const ticks = inside.filter(
    (ratio) => ratio === 1 || Math.abs(Math.log10(ratio)) > (isWide ? 0.09 : 0.2) * Math.max(1, Math.log10(reach)),
  );
  let y = box.top;
  const lines = rows.map((row, i) => {
    const isFirst = row.index !== rows[i - 1]?.index;
    if (isFirst) y += HEAD;
    const head = isFirst
      ? html`<text class="name" x="4" y="${y - 5}"><title>${row.label.en}</title>${bothSvg({ ko: shorten(row.label.ko, 26), en: shorten(row.label.en, 26) })}</text>`
      : html``;
    y += ROW;
    return html`<g class="${classOf(row.index)}">${head}${drawRow(row, x, y - ROW / 2, box, isWide)}</g>`;
  });
  const one = place(x(1));
  const title = { ko: `${base.ko} 대비`, en: `relative to ${base.en}` };
  return svg(
    box,
    { ko: '차이와 그 구간', en: 'Differences with their intervals' },
    html`${zone(rows, x, box)}${xAxis(
      box,
      thin(ticks, x, isWide ? 44 : 36).map((ratio) => ({ at: x(ratio), label: ratioLabel(ratio) })),
      { ko: shorten(title.ko, 40), en: shorten(title.en, 44) },
    )}<line class="one" x1="${one}" x2="${one}" y1="${box.top}" y2="${box.height - box.bottom}"/>${lines}`,
  );
}

/** Keeps 1 and what stands clear of the ticks already kept. */
function thin(ratios: readonly number[], x: (ratio: number) => number, gap: number): number[] {
  const kept = [1];
  for (const ratio of [...ratios].sort((a, b) => Math.abs(Math.log(b)) - Math.abs(Math.log(a)))) {
    if (kept.every((other) => Math.abs(x(other) - x(ratio)) >= gap)) kept.push(ratio);
  }
  return kept;
}

const ratioLabel = (ratio: number): string =>
  ratio >= 1
    ? formatTimes(ratio)
        .replace(/\.0+$/, '')
        .replace(/(\.\d)0$/, '$1')
    : `1/${Number((1 / ratio).toPrecision(3))}`;

/** Without repeats every row shares one zone, drawn as a band; with them each row's interval says it. */
function zone(rows: readonly ForestRow[], x: (ratio: number) => number, box: Box): Markup {
  if (rows.some(({ comparison }) => comparison.basis === 'repeats')) return html``;
  const [from, to] = [x(1 / SINGLE_RUN_RATIO_MIN), x(SINGLE_RUN_RATIO_MIN)];
  return html`<rect class="noise" x="${place(from)}" y="${box.top}" width="${place(to - from)}" height="${box.height - box.top - box.bottom}"/>`;
}

function drawRow(row: ForestRow, x: (ratio: number) => number, y: number, box: Box, isWide: boolean): Markup {
  const { comparison, figure, index } = row;
  const { low, high, size } = comparison;
  const isCalled = comparison.meaning !== 'none';
  const label = FIGURES[figure].label;
  const interval =
    low !== undefined && high !== undefined
      ? html`<path class="line interval" d="M${place(x(low))} ${place(y)}H${place(x(high))}M${place(x(low))} ${place(y - 4)}v8M${place(x(high))} ${place(y - 4)}v8"/>`
      : html``;
  const words = isCalled ? sayCalled(row, isWide) : { ko: '드러나지 않음', en: isWide ? 'not shown' : 'n. s.' };
  return html`<text x="${box.left - 10}" y="${place(y)}" dy="0.32em" text-anchor="end">${bothSvg(label)}</text>${interval}${marker(index, x(size), y, !isCalled)}<text class="${isCalled ? 'called' : 'muted'}" x="${box.width - box.right + 10}" y="${place(y)}" dy="0.32em">${bothSvg(words)}</text>`;
}

function sayCalled({ comparison }: ForestRow, isWide: boolean): Text {
  const size = formatTimes(comparison.size >= 1 ? comparison.size : 1 / comparison.size);
  const isHigher = comparison.verdict === 'higher';
  const isBetter = comparison.meaning === 'better';
  const en = `${size} ${isHigher ? 'higher' : 'lower'}`;
  const ko = `${size} ${isHigher ? '높음' : '낮음'}`;
  return isWide
    ? { ko: `${ko} · ${isBetter ? '나음' : '나쁨'}`, en: `${en} · ${isBetter ? 'better' : 'worse'}` }
    : { ko, en: `${size} ${isBetter ? 'better' : 'worse'}` };
}
