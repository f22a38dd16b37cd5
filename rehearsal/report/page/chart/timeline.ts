/** What happened when: small panels over time, one row a group, all rows on the same axes so that they can be compared by eye. */

import { formatAxisRate, formatClock, formatCount, formatMs, formatRate } from '../../format.ts';
import { join } from '../../read/period-list.ts';
import type { Period, Run, Text } from '../../run.ts';
import { html, type Markup } from '../markup.ts';
import { type Box, type Hover, svg, xAxis, yAxis } from './frame.ts';
import { classOf, linePath, type Point, place, stepPath } from './marks.ts';
import { linear, logarithmic, type Scale } from './scale.ts';

/** Axes shared by the panels of all groups. */
export interface TimeAxes {
  seconds: number;
  ratePerSecond: number;
  latency: readonly [number, number];
  errorsPerSecond: number;
}

const PANEL: Box = { width: 264, height: 132, left: 46, right: 8, top: 12, bottom: 22 };
/** What a row of the page is wide, and the gap between its panels. */
const ROW_WIDTH = 1108;
const GAP = 18;

/** A panel as wide as its share of the row: drawn smaller and stretched, its letters would grow along. */
export function panelBox(panels: number): Box {
  return { ...PANEL, width: Math.max(PANEL.width, Math.floor((ROW_WIDTH - GAP * (panels - 1)) / panels)) };
}

/** Wider than this a panel is no drawing for a phone, which gets one of its own. */
export const PHONE_WIDTH = 350;
/** All panels of a page together draw at most so many periods, whatever the number of runs. */
const PERIODS_DRAWN_MAX = 3600;
const PERIODS_PER_RUN_MAX = 240;

/** As many periods as a panel can show. Joined ones keep their sums; warm-up stays apart. */
export function drawnPeriods(run: Run, groups: number): Period[] {
  const most = Math.min(PERIODS_PER_RUN_MAX, Math.floor(PERIODS_DRAWN_MAX / groups));
  const size = Math.ceil(run.periods.length / most);
  if (size <= 1) return run.periods;
  const drawn: Period[] = [];
  let open: Period[] = [];
  for (const period of run.periods) {
    if (open.length === size || (open[0] && open[0].warmup !== period.warmup)) {
      drawn.push(join(open));
      open = [];
    }
    open.push(period);
  }
  if (open.length > 0) drawn.push(join(open));
  return drawn;
}

const base = (box: Box): number => box.height - box.bottom;
const errorsIn = (period: Period): number => Object.values(period.errors).reduce((sum, count) => sum + count, 0);

function timeScale(axes: TimeAxes, box: Box): Scale {
  return linear(axes.seconds, [box.left, box.width - box.right], 4);
}

/** Clock ticks at round times: 10 s, 30 s, 1 min, 5 min, 1 h… */
export function timeAxis(box: Box, x: Scale, seconds: number): Markup {
  const steps = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
  const step = steps.find((candidate) => seconds / candidate <= 5) ?? Math.ceil(seconds / 5);
  const ticks: { at: number; label: string }[] = [];
  for (let at = 0; at <= x.domain[1] + 1e-6; at += step) ticks.push({ at: x(at), label: formatClock(at) });
  return xAxis(box, ticks);
}

export function warmupBand(box: Box, x: Scale, periods: readonly Period[]): Markup {
  const last = periods.findLast((period) => period.warmup);
  if (!last) return html``;
  const [from, to] = [x(0), x(Math.min(last.atS + last.spanS, x.domain[1]))];
  return html`<rect class="warmup" x="${place(from)}" y="${box.top}" width="${place(to - from)}" height="${base(box) - box.top}"/>`;
}

const REQUESTS: readonly [Text, Text, Text] = [
  { ko: '보냄', en: 'attempted' },
  { ko: '답 받음', en: 'answered' },
  { ko: '올바름', en: 'good' },
];

/**
 * Attempted, answered and good requests per second.
 * @param names what the lines are where they are no requests
 */
export function ratePanel(
  index: number,
  periods: readonly Period[],
  axes: TimeAxes,
  box: Box,
  names: readonly Text[] = REQUESTS,
): Markup {
  const x = timeScale(axes, box);
  const y = linear(axes.ratePerSecond, [base(box), box.top], 3);
  const steps = (of: (period: Period) => number): string =>
    stepPath(
      periods.map((period) => ({
        from: x(period.atS),
        to: x(period.atS + period.spanS),
        y: y(of(period) / period.spanS),
      })),
    );
  const area = periods.map((period) => {
    const [from, to, top] = [x(period.atS), x(period.atS + period.spanS), y(period.good / period.spanS)];
    return `M${place(from)} ${place(base(box))}V${place(top)}H${place(to)}V${place(base(box))}Z`;
  });
  return svg(
    box,
    names === REQUESTS
      ? { ko: '초당 요청', en: 'Requests per second over time' }
      : { ko: '초당 사용자', en: 'Users per second over time' },
    html`${warmupBand(box, x, periods)}${yAxis(box, y, formatAxisRate)}${timeAxis(box, x, axes.seconds)}<g class="${classOf(index)}"><path class="area" d="${area.join('')}"/><path class="line thin" d="${steps((period) => period.answered)}"/><path class="line attempted" d="${steps((period) => period.attempted)}"/></g>`,
    hover(
      periods,
      x,
      names.map((name, i) => {
        const key = (['attempted', 'answered', 'good'] as const)[i] ?? 'good';
        return [name, (period) => `${formatRate(period[key] / period.spanS)}/s`];
      }),
    ),
  );
}

/** Median, p95 and p99 of each period; a cross on top where requests never got an answer. */
export function latencyPanel(index: number, periods: readonly Period[], axes: TimeAxes, box: Box): Markup {
  const x = timeScale(axes, box);
  const y = logarithmic(axes.latency[0], axes.latency[1], [base(box), box.top]);
  const middle = (period: Period): number => x(period.atS + period.spanS / 2);
  const line = (key: 'p50' | 'p95' | 'p99'): string =>
    linePath(
      periods.flatMap((period, i): (Point | undefined)[] => {
        const value = period.latency?.[key];
        const before = periods[i - 1];
        // Where nothing is recorded for longer than a period lasts, no line is drawn across.
        const isApart =
          before !== undefined && period.atS - (before.atS + before.spanS) > Math.max(before.spanS, period.spanS);
        const point: Point | undefined = value === undefined ? undefined : [middle(period), y(value)];
        return isApart ? [undefined, point] : [point];
      }),
    );
  const lost = periods.filter((period) => period.unanswered > 0);
  const crosses = lost.map((period) => `M${place(middle(period) - 3)} ${box.top - 7}l6 6m0 -6l-6 6`).join('');
  return svg(
    box,
    { ko: '시간에 따른 지연', en: 'Latency over time' },
    html`${warmupBand(box, x, periods)}${yAxis(box, y, formatMs)}${timeAxis(box, x, axes.seconds)}<g class="${classOf(index)}"><path class="line p50" d="${line('p50')}"/><path class="line p95" d="${line('p95')}"/><path class="line p99" d="${line('p99')}"/></g><path class="cross" d="${crosses}"/>`,
    hover(periods, x, [
      [{ ko: 'p99', en: 'p99' }, (period) => ms(period.latency?.p99)],
      [{ ko: 'p95', en: 'p95' }, (period) => ms(period.latency?.p95)],
      [{ ko: 'p50', en: 'p50' }, (period) => ms(period.latency?.p50)],
      [{ ko: '답 없음', en: 'no answer' }, (period) => formatCount(period.unanswered)],
    ]),
  );
}

const ms = (value: number | undefined): string => (value === undefined ? '–' : formatMs(value));

/** Errors per second, stacked by kind: the same kind has the same pattern in every panel. */
export function errorPanel(periods: readonly Period[], kinds: readonly string[], axes: TimeAxes, box: Box): Markup {
  const x = timeScale(axes, box);
  const y = linear(axes.errorsPerSecond, [base(box), box.top], 3);
  const bars = periods.flatMap((period) => {
    let floor = 0;
    return stack(period, kinds).flatMap((count, kind) => {
      if (count === 0) return [];
      const [low, high] = [floor, floor + count / period.spanS];
      floor = high;
      const [from, to] = [x(period.atS), x(period.atS + period.spanS)];
      const height = Math.max(1, y(low) - y(high));
      return [
        html`<rect class="kind k${kind}" x="${place(from)}" y="${place(y(low) - height)}" width="${place(Math.max(1, to - from - 0.6))}" height="${place(height)}"/>`,
      ];
    });
  });
  return svg(
    box,
    { ko: '시간에 따른 오류', en: 'Errors over time' },
    html`${warmupBand(box, x, periods)}${yAxis(box, y, formatAxisRate)}${timeAxis(box, x, axes.seconds)}${bars}`,
    hover(periods, x, [[{ ko: '오류', en: 'errors' }, (period) => formatCount(errorsIn(period))]]),
  );
}

/** Counts of the named kinds, and of all others together at the end. */
function stack(period: Period, kinds: readonly string[]): number[] {
  const named = kinds.map((kind) => (Object.hasOwn(period.errors, kind) ? (period.errors[kind] ?? 0) : 0));
  const rest = errorsIn(period) - named.reduce((sum, count) => sum + count, 0);
  return [...named, Math.max(0, rest)];
}

export function timeAxes(all: readonly (readonly Period[])[], latency: readonly [number, number]): TimeAxes {
  const periods = all.flat();
  return {
    seconds: Math.max(1, ...periods.map((period) => period.atS + period.spanS)),
    ratePerSecond: Math.max(1, ...periods.map((period) => period.attempted / period.spanS)),
    latency,
    errorsPerSecond: Math.max(0.1, ...periods.map((period) => errorsIn(period) / period.spanS)),
  };
}

function hover(
  periods: readonly Period[],
  x: Scale,
  rows: readonly (readonly [Text, (period: Period) => string])[],
): Hover {
  return {
    x: periods.map((period) => Math.round(x(period.atS + period.spanS / 2))),
    head: periods.map((period) => formatClock(period.atS)),
    rows: rows.map(([name, read]) => ({ name, at: periods.map(read) })),
  };
}
