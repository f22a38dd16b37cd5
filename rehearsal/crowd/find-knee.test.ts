import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Knee } from '../results/index.ts';
import { compareIntervals } from '../stats/noise.ts';
import { gaussian, seeded } from '../stats/seeded.ts';
import { type KneeOptions, kneeOf, lookForKnee, type Tried, type TriedLoad } from './find-knee.ts';

const options: KneeOptions = {
  serviceLevel: { p99Ms: 100, errorRate: 0.001 },
  from: 50,
  min: 10,
  max: 20_000,
  looks: { first: 12, further: 7 },
};
const ROUNDS = 3;

const KEPT: Tried = { p99Ms: 20, errorRate: 0, verdict: { kind: 'kept' } };
const BROKEN: Tried = { p99Ms: 500, errorRate: 0, verdict: { kind: 'broken', why: 'p99' } };
const GAVE_UP: Tried = { p99Ms: 300, errorRate: 0, verdict: { kind: 'no verdict', why: 'busy' } };

async function search(serverOf: (round: number) => (rate: number) => Tried, rounds = ROUNDS): Promise<Knee> {
  let tried: TriedLoad[] = [];
  for (let round = 1; round <= rounds; round++) {
    const server = serverOf(round);
    tried = [...tried, ...(await lookForKnee(options, tried, async (rate) => server(rate)))];
  }
  return kneeOf(options, tried);
}

/** Standard deviations of the logarithm, and how often a window is bad, after a good one and after a bad one. */
interface Noise {
  readonly look: number;
  readonly round: number;
  readonly bad: number;
  readonly stillBad: number;
}
const NOISY: Noise = { look: 0.08, round: 0.08, bad: 0.1, stillBad: 0.3 };

/** A server whose limit moves from look to look and from round to round, on a machine with neighbours. */
function noisyServer(knee: number, seed: number, noise: Noise): (round: number) => (rate: number) => Tried {
  const random = seeded(seed);
  return () => {
    const here = knee * Math.exp(noise.round * gaussian(random));
    let isBad = false;
    return (rate) => {
      isBad = random() < (isBad ? noise.stillBad : noise.bad);
      return !isBad && rate < here * Math.exp(noise.look * gaussian(random)) ? KEPT : BROKEN;
    };
  };
}

/** Between 60 and 9,000 requests a second, evenly in the logarithm. */
const kneeBy = (seed: number): number => 60 * 150 ** seeded(seed * 7 + 1)();
const intervalOf = ({ ratePerSecond, interval }: Knee) => ({
  low: interval?.low ?? 0,
  middle: ratePerSecond ?? options.min,
  high: interval?.high ?? Number.POSITIVE_INFINITY,
});

const RUNS = 200;
const LADDERS = 100;
/** Searches of noisy servers, each made once for all tests. */
const searched = new Map<number, Promise<Knee>>();
const searchOnce = (knee: number, seed: number): Promise<Knee> => {
  const known = searched.get(seed) ?? search(noisyServer(knee, seed, NOISY));
  searched.set(seed, known);
  return known;
};

test('the interval covers the true knee of a noisy server in at least 90 % of 200 searches, and is narrow enough to be of use', async () => {
  let covered = 0;
  let narrow = 0;
  for (let run = 0; run < RUNS; run++) {
    const knee = kneeBy(run);
    const { low, high } = intervalOf(await searchOnce(knee, run));
    if (low <= knee && knee <= high) covered += 1;
    if (high / low < 2.5) narrow += 1;
  }
  assert.ok(covered >= 0.9 * RUNS, `${covered} of ${RUNS}`);
  assert.ok(narrow >= 0.9 * RUNS, `${narrow} of ${RUNS} are narrow`);
});

test('two rungs with the same switches show no difference in at least 95 % of 100 ladders, and half the capacity is found in as many', async () => {
  let different = 0;
  let found = 0;
  for (let run = 0; run < LADDERS; run++) {
    const knee = kneeBy(run);
    const searchOf = async (of: number, seed: number) => intervalOf(await searchOnce(of, seed));
    const base = await searchOf(knee, run);
    if (compareIntervals(base, await searchOf(knee, 2_000 + run)).verdict !== 'none') different += 1;
    if (compareIntervals(base, await searchOf(knee / 2, 3_000 + run)).verdict === 'lower') found += 1;
  }
  assert.ok(different <= 0.05 * LADDERS, `${different} of ${LADDERS} were called different`);
  assert.ok(found >= 0.95 * LADDERS, `half was found in ${found} of ${LADDERS}`);
});

test('one bad window decides nothing, whenever it comes', async () => {
  for (let badLook = 0; badLook < 12; badLook++) {
    const knee = await search((round) => {
      let look = -1;
      return (rate) => {
        look += 1;
        return (round === 1 && look === badLook) || rate > 1_000 ? BROKEN : KEPT;
      };
    });
    const { low, high } = intervalOf(knee);
    assert.ok(low <= 1_000 && high >= 1_000 && high / low < 1.6, `bad look ${badLook}: ${low} to ${high}`);
  }
});

test('a server that bears nothing has no knee, and the lowest load was looked at more than once', async () => {
  const knee = await search(() => () => BROKEN);
  assert.equal(knee.ratePerSecond, null);
  assert.ok(knee.tried.filter(({ rate }) => rate === options.min).length >= 3);
});

test('a server that bears everything has an open end, and nothing beyond the bound is tried', async () => {
  const knee = await search(() => () => KEPT);
  assert.equal(knee.interval!.high, null);
  assert.ok(knee.tried.every(({ rate }) => rate <= options.max));
  assert.ok(knee.ratePerSecond! > options.max * 0.8);
});

test('a load at which the generator was the bottleneck is marked, bounds the search and is not the server’s fault', async () => {
  const knee = await search(() => (rate) => (rate > 1_000 ? GAVE_UP : KEPT));
  assert.ok(knee.tried.filter(({ ok }) => !ok).every(({ generatorLimited }) => generatorLimited));
  assert.equal(knee.interval!.high, null);
  assert.ok(knee.interval!.low > 400, String(knee.interval!.low));
});

test('rounds are counted, each look carries the machine’s speed, and later rounds begin where earlier ones ended', async () => {
  const first = await lookForKnee(options, [], async (rate) => ({ ...(rate < 700 ? KEPT : BROKEN), speed: [90, 110] }));
  const second = await lookForKnee(options, first, async (rate) => (rate < 700 ? KEPT : BROKEN));
  assert.equal(first.length, options.looks.first);
  assert.equal(second.length, options.looks.further);
  assert.ok(
    first.every(({ round, speedBefore, speedAfter }) => round === 1 && speedBefore === 90 && speedAfter === 110),
  );
  assert.ok(second.every(({ round, rate }) => round === 2 && rate > 350 && rate < 1_400));
});
