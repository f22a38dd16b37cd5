import Type, { type Static } from 'typebox';
import { Count } from './amounts.ts';
import { Histogram } from './histogram.ts';
import { Knee, ServiceLevel } from './knee.ts';

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
