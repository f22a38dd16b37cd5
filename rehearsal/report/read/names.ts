/** Names from the outside world: bounded, readable, and few enough to be a table. */

const NAME_LENGTH_MAX = 160;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const LONG_HEX = /\b[0-9a-f]{16,}\b/gi;
const LONG_NUMBER = /\b\d{5,}\b/g;
/** Control characters, and the marks that turn the direction of what follows: neither belongs in a name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A name as it may be shown: one line, no invisible characters; a long one is cut in its middle, for ends are what tells URLs apart. */
export function cleanName(name: string): string {
  return cutMiddle(name.replace(INVISIBLE, '�'), NAME_LENGTH_MAX);
}

/** The beginning and the end of a text that is too long, with an ellipsis between. */
export function cutMiddle(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const half = (lengthMax - 1) >> 1;
  return `${text.slice(0, lengthMax - 1 - half)}…${text.slice(text.length - half)}`;
}

/** Makes one endpoint of the thousands that differ only by an id in their URL. */
export function foldIds(name: string): string {
  return cleanName(name.replace(UUID, ':id').replace(LONG_HEX, ':id').replace(LONG_NUMBER, ':n'));
}

/** Counts by name, with a bound: what comes past it is counted under `…`. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  add(name: string, count: number): void {
    if (!Number.isFinite(count) || count === 0) return;
    const key = this.#counts.has(name) || this.#counts.size < this.#max ? name : '…';
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  addAll(counts: Record<string, number>): void {
    for (const [name, count] of Object.entries(counts)) this.add(name, count);
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  sum(): number {
    let total = 0;
    for (const count of this.#counts.values()) total += count;
    return total;
  }

  entries(): [string, number][] {
    return [...this.#counts];
  }

  toRecord(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort((a, b) => b[1] - a[1]));
  }
}
