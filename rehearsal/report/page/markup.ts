/** HTML and SVG text that cannot be broken out of: every value is escaped unless it is markup already. */
import type { Text } from '../run.ts';

export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | undefined | false | readonly Part[];

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

function render(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return String(part);
  return part.map(render).join('');
}

/** Template for HTML and SVG. Attribute values belong in double quotes, where the escaping holds as well. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((out, text, i) => out + text + (i < parts.length ? render(parts[i]) : ''), ''));
}

/** Markup written in this source, never a value from outside. */
export const trusted = (text: string): Markup => new Markup(text);

/** A text in both languages; the page shows one of them. Works inside HTML. */
export function both(text: Text): Markup {
  if (text.ko === text.en) return html`${text.ko}`;
  return html`<span lang="ko">${text.ko}</span><span lang="en">${text.en}</span>`;
}

/** The same inside an SVG text element. */
export function bothSvg(text: Text): Markup {
  if (text.ko === text.en) return html`${text.ko}`;
  return html`<tspan lang="ko">${text.ko}</tspan><tspan lang="en">${text.en}</tspan>`;
}
