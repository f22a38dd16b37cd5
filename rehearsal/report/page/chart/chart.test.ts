import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fromSamples } from '../../../stats/distribution.ts';
import type { Run } from '../../run.ts';
import { textWidth } from './frame.ts';
import { spreadLabels } from './marks.ts';
import { linear, logarithmic, logDomain } from './scale.ts';
import { spectrumChart } from './spectrum.ts';

describe('a scale', () => {
  test('that is even begins at zero and ends at a round number above the highest figure', () => {
    const scale = linear(437, [100, 0]);
    assert.deepEqual(scale.ticks, [0, 200, 400, 600]);
    assert.equal(scale(0), 100);
    assert.equal(scale(600), 0);
  });

  test('that is logarithmic gives every decade the same room and holds what lies below it on its edge', () => {
    const scale = logarithmic(1, 1000, [0, 300]);
    assert.deepEqual([scale(1), scale(10), scale(100), scale(1000), scale(0)].map(Math.round), [0, 100, 200, 300, 0]);
    assert.deepEqual(scale.ticks, [1, 10, 100, 1000]);
  });

  test('of nothing, of one figure and of zeros is still a scale', () => {
    for (const values of [[], [5], [0, 0]]) {
      const [low, high] = logDomain(values);
      const scale = logarithmic(low, high, [0, 100]);
      assert.ok(scale.ticks.length >= 1 && Number.isFinite(scale(1)), values.join());
    }
    assert.deepEqual(linear(0, [0, 1]).ticks.at(0), 0);
  });
});

test('labels are moved apart by the least gap and stay within the paper', () => {
  const heights = spreadLabels([50, 51, 52, 99], 15, 0, 100);
  const sorted = [...heights].sort((a, b) => a - b);
  assert.ok(sorted.every((height, i) => i === 0 || height - (sorted[i - 1] ?? 0) >= 15));
  assert.ok(sorted.every((height) => height >= 0 && height <= 100));
  assert.deepEqual(heights, sorted);
});

test('the name of a server that stopped answering stays on the paper, wherever its line ends', () => {
  const name = 'Cache with expiry in English';
  for (const unanswered of [5, 20, 50, 200, 500]) {
    const latency = fromSamples(new Array(1000 - unanswered).fill(8));
    const run = {
      latency,
      stepMs: 1,
      timeoutMs: 10_000,
      totals: { attempted: 1000, unanswered, refused: 0 },
    } as unknown as Run;
    const { text } = spectrumChart([{ key: 'a', label: { ko: name, en: name }, runs: [run] }]);
    const places = [
      ...text.matchAll(/<text class="lost" x="([\d.]+)" [^>]*text-anchor="(\w+)">.*?<tspan lang="en">(.*?)<\/text>/g),
    ];
    assert.equal(places.length, 2);
    for (const [index, [, x = '', anchor, said = '']] of places.entries()) {
      const words = said.replace('</tspan>', '');
      const paper = index === 0 ? 1100 : 350;
      const [from, to] =
        anchor === 'end' ? [Number(x) - textWidth(words), Number(x)] : [Number(x), Number(x) + textWidth(words)];
      assert.ok(from > -20 && to <= paper, `${unanswered}: ${from} to ${to} of ${paper}`);
    }
  }
});
