/** How a group is told from the others without colour: a dash, a marker, and its name beside the line. */
import { html, type Markup } from '../markup.ts';

const DASHES = ['', '8 4', '2 3', '10 3 2 3', '14 4', '5 2 1 2', '1 4', '12 3 2 3 2 3'];
const SHAPES = 8;
/** Beyond this many groups the marks repeat, and only the names tell them apart. */
export const MARKS = DASHES.length;

export const dashOf = (index: number): string => DASHES[index % DASHES.length] ?? '';
export const classOf = (index: number): string => `run r${(index % MARKS) + 1} g${index}`;

const f = (value: number): string => value.toFixed(1).replace(/\.0$/, '');

/** A marker of about nine pixels; hollow says "not shown" or "not kept". */
export function marker(index: number, x: number, y: number, isHollow = false, size = 4.2): Markup {
  const style = isHollow ? 'mark hollow' : 'mark';
  const [a, b] = [f(size), f(size * 1.15)];
  const place = `translate(${f(x)} ${f(y)})`;
  switch (index % SHAPES) {
    case 0:
      return html`<circle class="${style}" cx="${f(x)}" cy="${f(y)}" r="${a}"/>`;
    case 1:
      return html`<path class="${style}" transform="${place}" d="M-${a} -${a}H${a}V${a}H-${a}Z"/>`;
    case 2:
      return html`<path class="${style}" transform="${place}" d="M0 -${b}L${b} ${a}H-${b}Z"/>`;
    case 3:
      return html`<path class="${style}" transform="${place}" d="M0 -${f(size * 1.35)}L${f(size * 1.35)} 0L0 ${f(size * 1.35)}L-${f(size * 1.35)} 0Z"/>`;
    case 4:
      return html`<path class="${style}" transform="${place}" d="M0 ${b}L${b} -${a}H-${b}Z"/>`;
    case 5:
      return html`<path class="${style} open" transform="${place}" d="M-${a} -${a}L${a} ${a}M${a} -${a}L-${a} ${a}"/>`;
    case 6:
      return html`<path class="${style} open" transform="${place}" d="M-${b} 0H${b}M0 -${b}V${b}"/>`;
    default:
      return html`<path class="${style}" transform="${place}" d="M-${a} -${f(size / 2)}L0 -${b}L${a} -${f(size / 2)}V${f(size / 2)}L0 ${b}L-${a} ${f(size / 2)}Z"/>`;
  }
}

export type Point = readonly [number, number];

/** A path through points; undefined is a gap. */
export function linePath(points: readonly (Point | undefined)[]): string {
  let path = '';
  let isDown = false;
  for (const point of points) {
    if (point) path += `${isDown ? 'L' : 'M'}${f(point[0])} ${f(point[1])}`;
    isDown = point !== undefined;
  }
  return path;
}

/** Stairs: each value holds from its beginning to its end. */
export function stepPath(steps: readonly { from: number; to: number; y: number }[]): string {
  let path = '';
  let last: number | undefined;
  for (const { from, to, y } of steps) {
    const joins = last !== undefined && Math.abs(last - from) < 1.5;
    path += `${joins ? 'L' : 'M'}${f(from)} ${f(y)}H${f(to)}`;
    last = to;
  }
  return path;
}

/** Moves labels apart so that none covers another, each as near to its place as that allows. */
export function spreadLabels(places: readonly number[], gap: number, low: number, high: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const result = [...places];
  let floor = low;
  for (const i of order) {
    result[i] = Math.max(result[i] ?? 0, floor);
    floor = (result[i] ?? 0) + gap;
  }
  let ceiling = high;
  for (const i of order.toReversed()) {
    result[i] = Math.min(result[i] ?? 0, ceiling);
    ceiling = (result[i] ?? 0) - gap;
  }
  return result;
}

export const place = f;
