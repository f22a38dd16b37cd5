import Type, { type Static } from 'typebox';
import { Count } from './amounts.ts';

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
