/** Reads what `artillery run -o` writes, versions 1 and 2, in one pass and bounded memory. */
import type { Summary } from '../../stats/summary.ts';
import { Metrics } from './metrics.ts';
import { type Scalar, type Visitor, walkJson } from './walk-json.ts';

export interface ArtilleryResult {
  version: 1 | 2;
  aggregate: Metrics;
}

/** What the file turned out to be: an Artillery result, or something else, known by `kind` or its top-level keys. */
export interface Sighting {
  result?: ArtilleryResult;
  kind?: string;
  keys: string[];
}

const KEYS_SHOWN_MAX = 8;

/** Version 1's scalars by version 2's counters. */
const V1_COUNTERS: Record<string, string> = {
  scenariosCreated: 'vusers.created',
  scenariosCompleted: 'vusers.completed',
  scenariosAvoided: 'vusers.skipped',
  requestsCompleted: 'http.responses',
};

/** `onPeriod` gets each intermediate, in the file's order, and must not keep more of it than it can bound. */
export async function readArtillery(file: string, onPeriod: (metrics: Metrics) => void): Promise<Sighting> {
  const reader = new ResultVisitor(onPeriod);
  await walkJson(file, reader);
  const sighting: Sighting = { keys: reader.keys };
  if (reader.kind !== undefined) sighting.kind = reader.kind;
  if (reader.sawAggregate) {
    reader.finish();
    sighting.result = { version: reader.version, aggregate: reader.aggregate };
  }
  return sighting;
}

class ResultVisitor implements Visitor {
  readonly keys: string[] = [];
  readonly aggregate = new Metrics(true);
  kind: string | undefined;
  version: 1 | 2 = 2;
  sawAggregate = false;
  readonly #onPeriod: (metrics: Metrics) => void;
  #period = new Metrics(false);
  #summary: Partial<Record<keyof Summary, number>> = {};
  /** Version 2 writes every summary twice, as `summaries` and as `histograms`: the first section met counts. */
  #section: string | undefined;

  constructor(onPeriod: (metrics: Metrics) => void) {
    this.#onPeriod = onPeriod;
  }

  scalar(path: readonly string[], value: Scalar): void {
    const [top = ''] = path;
    this.#note(top);
    if (path.length === 1 && top === 'kind' && typeof value === 'string') this.kind = value;
    if (top === 'aggregate') this.#take(this.aggregate, path, 1, value);
    else if (top === 'intermediate') this.#take(this.#period, path, 2, value);
  }

  close(path: readonly string[]): void {
    const [top = ''] = path;
    if (path.length > 0) this.#note(top);
    if (top === 'aggregate') {
      if (path.length === 1) {
        this.sawAggregate = true;
        this.#section = undefined;
      } else this.#closeSummary(this.aggregate, path, 1);
    } else if (top === 'intermediate') {
      if (path.length === 2) {
        fillVersion1(this.#period, this.version);
        this.#onPeriod(this.#period);
        this.#period = new Metrics(false);
        this.#section = undefined;
      } else this.#closeSummary(this.#period, path, 2);
    }
  }

  finish(): void {
    fillVersion1(this.aggregate, this.version);
  }

  #note(top: string): void {
    if (this.keys.length < KEYS_SHOWN_MAX && !this.keys.includes(top)) this.keys.push(top);
  }

  #take(into: Metrics, path: readonly string[], depth: number, value: Scalar): void {
    if (typeof value === 'number' && !isPlausible(value)) return;
    const field = path[depth] ?? '';
    const rest = path.length - depth;
    const name = path[depth + 1] ?? '';
    if (rest === 1) this.#takeField(into, field, value);
    else if (rest === 2 && typeof value === 'number') {
      if (field === 'counters') into.count(name, value);
      else if (field === 'codes') into.count(`http.codes.${name}`, value);
      else if (field === 'errors') into.count(`errors.${name}`, value);
      else if (field === 'latency' || field === 'scenarioDuration') this.#statistic(name, value);
    } else if (rest === 3 && (field === 'summaries' || field === 'histograms')) {
      this.#section ??= field;
      if (typeof value === 'number' && field === this.#section) this.#statistic(path[depth + 2] ?? '', value);
    }
  }

  #takeField(into: Metrics, field: string, value: Scalar): void {
    const counter = V1_COUNTERS[field];
    if (counter !== undefined && Object.hasOwn(V1_COUNTERS, field)) {
      this.version = 1;
      if (typeof value === 'number') into.count(counter, value);
    } else if (field === 'period') into.period = timeOf(value);
    else if (field === 'timestamp' && typeof value === 'string') into.endAt = timeOf(Date.parse(value));
    else if (field === 'firstMetricAt') into.firstAt = timeOf(value);
    else if (field === 'lastMetricAt') into.lastAt = timeOf(value);
  }

  #statistic(name: string, value: number): void {
    const known = name === 'median' ? 'p50' : name;
    if (/^(?:count|min|max|mean|p50|p75|p90|p95|p99|p999)$/.test(known)) this.#summary[known as keyof Summary] = value;
  }

  #closeSummary(into: Metrics, path: readonly string[], depth: number): void {
    const [field = '', name = ''] = path.slice(depth);
    const depthInside = path.length - depth;
    const isVersion1 = depthInside === 1 && (field === 'latency' || field === 'scenarioDuration');
    const isVersion2 = depthInside === 2 && field === this.#section;
    if (!isVersion1 && !isVersion2) return;
    const { min, max, count } = this.#summary;
    if (min !== undefined && max !== undefined) {
      const summary: Summary = { ...this.#summary, min, max, count: count ?? 0 };
      into.summarise(isVersion2 ? name : field === 'latency' ? 'http.response_time' : 'vusers.session_length', summary);
    }
    this.#summary = {};
  }
}

/** No count, latency or time of day is below nothing or beyond what a date can hold: what is, is damaged, and left out. */
const isPlausible = (value: number): boolean => value >= 0 && value <= 8.64e15;

const timeOf = (value: Scalar): number => (isPlausible(Number(value)) ? Number(value) : 0);

/** Version 1 counts answers only and gives its latency no count. */
function fillVersion1(metrics: Metrics, version: 1 | 2): void {
  if (version !== 1) return;
  metrics.requests = metrics.responses + metrics.errors.sum();
  if (metrics.latency?.count === 0) metrics.latency = { ...metrics.latency, count: metrics.responses };
}
