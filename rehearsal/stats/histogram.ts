/** Reads whichever histogram a sidecar carries. */
import { decodeFromCompressedBase64, type JsHistogram } from 'hdr-histogram-js';
import type { HdrEncoded, Histogram } from '../results/index.ts';
import { type Distribution, fromPairs, fromSketch } from './distribution.ts';

/** Throws what hdr-histogram-js throws when the text is no HdrHistogram. */
export function fromHistogram(histogram: Histogram): Distribution {
  return 'hdr' in histogram ? fromHdr(histogram) : fromSketch(histogram);
}

function fromHdr(encoded: HdrEncoded): Distribution {
  const histogram = decodeFromCompressedBase64(encoded.hdr) as JsHistogram;
  const pairs: [number, number][] = [];
  const recorded = histogram.recordedValuesIterator;
  recorded.reset();
  while (recorded.hasNext()) {
    const step = recorded.next();
    pairs.push([step.valueIteratedTo / 1000, step.countAddedInThisIterationStep]);
  }
  return fromPairs(pairs, { relativeError: 10 ** -histogram.numberOfSignificantValueDigits, detail: 'full' });
}
