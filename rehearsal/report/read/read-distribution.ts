/** Reads `distribution.jsonl`: full histograms per period, so that the warm-up can be cut exactly. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import Value from 'typebox/value';
import { DistributionPeriod, DistributionPhase } from '../../results/index.ts';
import { type Distribution, fromPairs, fromSketch } from '../../stats/distribution.ts';
import { summarise } from '../../stats/summary.ts';
import { Metrics } from './metrics.ts';
import { foldIds } from './names.ts';

const HISTOGRAMS_MAX = 1000;

/** Adds up sketches by name. Values of one γ fall on the same points, so a long run stays as small as a short one. */
export class SketchSum {
  readonly #sums = new Map<
    string,
    { points: Map<number, number>; relativeError: number; sum: number; total: number }
  >();

  add(name: string, part: Distribution): void {
    let own = this.#sums.get(name);
    if (!own) {
      if (this.#sums.size >= HISTOGRAMS_MAX) return;
      own = { points: new Map(), relativeError: 0, sum: 0, total: 0 };
      this.#sums.set(name, own);
    }
    const { points } = own;
    part.values.forEach((value, i) => {
      points.set(value, (points.get(value) ?? 0) + (part.counts[i] ?? 0));
    });
    own.relativeError = Math.max(own.relativeError, part.relativeError);
    own.sum += part.mean * part.total;
    own.total += part.total;
  }

  get(name: string): Distribution | undefined {
    const own = this.#sums.get(name);
    if (!own || own.total === 0) return undefined;
    return fromPairs(own.points, { relativeError: own.relativeError, detail: 'full', mean: own.sum / own.total });
  }
}

export interface DistributionReading {
  sums: SketchSum;
  /** Lines that were no line of ours: the last one of a killed run is often cut off. */
  brokenLines: number;
}

/** `onPeriod` gets each period's metrics and answers whether it belongs to the measurement (true) or to the warm-up. */
export async function readDistribution(
  file: string,
  onPeriod: (metrics: Metrics) => boolean,
): Promise<DistributionReading> {
  const reading: DistributionReading = { sums: new SketchSum(), brokenLines: 0 };
  for await (const line of createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line.trim() === '') continue;
    const value = parse(line);
    if (Value.Check(DistributionPeriod, value)) takePeriod(value, reading, onPeriod);
    else if (!Value.Check(DistributionPhase, value)) reading.brokenLines++;
  }
  return reading;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function takePeriod(
  line: DistributionPeriod,
  reading: DistributionReading,
  onPeriod: (metrics: Metrics) => boolean,
): void {
  const metrics = new Metrics(true);
  metrics.period = line.period;
  metrics.firstAt = line.firstAt ?? 0;
  metrics.lastAt = line.lastAt ?? 0;
  for (const [name, count] of Object.entries(line.counters)) metrics.count(name, count);
  const read = Object.entries(line.histograms).map(([name, bins]) => [name, bins, fromSketch(bins)] as const);
  for (const [name, bins, distribution] of read) {
    if (distribution.total > 0) metrics.summarise(name, summarise(distribution, ends(bins)));
  }
  if (!onPeriod(metrics)) return;
  for (const [name, , distribution] of read) reading.sums.add(foldIds(name), distribution);
}

function ends(bins: { min?: number | undefined; max?: number | undefined }): { min?: number; max?: number } {
  return { ...(bins.min !== undefined ? { min: bins.min } : {}), ...(bins.max !== undefined ? { max: bins.max } : {}) };
}
