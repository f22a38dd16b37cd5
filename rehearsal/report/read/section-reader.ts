/**
 * Reads the statistics of one span of a result: `summaries` and `histograms` of version 2, which write everything twice, `latency`,
 * `scenarioDuration` and `customStats` of version 1. What the first section lacks (percentiles) is taken from the second.
 */
import { type Distribution, fromSketch } from '../../stats/distribution.ts';
import { type Summary, summarise } from '../../stats/summary.ts';
import { CUSTOM } from './custom.ts';
import type { Metrics } from './metrics.ts';
import type { Scalar } from './walk-json.ts';

/** Names that wait for the other section. A file with an endpoint for every URL has more, and those are taken as they are. */
const WAITING_MAX = 1_000;
/** A sketch of Artillery's has a few hundred bins; more is something else. */
const BINS_MAX = 16_384;
const STATISTIC = /^(?:count|min|max|mean|p50|p75|p90|p95|p99|p999)$/;
const V1_SECTIONS: Record<string, string> = {
  latency: 'http.response_time',
  scenarioDuration: 'vusers.session_length',
};

/** A statistic while it is read: numbers by name, and the parts of a sketch where it has one. */
interface Reading {
  numbers: Partial<Record<keyof Summary, number>>;
  sketch: { gamma?: number; offset?: number; zeroCount?: number; sum?: number; bins: number[] };
}

const newReading = (): Reading => ({ numbers: {}, sketch: { bins: [] } });

export class SectionReader {
  #first: string | undefined;
  #reading = newReading();
  readonly #waiting = new Map<string, { summary: Summary; distribution: Distribution | undefined }>();

  /** @param path from the span on, such as `summaries`, `http.response_time`, `p95` */
  take(path: readonly string[], value: Scalar): void {
    // Some versions write percentiles as text, and what they do not know as null.
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number) || Math.abs(number) > 8.64e15) return;
    const [section = '', name = ''] = path;
    if (Object.hasOwn(V1_SECTIONS, section) && path.length === 2) this.#statistic(name, number);
    else if (section === 'customStats' && path.length === 3) this.#statistic(path[2] ?? '', number);
    else if (section === 'summaries' || section === 'histograms') {
      this.#first ??= section;
      if (path.length === 3) this.#statistic(path[2] ?? '', number);
      this.#takeSketch(path.slice(2), number);
    }
  }

  /** The object at this path has ended. */
  close(into: Metrics, path: readonly string[]): void {
    const [section = '', name = ''] = path;
    const v1 = Object.hasOwn(V1_SECTIONS, section) ? V1_SECTIONS[section] : undefined;
    if (path.length === 1 && v1 !== undefined) this.#end(into, v1, true);
    else if (path.length === 2 && section === 'customStats') this.#end(into, CUSTOM + name, true);
    else if (path.length === 2 && (section === 'summaries' || section === 'histograms')) {
      this.#end(into, name, section === this.#first);
    }
  }

  /** What waited in vain for percentiles is taken without. */
  finish(into: Metrics): void {
    for (const [name, { summary, distribution }] of this.#waiting) into.summarise(name, summary, distribution);
    this.#waiting.clear();
  }

  #statistic(name: string, value: number): void {
    const known = name === 'median' ? 'p50' : name;
    if (value >= 0 && STATISTIC.test(known)) this.#reading.numbers[known as keyof Summary] = value;
  }

  /** A DDSketch as its library turns itself into JSON: `mapping.gamma`, `store.offset`, `store.bins`. */
  #takeSketch(path: readonly string[], value: number): void {
    const { sketch } = this.#reading;
    const [part, field, index] = path;
    if (part === 'mapping' && field === 'gamma') sketch.gamma = value;
    else if (part === 'gamma' && path.length === 1) sketch.gamma = value;
    else if (part === 'zeroCount' && path.length === 1) sketch.zeroCount = value;
    else if (part === 'sum' && path.length === 1) sketch.sum = value;
    else if (part === 'store' && field === 'offset') sketch.offset = value;
    else if (part === 'store' && field === 'bins' && index !== undefined && Number(index) < BINS_MAX) {
      sketch.bins[Number(index)] = value;
    }
  }

  #end(into: Metrics, name: string, isFirst: boolean): void {
    const reading = this.#reading;
    this.#reading = newReading();
    const waiting = this.#waiting.get(name);
    if (!isFirst && !waiting) return;
    const found = understand(reading);
    if (isFirst && found && isPoor(found.summary) && this.#waiting.size < WAITING_MAX) this.#waiting.set(name, found);
    else if (isFirst && found) into.summarise(name, found.summary, found.distribution);
    else if (waiting && found) {
      this.#waiting.delete(name);
      const summary = { ...waiting.summary, ...found.summary, count: found.summary.count || waiting.summary.count };
      into.summarise(name, summary, found.distribution ?? waiting.distribution);
    }
  }
}

const isPoor = (summary: Summary): boolean => Object.keys(summary).every((key) => !/^p\d/.test(key));

function understand({
  numbers,
  sketch,
}: Reading): { summary: Summary; distribution: Distribution | undefined } | undefined {
  const { min, max, count } = numbers;
  if (min === undefined || max === undefined) return undefined;
  const summary: Summary = { ...numbers, min, max, count: count ?? 0 };
  const distribution = sketched(sketch, summary);
  if (!distribution) return { summary, distribution };
  return { summary: { ...summarise(distribution, { min, max }), ...summary, count: distribution.total }, distribution };
}

/** Undefined where there is none, or where its bins do not lie between its own minimum and maximum: another kind of sketch. */
function sketched(
  { gamma, offset = 0, zeroCount = 0, sum, bins }: Reading['sketch'],
  { min, max, count }: Summary,
): Distribution | undefined {
  if (gamma === undefined || !(gamma > 1) || bins.length === 0) return undefined;
  const pairs = bins.flatMap((held, i): [number, number][] => (held > 0 ? [[i + offset, held]] : []));
  const total = pairs.reduce((all, [, held]) => all + held, zeroCount);
  if (total === 0 || (count > 0 && Math.abs(total - count) > 0.001 * count)) return undefined;
  const bare = fromSketch({ gamma, zeroCount, bins: pairs });
  const isNear = (value: number | undefined, exact: number): boolean =>
    value !== undefined && Math.abs(value - exact) <= 2 * (gamma - 1) * Math.max(exact, 1e-9);
  const lowest = zeroCount > 0 ? 0 : bare.values[0];
  if (!isNear(bare.values.at(-1), max) || !isNear(lowest, min)) return undefined;
  return fromSketch({ gamma, zeroCount, bins: pairs, min, max, ...(sum !== undefined ? { sum } : {}) });
}
