import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

/** What a guest does; also what Artillery's scenario calls it, so that both results compare. */
export const ENDPOINTS = {
  menu: 'GET menu',
  ranking: 'GET ranking',
  order: 'POST order',
  status: 'GET order',
} as const;
export type Kind = keyof typeof ENDPOINTS;
export const KINDS = Object.keys(ENDPOINTS) as Kind[];

type Counts = Record<string, number>;
const count = (counts: Counts, key: string, by = 1) => {
  counts[key] = (counts[key] ?? 0) + by;
};

const MICROSECONDS = 1_000;
const TRACKABLE_MAX_US = 3_600_000_000;
/** Three digits for what is reported, two for each second, of which there are many. */
const histogram = (digits: 2 | 3): Histogram =>
  build({
    bitBucketSize: 32,
    autoResize: true,
    highestTrackableValue: TRACKABLE_MAX_US,
    numberOfSignificantValueDigits: digits,
  });

interface Group {
  attempted: number;
  answered: number;
  good: number;
  latency: Histogram;
  serverTime: Histogram | undefined;
  codes: Counts;
  errors: Counts;
}

const newGroup = (digits: 2 | 3): Group => ({
  attempted: 0,
  answered: 0,
  good: 0,
  latency: histogram(digits),
  serverTime: undefined,
  codes: {},
  errors: {},
});

function addGroup(to: Group, from: Group): void {
  to.attempted += from.attempted;
  to.answered += from.answered;
  to.good += from.good;
  to.latency.add(from.latency);
  if (from.serverTime) {
    to.serverTime ??= histogram(3);
    to.serverTime.add(from.serverTime);
  }
  for (const [code, times] of Object.entries(from.codes)) count(to.codes, code, times);
  for (const [kind, times] of Object.entries(from.errors)) count(to.errors, kind, times);
}

/** A group as it goes from a generator process to its parent; histograms as compressed text. */
type PackedGroup = Omit<Group, 'latency' | 'serverTime'> & { latency: string; serverTime: string | undefined };

const pack = (group: Group): PackedGroup => ({
  ...group,
  latency: encodeIntoCompressedBase64(group.latency),
  serverTime: group.serverTime && encodeIntoCompressedBase64(group.serverTime),
});
const unpack = (packed: PackedGroup): Group => ({
  ...packed,
  latency: decodeFromCompressedBase64(packed.latency),
  serverTime: packed.serverTime === undefined ? undefined : decodeFromCompressedBase64(packed.serverTime),
});

export interface PackedTally {
  readonly endpoints: Record<Kind, PackedGroup>;
  readonly seconds: Record<number, PackedGroup>;
  readonly lag: string;
  readonly dropped: number;
}

/**
 * Counts what happened to every planned request. Times are milliseconds from the run's beginning; a request belongs to the
 * second for which it was planned, whenever its answer came. What was planned within the warm-up counts in its second only.
 */
export class Tally {
  readonly endpoints: Record<Kind, Group> = {
    menu: newGroup(3),
    ranking: newGroup(3),
    order: newGroup(3),
    status: newGroup(3),
  };
  readonly seconds = new Map<number, Group>();
  /** How late requests were sent, because this process was busy. */
  readonly lag = histogram(3);
  dropped = 0;
  readonly #warmupMs: number;
  readonly #goodMs: number;

  constructor(warmupMs: number, goodMs: number) {
    this.#warmupMs = warmupMs;
    this.#goodMs = goodMs;
  }

  planned(kind: Kind, plannedMs: number, lagMs: number): void {
    this.#second(plannedMs).attempted += 1;
    if (plannedMs < this.#warmupMs) return;
    this.endpoints[kind].attempted += 1;
    this.lag.recordValue(Math.max(0, Math.round(lagMs * MICROSECONDS)));
  }

  /** @param expected whether the status is one that the scenario expects */
  answered(
    kind: Kind,
    plannedMs: number,
    answeredMs: number,
    status: number,
    expected: boolean,
    serverMs?: number,
  ): void {
    const latencyMs = Math.max(0, answeredMs - plannedMs);
    this.#answered(this.#second(plannedMs), latencyMs, status, expected);
    if (plannedMs < this.#warmupMs) return;
    const endpoint = this.endpoints[kind];
    this.#answered(endpoint, latencyMs, status, expected);
    if (serverMs !== undefined) {
      endpoint.serverTime ??= histogram(3);
      endpoint.serverTime.recordValue(Math.round(serverMs * MICROSECONDS));
    }
  }

  #answered(group: Group, latencyMs: number, status: number, expected: boolean): void {
    group.answered += 1;
    if (expected && latencyMs <= this.#goodMs) group.good += 1;
    count(group.codes, String(status));
    if (!expected) count(group.errors, String(status));
    group.latency.recordValue(Math.round(latencyMs * MICROSECONDS));
  }

  /** No answer came. What timed out is in no latency figure: its latency is not known, only that it was longer. */
  failed(kind: Kind, plannedMs: number, error: string): void {
    count(this.#second(plannedMs).errors, error);
    if (plannedMs < this.#warmupMs) return;
    count(this.endpoints[kind].errors, error);
    if (error === 'not sent') this.dropped += 1;
  }

  #second(plannedMs: number): Group {
    const atS = Math.floor(plannedMs / 1000);
    let second = this.seconds.get(atS);
    if (!second) {
      second = newGroup(2);
      this.seconds.set(atS, second);
    }
    return second;
  }

  pack(): PackedTally {
    const endpoints = Object.fromEntries(KINDS.map((kind) => [kind, pack(this.endpoints[kind])]));
    const seconds = Object.fromEntries([...this.seconds].map(([atS, group]) => [atS, pack(group)]));
    return {
      endpoints: endpoints as Record<Kind, PackedGroup>,
      seconds,
      lag: encodeIntoCompressedBase64(this.lag),
      dropped: this.dropped,
    };
  }

  /** Adds another process's share of the same run. */
  add(packed: PackedTally): void {
    for (const kind of KINDS) addGroup(this.endpoints[kind], unpack(packed.endpoints[kind]));
    for (const [atS, group] of Object.entries(packed.seconds))
      addGroup(this.#second(Number(atS) * 1000), unpack(group));
    this.lag.add(decodeFromCompressedBase64(packed.lag));
    this.dropped += packed.dropped;
  }

  /** All endpoints together. */
  total(): Group {
    const total = newGroup(3);
    for (const kind of KINDS) addGroup(total, this.endpoints[kind]);
    return total;
  }
}
