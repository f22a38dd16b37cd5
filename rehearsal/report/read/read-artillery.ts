/** Reads what `artillery run -o` writes, versions 1 and 2, in one pass and bounded memory. */
import { Metrics } from './metrics.ts';
import { Samples } from './samples.ts';
import { SectionReader } from './section-reader.ts';
import { type Scalar, type Visitor, walkJson } from './walk-json.ts';

export interface ArtilleryResult {
  version: 1 | 2;
  /** What the file says of the whole; undefined where it holds periods only (JSON lines of a test that was watched). */
  aggregate?: Metrics;
  /** Version 1 says what was planned: users in all, and for how many seconds. */
  planned?: { users: number; durationS: number };
}

/** What the file turned out to be: an Artillery result, or something else, known by `kind` or its top-level keys. */
export interface Sighting {
  result?: ArtilleryResult;
  kind?: string;
  keys: string[];
}

const KEYS_SHOWN_MAX = 8;
const PHASES_MAX = 1_000;

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
  const planned = reader.planned();
  if (reader.sawAggregate || reader.sawPeriods) {
    reader.finish();
    sighting.result = {
      version: reader.version,
      ...(reader.sawAggregate ? { aggregate: reader.aggregate } : {}),
      ...(planned ? { planned } : {}),
    };
  }
  return sighting;
}

class ResultVisitor implements Visitor {
  readonly keys: string[] = [];
  readonly aggregate = new Metrics(true);
  kind: string | undefined;
  version: 1 | 2 = 2;
  sawAggregate = false;
  sawPeriods = false;
  readonly #onPeriod: (metrics: Metrics) => void;
  readonly #aggregateSummaries = new SectionReader();
  readonly #phases: Record<string, number>[] = [];
  #period = new Span();
  /** A line of JSON that is a period by itself. */
  #line = new Span(true);

  constructor(onPeriod: (metrics: Metrics) => void) {
    this.#onPeriod = onPeriod;
  }

  scalar(path: readonly string[], value: Scalar): void {
    const [top = ''] = path;
    this.#note(top);
    if (path.length === 1 && top === 'kind' && typeof value === 'string') this.kind = value;
    if (top === 'aggregate') {
      if (path[1] === 'phases') this.#takePhase(path, value);
      else this.#take(this.aggregate, this.#aggregateSummaries, path, 1, value);
    } else if (top === 'intermediate') this.#takeInto(this.#period, path, 2, value);
    else this.#takeInto(this.#line, path, 0, value);
  }

  close(path: readonly string[]): void {
    const [top = ''] = path;
    if (path.length > 0) this.#note(top);
    if (top === 'aggregate') {
      if (path.length === 1) this.sawAggregate = true;
      else this.#aggregateSummaries.close(this.aggregate, path.slice(1));
    } else if (top === 'intermediate') {
      if (path.length === 2) this.#endPeriod(this.#period);
      else this.#period.summaries.close(this.#period.metrics, path.slice(2));
      if (path.length === 2) this.#period = new Span();
    } else if (path.length > 0) this.#line.summaries.close(this.#line.metrics, path);
    else {
      // The end of a line. `counters` or version 1's `scenariosCreated` make it a period, and nothing else.
      if (this.#line.isPeriod) this.#endPeriod(this.#line);
      this.#line = new Span(true);
    }
  }

  finish(): void {
    this.#aggregateSummaries.finish(this.aggregate);
    fillVersion1(this.aggregate, this.version);
    const { users } = this.aggregate;
    if (this.version === 1) users.failed = Math.max(0, users.created - users.completed);
  }

  planned(): ArtilleryResult['planned'] {
    let [users, durationS] = [0, 0];
    for (const { duration = 0, pause = 0, arrivalRate = 0, rampTo = arrivalRate, arrivalCount } of this.#phases) {
      users += arrivalCount ?? ((arrivalRate + rampTo) / 2) * duration;
      durationS += duration + pause;
    }
    return users > 0 && durationS > 0 ? { users, durationS } : undefined;
  }

  #endPeriod({ metrics, summaries, samples }: Span): void {
    summaries.finish(metrics);
    fillVersion1(metrics, this.version);
    if (metrics.latency && !metrics.distribution) {
      const distribution = samples.distribution(metrics.latency.max, metrics.responses);
      if (distribution) metrics.distribution = distribution;
    }
    this.sawPeriods = true;
    this.#onPeriod(metrics);
  }

  #note(top: string): void {
    if (this.keys.length < KEYS_SHOWN_MAX && !this.keys.includes(top)) this.keys.push(top);
  }

  #takePhase(path: readonly string[], value: Scalar): void {
    const index = Number(path[2]);
    if (path.length !== 4 || !(index < PHASES_MAX)) return;
    const phase = this.#phases[index] ?? {};
    this.#phases[index] = phase;
    if (Number.isFinite(Number(value)) && value !== null) phase[path[3] ?? ''] = Number(value);
  }

  #takeInto(span: Span, path: readonly string[], depth: number, value: Scalar): void {
    const field = path[depth] ?? '';
    if (field === 'counters' || field === 'scenariosCreated') span.isPeriod = true;
    if (field === 'latencies') span.samples.take(path.slice(depth + 1), value);
    else this.#take(span.metrics, span.summaries, path, depth, value);
  }

  #take(into: Metrics, summaries: SectionReader, path: readonly string[], depth: number, value: Scalar): void {
    if (typeof value === 'number' && !isPlausible(value)) return;
    const field = path[depth] ?? '';
    const rest = path.length - depth;
    const name = path[depth + 1] ?? '';
    if (rest === 1) this.#takeField(into, field, value);
    else if (rest === 2 && typeof value === 'number' && field === 'counters') into.count(name, value);
    else if (rest === 2 && typeof value === 'number' && field === 'codes') into.count(`http.codes.${name}`, value);
    else if (rest === 2 && typeof value === 'number' && field === 'errors') into.count(`errors.${name}`, value);
    else summaries.take(path.slice(depth), value);
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
}

/** A period while it is read. */
class Span {
  readonly metrics: Metrics;
  readonly summaries = new SectionReader();
  readonly samples = new Samples();
  isPeriod = false;

  constructor(keepAll = false) {
    this.metrics = new Metrics(keepAll);
  }
}

/** No count, latency or time of day is below nothing or beyond what a date can hold: what is, is damaged, and left out. */
const isPlausible = (value: number): boolean => value >= 0 && value <= 8.64e15;

const timeOf = (value: Scalar): number => (isPlausible(Number(value)) ? Number(value) : 0);

/** Version 1 counts answers only and gives its latency no count; its errors are failures without an answer, and the script's complaints. */
function fillVersion1(metrics: Metrics, version: 1 | 2): void {
  if (version !== 1) return;
  metrics.requests = metrics.responses + metrics.unanswered();
  if (metrics.latency?.count === 0) metrics.latency = { ...metrics.latency, count: metrics.responses };
}
