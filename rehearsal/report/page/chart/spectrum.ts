/** The percentile spectrum: how long the unluckiest 1 in 2, 10, 100 … requests waited, all groups over each other. */
import { merge, type SpectrumPoint, spectrum } from '../../../stats/distribution.ts';
import { BEYOND_MIN } from '../../figures.ts';
import { formatMs } from '../../format.ts';
import type { Group, Run } from '../../run.ts';
import { waitedMs } from '../../run-figures.ts';

import { bothSvg, html, type Markup } from '../markup.ts';
import { type Box, type Hover, plotWidth, responsive, shorten, svg, textWidth, xAxis, yAxis } from './frame.ts';
import { classOf, dashOf, linePath, marker, type Point, place, spreadLabels } from './marks.ts';
import { logarithmic, logDomain, type Scale } from './scale.ts';

const TAILS: readonly (readonly [number, string])[] = [
  [2, 'p50'],
  [10, 'p90'],
  [100, 'p99'],
  [1000, 'p99.9'],
  [1e4, 'p99.99'],
  [1e5, 'p99.999'],
  [1e6, 'p99.9999'],
];

interface Curve {
  index: number;
  group: Group;
  points: SpectrumPoint[];
  /** Each repeat by itself, faintly behind. */
  repeats: SpectrumPoint[][];
  total: number;
  floorMs: number;
  /** How many curves before this one end where answers end: their names stand below each other. */
  lostRank: number;
}

export function spectrumChart(groups: readonly Group[]): Markup {
  const curves = groups.flatMap((group, index): Curve[] => {
    const points = curveOf(group.runs);
    if (points.length === 0) return [];
    const total = group.runs.reduce((sum, run) => sum + run.totals.attempted, 0);
    const repeats = group.runs.length > 1 ? group.runs.map((run) => curveOf([run])) : [];
    return [
      {
        index,
        group,
        points,
        repeats,
        total,
        floorMs: Math.max(...group.runs.map((run) => run.stepMs)) / 2,
        lostRank: 0,
      },
    ];
  });
  if (curves.length === 0) return html``;
  let lost = 0;
  for (const curve of curves) if (curve.points.some((point) => point.atLeast)) curve.lostRank = lost++;
  return responsive((width) => draw(curves, width), 1100);
}

function curveOf(runs: readonly Run[]): SpectrumPoint[] {
  const parts = runs.flatMap((run) => run.latency ?? []);
  const unanswered = runs.reduce((sum, run) => sum + run.totals.unanswered - run.totals.refused, 0);
  return parts.length === 0 ? [] : spectrum(merge(parts), unanswered, Math.max(...runs.map(waitedMs)));
}

function draw(curves: readonly Curve[], width: number): Markup {
  const isWide = width > 500;
  const box: Box = { width, height: isWide ? 430 : 320, left: 52, right: isWide ? 226 : 84, top: 18, bottom: 40 };
  const values = curves.flatMap((curve) => curve.points.map((point) => Math.max(point.ms, curve.floorMs)));
  const [low, high] = logDomain(values);
  const y = logarithmic(low, high, [box.height - box.bottom, box.top]);
  const tailMax = Math.max(100, ...curves.map((curve) => curve.total));
  const x = logarithmic(1, tailMax, [box.left, width - box.right]);
  const ticks = TAILS.filter(([tail]) => tail <= tailMax);
  const labels = labelHeights(curves, y, 15, box.top + 4, box.height - box.bottom);
  return svg(
    box,
    { ko: '지연 백분위 그래프', en: 'Latency percentile spectrum' },
    html`${yAxis(box, y, formatMs)}${xAxis(
      box,
      ticks.map(([tail, label]) => ({ at: x(tail), label })),
      { ko: '백분위, 1/(1−p) 간격', en: 'percentile, spaced by 1/(1−p)' },
      true,
    )}${curves.map((curve, i) => drawCurve(curve, x, y, box, labels[i] ?? 0, isWide))}`,
    hoverOf(curves, x, tailMax, box),
  );
}

/** For the curves that run to the edge; the others carry their name where they end. */
function labelHeights(
  curves: readonly Curve[],
  y: Scale,
  gap: number,
  low: number,
  high: number,
): (number | undefined)[] {
  const toEdge = curves.filter((curve) => !curve.points.some((point) => point.atLeast));
  const heights = spreadLabels(
    toEdge.map((curve) => y(Math.max(endOf(curve)?.ms ?? 0, curve.floorMs))),
    gap,
    low,
    high,
  );
  return curves.map((curve) => heights[toEdge.indexOf(curve)]);
}

const endOf = (curve: Curve): SpectrumPoint | undefined => curve.points.findLast((point) => !point.atLeast);

function drawCurve(curve: Curve, x: Scale, y: Scale, box: Box, labelY: number, isWide: boolean): Markup {
  const { index, points, repeats, total, floorMs } = curve;
  const at = (point: SpectrumPoint): readonly [number, number] => [x(point.tail), y(Math.max(point.ms, floorMs))];
  const answered = points.filter((point) => !point.atLeast);
  const isFirm = (point: SpectrumPoint): boolean => total / point.tail >= BEYOND_MIN;
  const firm = answered.filter(isFirm);
  const thin = answered.filter((point) => !isFirm(point) || point === firm.at(-1));
  const last = answered.at(-1);
  const lost = points.find((point) => point.atLeast);
  const marks = TAILS.flatMap(([tail]) => {
    const near = firm.find((point) => Math.abs(Math.log10(point.tail) - Math.log10(tail)) < 0.03);
    return near ? [marker(index, ...at(near))] : [];
  });
  return html`<g class="${classOf(index)}">${repeats.map(
    (repeat) => html`<path class="line faint" d="${linePath(repeat.filter((point) => !point.atLeast).map(at))}"/>`,
  )}<path class="line" stroke-dasharray="${dashOf(index)}" d="${linePath(firm.map(at))}"/><path class="line weak" stroke-dasharray="${dashOf(index)}" d="${linePath(thin.map(at))}"/>${marks}${
    last && lost ? lostMark(curve, at(last), lost.ms, box) : ''
  }${last && !lost ? sideLabel(curve, at(last), labelY, box, isWide) : ''}</g>`;
}

function sideLabel({ group }: Curve, end: Point, labelY: number, box: Box, isWide: boolean): Markup {
  const right = box.width - box.right;
  return html`<text class="name" x="${right + 10}" y="${place(labelY)}" dy="0.32em"><title>${group.label.ko} / ${group.label.en}</title>${bothSvg({ ko: shorten(group.label.ko, isWide ? 20 : 8), en: shorten(group.label.en, isWide ? 30 : 12) })}</text><path class="lead" d="M${place(end[0] + 6)} ${place(end[1])}L${right + 7} ${place(labelY)}"/>`;
}

/** Where answers end: the rest of the requests waited longer than anybody measured. The name stands there, not at a line's end. */
function lostMark({ group, lostRank }: Curve, [x, y]: Point, waitedMs: number, box: Box): Markup {
  const top = box.top + 2;
  const textY = top + 9 + (lostRank % 5) * 15;
  const name = { ko: shorten(group.label.ko, 14), en: shorten(group.label.en, 18) };
  const waited = ` ≥ ${formatMs(waitedMs)}`;
  // Names are bold, a tenth wider than other text.
  const width = 1.1 * Math.max(textWidth(name.ko + waited), textWidth(name.en + waited));
  const isLeft = x + 8 + width > box.width;
  return html`<path class="line lost" d="M${place(x)} ${place(y)}V${top}m-4 6l4 -6l4 6"/><text class="lost" x="${place(isLeft ? x - 8 : x + 8)}" y="${textY}" text-anchor="${isLeft ? 'end' : 'start'}">${bothSvg(name)}${waited}</text>`;
}

function hoverOf(curves: readonly Curve[], x: Scale, tailMax: number, box: Box): Hover {
  const tails: number[] = [];
  for (let step = 1; step <= 8 * Math.log10(tailMax); step++) tails.push(10 ** (step / 8));
  const percent = (tail: number): string => `p${Number((100 * (1 - 1 / tail)).toPrecision(tail > 1000 ? 6 : 4))}`;
  const read = (curve: Curve, tail: number): string => {
    const point = curve.points.find((candidate) => candidate.tail >= tail * 0.999);
    return point ? `${point.atLeast ? '≥ ' : ''}${formatMs(point.ms)}` : '–';
  };
  const limit = box.left + plotWidth(box);
  return {
    x: tails.map((tail) => Math.round(Math.min(x(tail), limit))),
    head: tails.map(percent),
    rows: curves.map((curve) => ({
      name: curve.group.label,
      at: tails.map((tail) => read(curve, tail)),
    })),
  };
}
