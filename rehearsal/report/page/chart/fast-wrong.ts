/** Fast and right in one picture: speed to the right, wrong answers upward. */

import { type GroupFigures, spreadOf } from '../../figures.ts';
import { formatFigure, formatMs, formatShare, formatSpread } from '../../format.ts';
import type { Text } from '../../run.ts';
import { bothSvg, html, type Markup } from '../markup.ts';
import { type Box, responsive, shorten, svg, textWidth, xAxis, yAxis } from './frame.ts';
import { classOf, marker, place } from './marks.ts';
import { linear, logarithmic, logDomain } from './scale.ts';

interface Spot {
  index: number;
  label: Text;
  p99: number;
  /** As told: a bound where answers were missing. */
  p99Text: string;
  /** Share of answers that were stale or blank. */
  wrong: number;
  blank: number;
  oldestMs: number;
  isForEver: boolean;
}

/** Undefined unless at least two groups were checked against the truth. */
export function fastWrongChart(figures: readonly GroupFigures[], forEver: ReadonlySet<string>): Markup | undefined {
  const spots = figures.flatMap((group, index): Spot[] => {
    const [p99, stale, oldest, blank] = (['p99', 'staleShare', 'oldestAgeMs', 'blankShare'] as const).map((key) =>
      spreadOf(group, key),
    );
    if (!p99 || !stale) return [];
    return [
      {
        index,
        label: group.label,
        p99: p99.middle,
        p99Text: formatSpread('p99', p99),
        wrong: Math.min(1, stale.middle + (blank?.middle ?? 0)),
        blank: blank?.middle ?? 0,
        oldestMs: oldest?.middle ?? 0,
        isForEver: forEver.has(group.key),
      },
    ];
  });
  return spots.length >= 2 ? responsive((width) => draw(spots, width), 540) : undefined;
}

function draw(spots: readonly Spot[], width: number): Markup {
  const isWide = width > 500;
  const box: Box = { width, height: isWide ? 360 : 330, left: 52, right: 24, top: 20, bottom: 42 };
  const [low, high] = logDomain(spots.map((spot) => Math.max(spot.p99, 0.1)));
  // Slow on the left, fast on the right: the axis runs backwards.
  const x = logarithmic(low * 0.8, high * 1.25, [width - box.right - 10, box.left + 10]);
  const y = linear(Math.max(0.05, ...spots.map((spot) => spot.wrong)), [box.height - box.bottom, box.top], 4);
  const length = isWide ? 36 : 20;
  const placed = placeLabels(
    spots.map((spot) => ({
      x: x(spot.p99),
      y: y(spot.wrong),
      lines: say(spot, isWide) ? 2 : 1,
      width: Math.max(
        ...(['ko', 'en'] as const).flatMap((language) => [
          textWidth(shorten(spot.label[language], length)),
          textWidth(say(spot, isWide)?.[language] ?? ''),
        ]),
      ),
    })),
    box,
    {
      left: width - box.right - 84,
      right: width - box.right,
      top: box.height - box.bottom - 46,
      bottom: box.height - box.bottom - 28,
    },
  );
  const marks = spots.map((spot, i) => drawSpot(spot, x(spot.p99), y(spot.wrong), placed[i], length, isWide));
  return svg(
    box,
    { ko: '빠르기와 옳음', en: 'How fast and how wrong' },
    html`<rect class="ideal" x="${place(width - box.right - (width - box.left - box.right) * 0.3)}" y="${place(box.height - box.bottom - 46)}" width="${place((width - box.left - box.right) * 0.3)}" height="46"/><text class="ideal" x="${width - box.right - 6}" y="${box.height - box.bottom - 33}" text-anchor="end">${bothSvg({ ko: '빠르고 옳음', en: 'fast and right' })}</text>${yAxis(box, y, formatShare)}${xAxis(
      box,
      x.ticks.map((tick) => ({ at: x(tick), label: formatMs(tick) })),
      {
        ko: '위로 갈수록 틀린 답이 많음 · 오른쪽으로 갈수록 빠름 (p99)',
        en: 'up: more answers stale or blank · right: faster (p99)',
      },
    )}${marks}`,
  );
}

interface LabelPlace {
  x: number;
  y: number;
  isLeft: boolean;
}

interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const overlap = (a: Area, b: Area): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

interface Mark {
  x: number;
  y: number;
  width: number;
  lines: number;
}

type Label = Area & LabelPlace;

/** Puts each label beside its mark, or as near above or below as it covers least of the other labels and marks. */
function placeLabels(marks: readonly Mark[], box: Box, reserved: Area): LabelPlace[] {
  const fixed: Area[] = [
    reserved,
    ...marks.map(({ x, y }) => ({ left: x - 8, right: x + 8, top: y - 8, bottom: y + 8 })),
  ];
  const labels: (Label | undefined)[] = marks.map(() => undefined);
  // The first to be placed knows nothing of the others: two more rounds let it move out of their way.
  for (let round = 0; round < 3; round++) {
    marks.forEach((mark, i) => {
      const others = labels.filter((label, j): label is Label => label !== undefined && j !== i);
      labels[i] = bestPlace(mark, [...fixed, ...others], box);
    });
  }
  return labels.map((label, i) => label ?? { x: marks[i]?.x ?? 0, y: marks[i]?.y ?? 0, isLeft: false });
}

function bestPlace(mark: Mark, taken: readonly Area[], box: Box): Label | undefined {
  let best: (Label & { cost: number }) | undefined;
  for (let step = -10; step <= 10; step++) {
    for (const isLeft of [true, false]) {
      const x = isLeft ? mark.x - 12 : mark.x + 12;
      const [left, y] = [isLeft ? x - mark.width : x, mark.y + step * 12];
      const area = { left, right: left + mark.width, top: y - 12, bottom: y + (mark.lines > 1 ? 18 : 4) };
      const isOutside = left < 2 || area.right > box.width - 2 || area.top < 0 || area.bottom > box.height - box.bottom;
      const covered = taken.reduce((sum, other) => sum + overlap(area, other), 0);
      const isUsual = isLeft === mark.x > box.width * 0.55;
      const cost = Math.abs(step) + (isUsual ? 0 : 1.5) + covered + (isOutside ? 1e6 : 0);
      if (!best || cost < best.cost) best = { ...area, x, y, isLeft, cost };
    }
  }
  return best;
}

function drawSpot(
  spot: Spot,
  px: number,
  py: number,
  label: LabelPlace | undefined,
  length: number,
  isWide: boolean,
): Markup {
  const { x: lx, y: ly, isLeft } = label ?? { x: px, y: py, isLeft: false };
  const words = say(spot, isWide);
  const anchor = isLeft ? 'end' : 'start';
  return html`<g class="${classOf(spot.index)}"><path class="lead" d="M${place(px)} ${place(py)}L${place(lx)} ${place(ly)}"/>${marker(spot.index, px, py, false, 6)}<text class="name" x="${place(lx)}" y="${place(ly)}" text-anchor="${anchor}">${bothSvg({ ko: shorten(spot.label.ko, length), en: shorten(spot.label.en, length) })}</text>${words && html`<text class="muted" x="${place(lx)}" y="${place(ly + 14)}" text-anchor="${anchor}">${bothSvg(words)}</text>`}</g>`;
}

/** Under the name: how fast where there is room, and how wrong where it is. */
function say(spot: Spot, isWide: boolean): Text | undefined {
  const fast = isWide ? `${spot.p99Text}, ` : '';
  const share = formatShare(spot.wrong);
  if (spot.wrong === 0) return isWide ? { ko: `${fast}틀린 답 없음`, en: `${fast}nothing wrong` } : undefined;
  if (spot.blank > 0) return { ko: `${fast}${share} 빔`, en: `${fast}${share} blank` };
  if (spot.isForEver) return { ko: `${fast}${share} 틀림, 영원히`, en: `${fast}${share} wrong, for ever` };
  const oldest = formatFigure('oldestAgeMs', spot.oldestMs);
  return { ko: `${fast}${share} 낡음, 최대 ${oldest}`, en: `${fast}${share} stale, up to ${oldest}` };
}
