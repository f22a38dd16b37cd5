import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { type Distribution, fromSamples, merge, quantile, spectrum } from './distribution.ts';
import { fromHistogram } from './histogram.ts';
import { seeded } from './seeded.ts';
import { mergeSummaries, summarise } from './summary.ts';

const GAMMA = 1.02020202020202;
const LEVELS = [0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];

/** Ten thousand latencies of three shapes at once: a fast bulk, a slow tail and some that took no time. */
const samples = Array.from({ length: 10_000 }, (_, i) => {
  const u = (i * 0.6180339887) % 1;
  return i % 50 === 0 ? 0 : u < 0.9 ? 2 + 8 * u : 40 * (1 / (1.0001 - u)) ** 0.6;
});

function sketch(values: readonly number[]): { gamma: number; zeroCount: number; bins: [number, number][] } {
  const bins = new Map<number, number>();
  let zeroCount = 0;
  for (const value of values) {
    if (value === 0) zeroCount++;
    else {
      const k = Math.ceil(Math.log(value) / Math.log(GAMMA));
      bins.set(k, (bins.get(k) ?? 0) + 1);
    }
  }
  return { gamma: GAMMA, zeroCount, bins: [...bins] };
}

function assertWithin(actual: Distribution, exact: Distribution, share: number): void {
  for (const p of LEVELS) {
    const [a, e] = [quantile(actual, p)?.ms ?? Number.NaN, quantile(exact, p)?.ms ?? Number.NaN];
    assert.ok(Math.abs(a - e) <= share * e + 1e-9, `p${p * 100}: ${a} against ${e}`);
  }
}

describe('quantiles', () => {
  const exact = fromSamples(samples);

  test('of sketch bins are within the 1 % that γ promises', () => {
    const read = fromHistogram(sketch(samples));
    assert.equal(read.total, samples.length);
    assertWithin(read, exact, 0.0101);
  });

  test('of merged sketches are those of all samples together', () => {
    const parts = [0, 1, 2].map((part) => fromHistogram(sketch(samples.filter((_, i) => i % 3 === part))));
    assertWithin(merge(parts), exact, 0.0101);
  });

  test('of an HdrHistogram in microseconds are within its three digits', () => {
    const histogram = build({ numberOfSignificantValueDigits: 3 });
    for (const sample of samples) histogram.recordValue(Math.round(sample * 1000));
    const read = fromHistogram({ hdr: encodeIntoCompressedBase64(histogram), unit: 'us' });
    assert.equal(read.total, samples.length);
    assertWithin(read, exact, 0.002);
  });

  test('count requests without an answer as slower than every answer', () => {
    const answered = fromSamples(Array.from({ length: 980 }, (_, i) => 1 + i / 100));
    assert.equal(quantile(answered, 0.99)?.atLeast, false);
    assert.deepEqual(quantile(answered, 0.99, 20, 10_000), { ms: 10_000, atLeast: true });
    assert.equal(quantile(answered, 0.5, 20, 10_000)?.ms, 1 + 499 / 100);
  });

  test('of a run without any answer are what was waited for, and of nothing at all unknown', () => {
    assert.deepEqual(quantile(fromSamples([]), 0.5, 7, 3000), { ms: 3000, atLeast: true });
    assert.equal(quantile(fromSamples([]), 0.5), undefined);
  });
});

test('the spectrum climbs from the fastest request to the slowest and ends at the number of requests', () => {
  const points = spectrum(fromSamples(samples));
  assert.ok(points.every((point, i) => i === 0 || point.ms >= (points[i - 1]?.ms ?? 0)));
  assert.ok(Math.abs((points.at(-1)?.tail ?? 0) - 10_000) < 1);
});

describe('summaries', () => {
  test('mixed from two periods lie between them, and stay as they are when alone', () => {
    const quick = summarise(fromSamples(samples.slice(0, 5000)));
    const slow = summarise(fromSamples(samples.slice(5000).map((sample) => sample * 3)));
    assert.deepEqual(mergeSummaries([quick]), quick);
    const both = mergeSummaries([quick, slow]);
    assert.equal(both?.count, 10_000);
    assert.equal(both?.max, slow.max);
    assert.ok((both?.p95 ?? 0) > (quick.p95 ?? 0) && (both?.p95 ?? 0) < (slow.p95 ?? 0));
  });

  test('mixed from parts of one distribution come back to it within 8 %', () => {
    const random = seeded(11);
    const smooth = samples.map(() => 3 + 30 * (1 / (1.0001 - random())) ** 0.5);
    const parts = Array.from({ length: 10 }, (_, part) =>
      summarise(fromSamples(smooth.filter((_, i) => i % 10 === part))),
    );
    const whole = summarise(fromSamples(smooth));
    const mixed = mergeSummaries(parts);
    for (const name of ['p50', 'p75', 'p90', 'p95', 'p99'] as const) {
      const [a, e] = [mixed?.[name] ?? Number.NaN, whole[name] ?? Number.NaN];
      assert.ok(Math.abs(a - e) <= 0.08 * e, `${name}: ${a} against ${e}`);
    }
  });
});
