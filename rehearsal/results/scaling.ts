import Type, { type Static } from 'typebox';
import { Count, Share } from './amounts.ts';

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
