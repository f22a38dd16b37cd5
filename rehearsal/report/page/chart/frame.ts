/** The paper of a chart: its size, axes and grid. */
import type { Text } from '../../run.ts';
import { bothSvg, html, type Markup, type Part } from '../markup.ts';
import { place } from './marks.ts';
import type { Scale } from './scale.ts';

export interface Box {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const plotWidth = (box: Box): number => box.width - box.left - box.right;

/** `label` is read aloud instead of the drawing; `hover` feeds the read-out under the pointer. */
export function svg(box: Box, label: Text, content: Part, hover?: Hover): Markup {
  const data = hover ? html` data-hover="${JSON.stringify(hover)}"` : '';
  return html`<svg viewBox="0 0 ${box.width} ${box.height}" width="${box.width}" height="${box.height}" role="img" aria-label="${label.ko} / ${label.en}"${data}>${content}</svg>`;
}

/** Columns of a chart at pixel `x`: what the pointer reads there, a head and lines under it. */
export interface Hover {
  x: number[];
  head: string[];
  rows: { name: Text; at: string[] }[];
}

export function yAxis(box: Box, scale: Scale, format: (value: number) => string): Markup {
  return html`<g class="axis">${scale.ticks.map((tick) => {
    const y = place(scale(tick));
    return html`<line class="grid" x1="${box.left}" x2="${box.width - box.right}" y1="${y}" y2="${y}"/><text x="${box.left - 6}" y="${y}" dy="0.32em" text-anchor="end">${format(tick)}</text>`;
  })}</g>`;
}

export function xAxis(box: Box, ticks: readonly { at: number; label: string }[], title?: Text, isGrid = false): Markup {
  const base = box.height - box.bottom;
  let free = Number.NEGATIVE_INFINITY;
  return html`<g class="axis"><line class="base" x1="${box.left}" x2="${box.width - box.right}" y1="${base}" y2="${base}"/>${ticks
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, label }) => {
      const x = place(at);
      // A label that would touch the one before it is left out; its line stays.
      const half = textWidth(label) / 2;
      const isFree = at - half >= free;
      if (isFree) free = at + half + 6;
      const line = isGrid
        ? html`<line class="grid" x1="${x}" x2="${x}" y1="${box.top}" y2="${base}"/>`
        : html`<line class="tick" x1="${x}" x2="${x}" y1="${base}" y2="${base + 4}"/>`;
      return html`${line}${isFree && html`<text x="${x}" y="${base + 16}" text-anchor="middle">${label}</text>`}`;
    })}${title && html`<text class="title" x="${box.width - box.right}" y="${base + 31}" text-anchor="end">${bothSvg(title)}</text>`}</g>`;
}

/** Cuts a name to what fits beside a line; the whole name is in its tooltip. */
export function shorten(name: string, length: number): string {
  return name.length > length ? `${name.slice(0, Math.max(1, length - 1))}…` : name;
}

/** One drawing for wide paper and one for a phone; the page shows the one that fits. */
export function responsive(draw: (width: number) => Markup, wide: number): Markup {
  return html`<div class="wide">${draw(wide)}</div><div class="narrow">${draw(350)}</div>`;
}

/** About how wide a text of 12 pixels is: Hangul takes a square, Latin half of one. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += character > '\u1100' ? 12 : 6.7;
  return width;
}
