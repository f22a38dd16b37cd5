/**
 * The files that may stand beside a load test's result, and the result of our own generator: what each means, in which unit.
 *
 * A rung's folder, as `npm run rehearse` writes it and `matjip report FOLDER` reads it:
 *
 *   artillery/<rung>/result.json          Artillery's own result (`artillery run -o`), at the offered load common to all rungs
 *   artillery/<rung>/manifest.json        {@link Manifest}: what was run, on what, with which switches
 *   artillery/<rung>/distribution.jsonl   {@link DistributionLine} a line: full histograms per period, from our CUSTOM_REPORTERS module
 *   artillery/<rung>/truth.json           {@link Truth}: how wrong the answers were
 *   artillery/<rung>/crowd.json           {@link CrowdResult}: our own generator's result; its knee belongs to the rung
 *   artillery/<rung>/full-house.json      {@link FullHouse}: useful answers and refusals past the knee
 *   artillery/scaling.json                {@link Scaling}: what more cores carry; of no rung's folder
 *   artillery/<rung>/repeat-2/…           the same files again: a repeat is a result of its own, its manifest says `repeat: 2`
 *
 * Beside a result that is not called `result.json` or `crowd.json`, say `monday.json`, the sidecars are called
 * `monday.manifest.json`, `monday.distribution.jsonl`, `monday.truth.json` and `monday.crowd.json`, so that two results in one
 * folder never take each other's. Every sidecar may be missing; the report then says what it could not know.
 *
 * Times of day are epoch milliseconds, durations say their unit in the name, shares are 0…1.
 */
import Type, { type Static } from 'typebox';

const Count = Type.Number({ minimum: 0 });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Text = Type.Object({ ko: Type.String(), en: Type.String() });

/**
 * A DDSketch as sparse bins. Bin `[k, count]` holds the values in (γ^(k−1), γ^k], told as 2γ^k/(1+γ), so a value is right within
 * (γ−1)/(γ+1), 1 % at Artillery's γ = 1.0202. Sketches of one γ merge by adding counts. `min`, `max` and `sum` are exact.
 */
export const SketchBins = Type.Object({
  gamma: Type.Number({ exclusiveMinimum: 1 }),
  zeroCount: Count,
  bins: Type.Array(Type.Tuple([Type.Integer(), Count])),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  sum: Type.Optional(Type.Number()),
});
export type SketchBins = Static<typeof SketchBins>;

/** An HdrHistogram of microseconds, as `encodeIntoCompressedBase64` of hdr-histogram-js writes it (the V2 format). */
export const HdrEncoded = Type.Object({ hdr: Type.String(), unit: Type.Literal('us') });
export type HdrEncoded = Static<typeof HdrEncoded>;

/** Latencies in milliseconds (sketch) or microseconds (hdr): a writer takes whichever it has. */
export const Histogram = Type.Union([SketchBins, HdrEncoded]);
export type Histogram = Static<typeof Histogram>;

/** One phase of offered load. `startMs` counts from the run's start; `arrivalRate` is users per second, at its start if it ramps. */
export const Phase = Type.Object({
  name: Type.String(),
  startMs: Count,
  durationS: Count,
  arrivalRate: Count,
  rampTo: Type.Optional(Count),
});
export type Phase = Static<typeof Phase>;

/** `manifest.json`: what was run, so that two results can be told apart, compared fairly and repeated. */
export const Manifest = Type.Object({
  kind: Type.Literal('matjip-manifest'),
  version: Type.Literal(1),
  /** Results of one rung are repeats of each other: the spread between them is the noise floor. */
  rung: Type.String(),
  /** What a reader calls it. */
  label: Text,
  /** Which ladder it stands on, and its place from the bottom (0 first). Rungs without a place are compared, not climbed. */
  ladder: Type.Optional(Type.Union([Type.Literal('cache'), Type.Literal('strategy')])),
  step: Type.Optional(Type.Integer({ minimum: 0 })),
  /** 1 for the first run of a rung, 2 for its first repeat. */
  repeat: Type.Optional(Type.Integer({ minimum: 1 })),
  switches: Type.Record(Type.String(), Type.String()),
  /** Requests per second the crowd was told to send, after the warm-up. */
  offeredPerSecond: Count,
  phases: Type.Array(Phase),
  /** The first seconds, which the report leaves out of every figure. */
  warmupS: Count,
  /** After which the generator gave up on an answer. What timed out is not in any latency figure. */
  timeoutMs: Type.Optional(Count),
  /** Status codes other than 2xx and 3xx that are right answers here, such as 409 for a dish that is gone. */
  expectedCodes: Type.Optional(Type.Array(Type.Integer())),
  seed: Type.Union([Type.String(), Type.Number()]),
  startedAt: Type.String(),
  machine: Type.Object({
    cpus: Count,
    model: Type.String(),
    memoryGiB: Count,
    node: Type.String(),
    postgres: Type.Optional(Type.String()),
  }),
  /** By name: artillery, matjip, commit… */
  versions: Type.Record(Type.String(), Type.String()),
  /** The load generator's own health, where it was watched: share of one core (1 is a full core) of its busiest process. */
  generator: Type.Optional(Type.Object({ cpuShare: Type.Optional(Count), eventLoopLagP99Ms: Type.Optional(Count) })),
  /** Measured over the whole run, warm-up included, with the requests answered in that time. */
  server: Type.Optional(
    Type.Object({
      cpuSeconds: Type.Optional(Count),
      /** CPU of the database's processes in the same time. */
      databaseCpuSeconds: Type.Optional(Count),
      requests: Type.Optional(Count),
      databaseReads: Type.Optional(Count),
      /** Statements of all kinds, and the bytes of the pages that they touched and of the log that they wrote. */
      databaseStatements: Type.Optional(Count),
      databaseBytes: Type.Optional(Count),
    }),
  ),
});
export type Manifest = Static<typeof Manifest>;

/** A line of `distribution.jsonl` for one of Artillery's periods: counters as they are, histograms as live sketches. */
export const DistributionPeriod = Type.Object({
  period: Type.Number(),
  firstAt: Type.Optional(Type.Number()),
  lastAt: Type.Optional(Type.Number()),
  counters: Type.Record(Type.String(), Type.Number()),
  histograms: Type.Record(Type.String(), SketchBins),
});
export type DistributionPeriod = Static<typeof DistributionPeriod>;

/** A line for a phase that began or ended, exact to the millisecond; Artillery's result does not know its phases. */
export const DistributionPhase = Type.Object({
  phase: Type.Object({
    index: Type.Integer({ minimum: 0 }),
    name: Type.Optional(Type.String()),
    startedAt: Type.Number(),
    endedAt: Type.Optional(Type.Number()),
    arrivalRate: Type.Optional(Count),
    rampTo: Type.Optional(Count),
  }),
});
export type DistributionPhase = Static<typeof DistributionPhase>;

export const DistributionLine = Type.Union([DistributionPeriod, DistributionPhase]);
export type DistributionLine = Static<typeof DistributionLine>;

/** `truth.json`: answers checked against what was true when they were given. */
export const Truth = Type.Object({
  /** Answers given, and those of them that could be checked. */
  answers: Count,
  checked: Count,
  /** Wrong answers among the checked: an old price, or a dish offered that was already sold out. */
  staleShare: Share,
  /** How long after the change the oldest wrong answer was given; 0 if none was. */
  oldestAgeMs: Count,
  /** At the end of the run the answer was still wrong, long after the last change: it would never become right by itself. */
  wrongForEver: Type.Boolean(),
  /** Answers that were empty or not there when a menu was expected. */
  blank: Count,
  /** Answers that were a server error or did not come. */
  errors: Count,
  /** Statements that read the database during the run. */
  databaseReads: Count,
  /** Times the cache loaded the menu from the database. */
  loads: Count,
  /** Most loads begun within one second: a stampede shows here. */
  loadsPerSecondMax: Type.Optional(Count),
  /** Orders acknowledged to a guest; those of them not found afterwards; those found more than once. */
  orders: Type.Optional(Type.Object({ acknowledged: Count, lost: Count, doubled: Count })),
  /** How wrong over time, by second from the run's start, as much of it as is known. */
  seconds: Type.Optional(
    Type.Array(Type.Object({ atS: Type.Number(), checked: Count, stale: Count, loads: Type.Optional(Count) })),
  ),
  /** When the planted changes happened, in seconds from the run's start. */
  changes: Type.Optional(Type.Array(Type.Object({ atS: Type.Number(), what: Type.String() }))),
});
export type Truth = Static<typeof Truth>;

/** The promise that a run is held to: what counts as good. */
export const ServiceLevel = Type.Object({ p99Ms: Count, errorRate: Share });
export type ServiceLevel = Static<typeof ServiceLevel>;

/** The highest offered load that keeps the service level, and every load that was tried to find it, in the order tried. */
export const Knee = Type.Object({
  /** Requests per second; null when no load tried was kept. */
  ratePerSecond: Type.Union([Count, Type.Null()]),
  /** Where the true knee lies with this confidence; `high` is null when no load tried was too much. */
  interval: Type.Optional(Type.Object({ low: Count, high: Type.Union([Count, Type.Null()]), confidence: Share })),
  serviceLevel: ServiceLevel,
  tried: Type.Array(
    Type.Object({
      rate: Count,
      ok: Type.Boolean(),
      p99Ms: Count,
      errorRate: Share,
      /** The generator could not send what was planned: this load says nothing about the server. */
      generatorLimited: Type.Optional(Type.Boolean()),
      /** Looks of one round share a server; rounds of all rungs take turns. */
      round: Type.Optional(Type.Integer({ minimum: 1 })),
      /** Speed of the machine by a fixed calibration load, just before and after: rounds of it a second. */
      speedBefore: Type.Optional(Count),
      speedAfter: Type.Optional(Count),
    }),
  ),
});
export type Knee = Static<typeof Knee>;

/**
 * What a load cost, from its first request until the database was at rest again. At a handful of requests a second the idle work of every
 * second is most of it, so it is measured at a load in proportion to what the rung bears.
 */
export const Work = Type.Object({
  offeredPerSecond: Count,
  /** Answered in that time. */
  requests: Count,
  /** CPU of the server's processes and of the database's; absent where there is no `/proc`. */
  cpuSeconds: Type.Optional(Count),
  databaseCpuSeconds: Type.Optional(Count),
  /** Statements that only read; statements of all kinds, and the bytes of the pages that they touched and of the log that they wrote. */
  databaseReads: Count,
  databaseStatements: Count,
  databaseBytes: Count,
});
export type Work = Static<typeof Work>;

/** `full-house.json`: the same phones at multiples of the knee. Rates are per second of the load. */
export const FullHouse = Type.Object({
  kind: Type.Literal('matjip-full-house'),
  version: Type.Literal(1),
  kneePerSecond: Count,
  /** An answer that is right and comes within so long of its planned moment is useful. */
  usefulMs: Count,
  /** Of the load at half the knee. */
  work: Type.Optional(Work),
  steps: Type.Array(
    Type.Object({
      multiple: Count,
      offeredPerSecond: Count,
      usefulPerSecond: Count,
      usefulOrdersPerSecond: Count,
      refusedPerSecond: Count,
      /** How soon a refusal came. */
      refusalP50Ms: Type.Optional(Count),
      refusalP99Ms: Type.Optional(Count),
      /** The phones or their process were the bottleneck. */
      generatorLimited: Type.Boolean(),
    }),
  ),
});
export type FullHouse = Static<typeof FullHouse>;

/**
 * `scaling.json`, in the folder of all results: what n nodes and the Postgres beside them did a second when they always had work and the kernel
 * held all of them together to n times `nodeCores` (`npm run rehearse -- --scaling`).
 */
export const Scaling = Type.Object({
  kind: Type.Literal('matjip-scaling'),
  version: Type.Literal(1),
  measuredAt: Type.String(),
  machine: Type.String(),
  /** Of each node; a rung with the same ones may take this series for its own. */
  switches: Type.Record(Type.String(), Type.String()),
  nodeCores: Count,
  /** How often the kernel hands the quota out anew. */
  periodMs: Count,
  points: Type.Array(
    Type.Object({
      nodes: Type.Integer({ minimum: 1 }),
      cores: Count,
      perSecond: Count,
      /** Answers that were not right, and failures, of all in the measured time. */
      failedShare: Share,
      /** By kind of request and status or error. */
      failures: Type.Optional(Type.Record(Type.String(), Count)),
      /** CPU that Matjip and its Postgres used ÷ what they were held to: well below 1, something else held them. */
      usedShare: Type.Optional(Count),
    }),
  ),
});
export type Scaling = Static<typeof Scaling>;

/** One second of our generator, from the run's start. Attempted counts planned sends, so a stalled sender is not hidden. */
export const CrowdSecond = Type.Object({
  atS: Type.Number(),
  attempted: Count,
  answered: Count,
  /** Answers of the status that the scenario expects (a 409 for a dish that is gone is one), within the service level. */
  good: Count,
  /** Latency of the requests planned in this second, milliseconds from the planned send time. */
  p50Ms: Type.Optional(Count),
  p95Ms: Type.Optional(Count),
  p99Ms: Type.Optional(Count),
  maxMs: Type.Optional(Count),
  /** Failures by kind, such as `timeout` or `ECONNRESET`. */
  errors: Type.Optional(Type.Record(Type.String(), Count)),
});
export type CrowdSecond = Static<typeof CrowdSecond>;

export const CrowdEndpoint = Type.Object({
  name: Type.String(),
  attempted: Count,
  answered: Count,
  good: Count,
  latency: Histogram,
  /** What the server said it needed, from `Server-Timing`. */
  serverTime: Type.Optional(Histogram),
  codes: Type.Record(Type.String(), Count),
  errors: Type.Record(Type.String(), Count),
});
export type CrowdEndpoint = Static<typeof CrowdEndpoint>;

/** `crowd.json`: one run of our own generator. Latency counts from the *planned* send time; warm-up is already cut from all but `seconds`. */
export const CrowdResult = Type.Object({
  kind: Type.Literal('matjip-crowd'),
  version: Type.Literal(1),
  startedAt: Type.String(),
  durationS: Count,
  warmupS: Count,
  timeoutMs: Count,
  seed: Type.Union([Type.String(), Type.Number()]),
  offeredPerSecond: Count,
  serviceLevel: Type.Optional(ServiceLevel),
  attempted: Count,
  answered: Count,
  good: Count,
  latency: Histogram,
  codes: Type.Record(Type.String(), Count),
  errors: Type.Record(Type.String(), Count),
  seconds: Type.Array(CrowdSecond),
  endpoints: Type.Array(CrowdEndpoint),
  generator: Type.Object({
    processes: Type.Integer({ minimum: 1 }),
    /** Share of one core that the busiest process used; near 1 it was itself the bottleneck. */
    cpuShare: Count,
    /** 99th percentile of how late requests left, milliseconds after their planned time. */
    sendLagP99Ms: Count,
    /** Planned requests that were never sent. */
    dropped: Count,
  }),
  knee: Type.Optional(Knee),
});
export type CrowdResult = Static<typeof CrowdResult>;
