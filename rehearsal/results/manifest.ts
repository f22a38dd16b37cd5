import Type, { type Static } from 'typebox';
import { Count, Text } from './amounts.ts';

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
