/** Where each group gives in: p99 against offered load, as far as it was tried. */
import type { Knee } from '../../../results/index.ts';
import { formatAxisRate, formatMs, formatRate } from '../../format.ts';
import type { Group } from '../../run.ts';
import { kneeFigure } from '../../run-figures.ts';
import { bothSvg, html, type Markup } from '../markup.ts';
import { type Box, responsive, shorten, svg, xAxis, yAxis } from './frame.ts';
import { classOf, dashOf, linePath, marker, type Point, place, spreadLabels } from './marks.ts';
import { logarithmic, logDomain } from './scale.ts';

interface Climb {
  index: number;
  group: Group;
  knee: Knee;
}

export function kneeChart(groups: readonly Group[]): Markup | undefined {
  const climbs = groups.flatMap((group, index): Climb[] => {
    const knee = group.runs.find((run) => run.knee)?.knee;
    return knee && knee.tried.length > 0 ? [{ index, group, knee }] : [];
  });
  return climbs.length > 0 ? responsive((width) => draw(climbs, width), 540) : undefined;
}

function draw(climbs: readonly Climb[], width: number): Markup {
  const isWide = width > 500;
  const box: Box = { width, height: isWide ? 360 : 300, left: 52, right: isWide ? 150 : 86, top: 16, bottom: 40 };
  const tried = climbs.flatMap(({ knee }) => knee.tried);
  const level = climbs[0]?.knee.serviceLevel;
  const [rateLow, rateHigh] = logDomain(tried.map((load) => load.rate));
  const [low, high] = logDomain([...tried.map((load) => load.p99Ms), level?.p99Ms ?? 0]);
  const x = logarithmic(rateLow, rateHigh, [box.left, width - box.right]);
  const y = logarithmic(low, high, [box.height - box.bottom, box.top]);
  const kneeAt = ({ knee }: Climb): Point => {
    // A load may have been tried more than once; one kept promise is enough, and without any the lowest load stands for it.
    if (knee.interval && knee.ratePerSecond !== null)
      return [x(knee.ratePerSecond), kneeY(climbs.findIndex((climb) => climb.knee === knee))];
    const at = knee.ratePerSecond ?? Math.min(...knee.tried.map((load) => load.rate));
    const [best] = knee.tried.filter((load) => load.rate === at).sort((a, b) => a.p99Ms - b.p99Ms);
    return [x(at), y(best?.p99Ms ?? low)];
  };
  // Intervals of all stand side by side about the promise.
  const kneeY = (i: number): number => y(level?.p99Ms ?? low) + (i - (climbs.length - 1) / 2) * 11;
  const heights = climbs.map((climb) => kneeAt(climb)[1] - 60);
  const labels = spreadLabels(heights, 31, box.top + 10, box.height - box.bottom - 16);
  const curves = climbs.map((climb, i) => {
    const { tried, ratePerSecond, interval } = climb.knee;
    const best = bestOfEachRate(tried);
    // With an interval no single look decides, so no line is drawn through any.
    const points = (interval ? [] : best).map((load): Point => [x(load.rate), y(load.p99Ms)]);
    const marks = tried.map((load) => {
      const isKnee = load.rate === ratePerSecond && best.includes(load);
      return marker(
        climb.index,
        x(load.rate),
        y(load.p99Ms),
        !load.ok,
        interval ? 2.4 : isKnee ? 6 : best.includes(load) ? 3.4 : 2.2,
      );
    });
    const name = climb.group.label;
    const figure = kneeFigure(climb.knee);
    const bound = figure?.isBelow ? '< ' : figure?.atLeast ? '≥ ' : '';
    const rate = figure ? `${bound}${formatRate(figure.value)}/s` : '–';
    const [kx, ky] = kneeAt(climb);
    const bar = interval && intervalBar(interval, kneeY(i), (value) => x(Math.min(value, rateHigh)), rateHigh);
    const at = interval && ratePerSecond !== null ? marker(climb.index, x(ratePerSecond), kneeY(i), false, 6) : html``;
    const [lx, ly] = [width - box.right + 12, labels[i] ?? 0];
    const label = html`<path class="lead" d="M${place(kx)} ${place(ky)}L${place(lx - 4)} ${place(ly)}"/><text class="name" x="${place(lx)}" y="${place(ly)}"><title>${name.ko} / ${name.en}</title>${bothSvg({ ko: shorten(name.ko, isWide ? 15 : 8), en: shorten(name.en, isWide ? 20 : 11) })}</text><text class="figure" x="${place(lx)}" y="${place(ly + 13)}">${rate}</text>`;
    return html`<g class="${classOf(climb.index)}"><path class="line" stroke-dasharray="${dashOf(climb.index)}" d="${linePath(points)}"/>${marks}${bar}${at}${label}</g>`;
  });
  const promise = level
    ? html`<line class="promise" x1="${box.left}" x2="${width - box.right}" y1="${place(y(level.p99Ms))}" y2="${place(y(level.p99Ms))}"/><text class="promise" x="${box.left + 6}" y="${place(y(level.p99Ms) - 6)}">${bothSvg({ ko: `약속: p99 ≤ ${formatMs(level.p99Ms)}`, en: `promise: p99 ≤ ${formatMs(level.p99Ms)}` })}</text>`
    : html``;
  return svg(
    box,
    { ko: '부하에 따른 p99와 한계', en: 'p99 by offered load, and the knee' },
    html`${yAxis(box, y, formatMs)}${xAxis(
      box,
      x.ticks.map((tick) => ({ at: x(tick), label: `${formatAxisRate(tick)}/s` })),
      { ko: '준 부하 (빈 표식은 약속을 지키지 못함)', en: 'offered load (hollow: promise not kept)' },
      true,
    )}${promise}${curves}`,
  );
}

/** From the low to the high end; without a high end an arrow. */
function intervalBar(
  { low, high }: NonNullable<Knee['interval']>,
  y: number,
  x: (rate: number) => number,
  most: number,
): Markup {
  const [from, to] = [place(x(Math.max(low, 1))), place(x(high ?? most))];
  const end = high === null ? `m-5 -4l5 4l-5 4` : `m0 -4v8`;
  return html`<path class="line" d="M${from} ${place(y - 4)}v8M${from} ${place(y)}H${to}${end}"/>`;
}

/** The line goes through the best try of each load; the others stay as small marks. */
function bestOfEachRate(tried: Knee['tried']): Knee['tried'] {
  const best = new Map<number, Knee['tried'][number]>();
  for (const load of tried) {
    const other = best.get(load.rate);
    if (!other || (load.ok && !other.ok) || (load.ok === other.ok && load.p99Ms < other.p99Ms))
      best.set(load.rate, load);
  }
  return [...best.values()].sort((a, b) => a.rate - b.rate);
}
