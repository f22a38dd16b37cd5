/*
 * Keeps what Artillery's result file throws away: whole distributions instead of a handful of percentiles, and when each phase
 * began and ended. Loaded into a run by `CUSTOM_REPORTERS=<path of this file> artillery run … -o <folder>/result.json`, it
 * appends to <folder>/distribution.jsonl; the format is in rehearsal/results. A line is written as soon as it is known,
 * so a run that is killed leaves what it had measured.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Beside `result.json` the file is called distribution.jsonl, beside `monday.json` monday.distribution.jsonl. */
export function distributionFile(output) {
  const name = basename(output).replace(/\.json$/i, '');
  return join(dirname(output), name === 'result' ? 'distribution.jsonl' : `${name}.distribution.jsonl`);
}

/** A DDSketch with only the bins that hold something. The store's bins are dense and begin at its offset. */
export function toBins({ mapping, store, zeroCount, count, min, max, sum }) {
  const bins = [];
  for (const [index, held] of store.bins.entries()) if (held > 0) bins.push([index + store.offset, held]);
  return { gamma: mapping.gamma, zeroCount, bins, ...(count > 0 && { min, max, sum }) };
}

const toPeriod = ({ period, firstMetricAt, lastMetricAt, counters, histograms }) => ({
  period: Number(period),
  ...(firstMetricAt && { firstAt: firstMetricAt }),
  ...(lastMetricAt && { lastAt: lastMetricAt }),
  counters: counters ?? {},
  histograms: Object.fromEntries(Object.entries(histograms ?? {}).map(([name, sketch]) => [name, toBins(sketch)])),
});

const toPhase = ({ index, name, startTime, endTime, arrivalRate, rampTo }) => ({
  phase: {
    index,
    ...(name && { name }),
    startedAt: startTime,
    ...(endTime && { endedAt: endTime }),
    ...(arrivalRate !== undefined && { arrivalRate: Number(arrivalRate) }),
    ...(rampTo !== undefined && { rampTo: Number(rampTo) }),
  },
});

export default function createReporter(events, flags) {
  if (flags.output) {
    const file = distributionFile(flags.output);
    writeFileSync(file, '');
    const append = (line) => appendFileSync(file, `${JSON.stringify(line)}\n`);
    events.on('phaseStarted', (phase) => append(toPhase(phase)));
    events.on('phaseCompleted', (phase) => append(toPhase(phase)));
    events.on('stats', (stats) => append(toPeriod(stats)));
  }
  return { cleanup: (done) => done() };
}
