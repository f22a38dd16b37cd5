/** What is shown and what is not: each difference with the interval that chance allows, one panel a figure. */
import { SINGLE_RUN_RATIO_MIN } from '../../../stats/noise.ts';
import type { Comparison } from '../../compare.ts';
import { FIGURES, type FigureKey } from '../../figures.ts';
import { timesText } from '../../format.ts';
import type { Text } from '../../run.ts';
import { both, bothSvg, html, type Markup } from '../markup.ts';
import { type Box, responsive, shorten, svg, xAxis } from './frame.ts';
import { classOf, marker, place } from './marks.ts';
import { logarithmic, type Scale } from './scale.ts';

export interface ForestRow {
  index: number;
  label: Text;
  comparison: Comparison;
}

export interface ForestPanel {
  figure: FigureKey;
  rows: ForestRow[];
}

const ROW = 26;
const RATIOS = [1000, 300, 100, 30, 10, 5, 3, 2, 1.5, 1.2];

/** Figures must be of log scale. A higher figure lies to the right, whether that is good or bad; the words say which. */
export function forestPanels(panels: readonly ForestPanel[], base: Text): Markup {
  if (panels.length === 0) return html``;
  return html`<div class="panels large">${panels.map(
    (panel) =>
      html`<figure><figcaption>${both(FIGURES[panel.figure].label)}</figcaption>${responsive((width) => draw(panel, base, width), 540)}</figure>`,
  )}</div>`;
}

function draw({ figure, rows }: ForestPanel, base: Text, width: number): Markup {
  const isWide = width > 500;
  const box: Box = {
    width,
    height: rows.length * ROW + 56,
    left: isWide ? 178 : 104,
    right: isWide ? 118 : 84,
    top: 8,
    bottom: 44,
  };
  const reach = Math.min(
    2000,
    Math.max(2, ...rows.flatMap(({ comparison: c }) => [c.size, 1 / c.size, c.high ?? 1, 1 / (c.low ?? 1)])),
  );
  const x = logarithmic(1 / reach, reach, [box.left, width - box.right]);
  const one = place(x(1));
  return svg(
    box,
    { ko: `${FIGURES[figure].label.ko}의 차이`, en: `Differences in ${FIGURES[figure].label.en}` },
    html`${noiseZone(rows, x, box)}${xAxis(
      box,
      ticksOf(x, reach, isWide ? 48 : 40).map((ratio) => ({ at: x(ratio), label: ratioLabel(ratio) })),
      { ko: shorten(`${base.ko} 대비`, 40), en: shorten(`relative to ${base.en}`, 44) },
    )}<line class="one" x1="${one}" x2="${one}" y1="${box.top}" y2="${box.height - box.bottom}"/>${rows.map((row, i) => drawRow(row, x, box.top + (i + 0.5) * ROW, box, isWide))}`,
  );
}

/** 1 in the middle, and on both sides what stands clear of what is already there. */
function ticksOf(x: Scale, reach: number, gap: number): number[] {
  const kept = [1];
  for (const ratio of RATIOS.filter((candidate) => candidate <= reach)) {
    if (kept.every((other) => Math.abs(x(other) - x(ratio)) >= gap)) kept.push(ratio, 1 / ratio);
  }
  return kept;
}

const ratioLabel = (ratio: number): string =>
  ratio < 1 ? `1/${Number((1 / ratio).toPrecision(3))}` : ratio === 1 ? '1' : `×${Number(ratio.toPrecision(3))}`;

/** Without repeats every row shares one zone, drawn as a band; with them each row's interval says it. */
function noiseZone(rows: readonly ForestRow[], x: Scale, box: Box): Markup {
  if (rows.some(({ comparison }) => comparison.low !== undefined)) return html``;
  const [from, to] = [x(1 / SINGLE_RUN_RATIO_MIN), x(SINGLE_RUN_RATIO_MIN)];
  return html`<rect class="noise" x="${place(from)}" y="${box.top}" width="${place(to - from)}" height="${box.height - box.top - box.bottom}"/>`;
}

function drawRow({ index, label, comparison }: ForestRow, x: Scale, y: number, box: Box, isWide: boolean): Markup {
  const { low, high, size } = comparison;
  const isCalled = comparison.meaning !== 'none';
  const interval =
    low !== undefined && high !== undefined
      ? html`<path class="line interval" d="M${place(x(low))} ${place(y)}H${place(x(high))}M${place(x(low))} ${place(y - 4)}v8M${place(x(high))} ${place(y - 4)}v8"/>`
      : html``;
  const words = isCalled ? sayCalled(comparison) : { ko: '드러나지 않음', en: 'not shown' };
  return html`<g class="${classOf(index)}"><text class="name" x="${box.left - 10}" y="${place(y)}" dy="0.32em" text-anchor="end"><title>${label.ko} / ${label.en}</title>${bothSvg({ ko: shorten(label.ko, isWide ? 16 : 9), en: shorten(label.en, isWide ? 22 : 14) })}</text>${interval}${marker(index, x(size), y, !isCalled)}<text class="${isCalled ? 'called' : 'muted'}" x="${box.width - box.right + 10}" y="${place(y)}" dy="0.32em">${bothSvg(words)}</text></g>`;
}

function sayCalled({ size, meaning, verdict }: Comparison): Text {
  const times = timesText(size);
  const arrow = verdict === 'higher' ? '▲' : '▼';
  return meaning === 'better'
    ? { ko: `${arrow} ${times.ko} 나음`, en: `${arrow} ${times.en} better` }
    : { ko: `${arrow} ${times.ko} 나쁨`, en: `${arrow} ${times.en} worse` };
}
