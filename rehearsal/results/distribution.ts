import Type, { type Static } from 'typebox';
import { Count } from './amounts.ts';
import { SketchBins } from './histogram.ts';

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
