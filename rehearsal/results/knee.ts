import Type, { type Static } from 'typebox';
import { Count, Share } from './amounts.ts';

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
