import Type, { type Static } from 'typebox';
import { Count } from './amounts.ts';

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
