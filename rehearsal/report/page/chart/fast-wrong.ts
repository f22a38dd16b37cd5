/** Fast and right in one picture: speed to the right, stale answers upward. */

import { type GroupFigures, spreadOf } from '../../figures.ts';
import { formatFigure, formatMs, formatShare } from '../../format.ts';
import type { Text } from '../../run.ts';
import { bothSvg, html, type Markup } from '../markup.ts';
import { type Box, responsive, shorten, svg, textWidth, xAxis, yAxis } from './frame.ts';
import { classOf, marker, place } from './marks.ts';
import { linear, logarithmic, logDomain } from './scale.ts';

interface Spot {
  index: number;
  label: Text;
  p99: number;
  stale: number;
  oldestMs: number;
  isForEver: boolean;
}

/** Undefined unless at least two groups were checked against the truth. */
export function fastWrongChart(figures: readonly GroupFigures[], forEver: ReadonlySet<string>): Markup | undefined {
  const spots = figures.flatMap((group, index): Spot[] => {
    const [p99, stale, oldest] = [
      spreadOf(group, 'p99'),
      spreadOf(group, 'staleShare'),
      spreadOf(group, 'oldestAgeMs'),
    ];
    if (!p99 || !stale) return [];
    return [
      {
        index,
        label: group.label,
        p99: p99.middle,
        stale: stale.middle,
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
  const y = linear(Math.max(0.05, ...spots.map((spot) => spot.stale)), [box.height - box.bottom, box.top], 4);
  const length = isWide ? 36 : 20;
  const placed = placeLabels(
    spots.map((spot) => ({
      x: x(spot.p99),
      y: y(spot.stale),
      width: Math.max(
        ...(['ko', 'en'] as const).flatMap((language) => [
          textWidth(shorten(spot.label[language], length)),
          textWidth(say(spot)[language]),
        ]),
      ),
    })),
    box,
  );
  const marks = spots.map((spot, i) => drawSpot(spot, x(spot.p99), y(spot.stale), placed[i], length));
  return svg(
    box,
    { ko: '빠르기와 옳음', en: 'How fast and how wrong' },
    html`<rect class="ideal" x="${place(width - box.right - (width - box.left - box.right) * 0.3)}" y="${place(box.height - box.bottom - 46)}" width="${place((width - box.left - box.right) * 0.3)}" height="46"/><text class="ideal" x="${width - box.right - 6}" y="${box.height - box.bottom - 33}" text-anchor="end">${bothSvg({ ko: '빠르고 옳음', en: 'fast and right' })}</text>${yAxis(box, y, formatShare)}${xAxis(
      box,
      x.ticks.map((tick) => ({ at: x(tick), label: formatMs(tick) })),
      { ko: '같은 부하에서 p99 (오른쪽이 빠름)', en: 'p99 at equal load (right is faster)' },
    )}${marks}`,
  );
}

interface LabelPlace {
  x: number;
  y: number;
  isLeft: boolean;
}

const LABEL_HEIGHT = 31;

/** Puts each label beside its mark, or as near above or below as no other label or mark is covered. */
function placeLabels(marks: readonly { x: number; y: number; width: number }[], box: Box): LabelPlace[] {
  const taken = marks.map((mark) => ({ left: mark.x - 8, right: mark.x + 8, top: mark.y - 8, bottom: mark.y + 8 }));
  return marks.map((mark, own) => {
    const tries = [0, -1, 1, -2, 2, -3, 3, -4, -5, -6].flatMap((step) =>
      [mark.x > box.width * 0.55, mark.x <= box.width * 0.55].map((isLeft) => {
        const left = isLeft ? mark.x - 12 - mark.width : mark.x + 12;
        const y = mark.y + step * LABEL_HEIGHT * 0.8;
        return { isLeft, y, left, right: left + mark.width, top: y - 12, bottom: y + 18 };
      }),
    );
    const fits = tries.find(
      (area) =>
        area.left >= 2 &&
        area.right <= box.width - 2 &&
        area.top >= 0 &&
        area.bottom <= box.height - box.bottom &&
        taken.every(
          (other, i) =>
            i === own ||
            area.right < other.left ||
            area.left > other.right ||
            area.bottom < other.top ||
            area.top > other.bottom,
        ),
    );
    const chosen = fits ?? tries[0];
    if (!chosen) return { x: mark.x, y: mark.y, isLeft: false };
    taken.push(chosen);
    return { x: chosen.isLeft ? mark.x - 12 : mark.x + 12, y: chosen.y, isLeft: chosen.isLeft };
  });
}

function drawSpot(spot: Spot, px: number, py: number, label: LabelPlace | undefined, length: number): Markup {
  const { x: lx, y: ly, isLeft } = label ?? { x: px, y: py, isLeft: false };
  const anchor = isLeft ? 'end' : 'start';
  return html`<g class="${classOf(spot.index)}"><path class="lead" d="M${place(px)} ${place(py)}L${place(lx)} ${place(ly)}"/>${marker(spot.index, px, py, false, 6)}<text class="name" x="${place(lx)}" y="${place(ly)}" text-anchor="${anchor}">${bothSvg({ ko: shorten(spot.label.ko, length), en: shorten(spot.label.en, length) })}</text><text class="muted" x="${place(lx)}" y="${place(ly + 14)}" text-anchor="${anchor}">${bothSvg(say(spot))}</text></g>`;
}

function say(spot: Spot): Text {
  if (spot.stale === 0)
    return { ko: `${formatMs(spot.p99)}, 낡은 답 없음`, en: `${formatMs(spot.p99)}, nothing stale` };
  const share = formatShare(spot.stale);
  if (spot.isForEver)
    return {
      ko: `${formatMs(spot.p99)}, ${share} 틀림, 영원히`,
      en: `${formatMs(spot.p99)}, ${share} wrong, for ever`,
    };
  const oldest = formatFigure('oldestAgeMs', spot.oldestMs);
  return {
    ko: `${formatMs(spot.p99)}, ${share} 낡음, 최대 ${oldest}`,
    en: `${formatMs(spot.p99)}, ${share} stale, up to ${oldest}`,
  };
}
