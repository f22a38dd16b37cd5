import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EndedParty, etaOf, learnPaces } from '../../src/waitlist/eta/pace.ts';
import { simulateEvening, type Told } from './evening.ts';

const MINUTE_MS = 60_000;

/** Parties of two that sit down every so many minutes, each after a wait of half an hour. */
const seatings = (everyMin: number, count: number): EndedParty[] =>
  Array.from({ length: count }, (_, index) => ({
    size: 2,
    isSeated: true,
    joinedMs: (index * everyMin - 30) * MINUTE_MS,
    endedMs: index * everyMin * MINUTE_MS,
  }));

test('while nothing is known, nothing is told', () => {
  const party = { size: 2, ahead: 3, aheadOfSize: 3 };
  assert.equal(etaOf(learnPaces([], 0), party), null);
  assert.equal(etaOf(learnPaces(seatings(4, 3), 10 * MINUTE_MS), party), null);
  // Tables that were free tell nothing of how fast they come free.
  const atOnce = seatings(4, 20).map((party) => ({ ...party, joinedMs: party.endedMs - 1_000 }));
  assert.equal(etaOf(learnPaces(atOnce, 80 * MINUTE_MS), party), null);
});

test('the range holds the expected wait, widens with what is not known, and grows with the line', () => {
  const paces = learnPaces(seatings(4, 21), 80 * MINUTE_MS);
  let before = 0;
  for (const aheadOfSize of [0, 2, 5, 10, 20]) {
    const { from, to } = etaOf(paces, { size: 2, ahead: aheadOfSize, aheadOfSize })!;
    const expected = (aheadOfSize + 1) * 4;
    assert.ok(from <= expected && expected <= to, `${expected} is not within ${from} to ${to}`);
    assert.ok(to > before);
    before = to;
  }
  const relative = (aheadOfSize: number) => {
    const { from, to } = etaOf(paces, { size: 2, ahead: aheadOfSize, aheadOfSize })!;
    return to / Math.max(1, from);
  };
  assert.ok(relative(0) > relative(10));
});

test('a size of which nothing is known is told by the pace of all, and each size by its own otherwise', () => {
  const twos = seatings(2, 30);
  const fours = seatings(10, 7).map((party) => ({ ...party, size: 4 }));
  const paces = learnPaces([...twos, ...fours], 60 * MINUTE_MS);
  const at = (size: number) => etaOf(paces, { size, ahead: 9, aheadOfSize: 9 })!;
  assert.ok(at(4).from > at(2).to, JSON.stringify([at(4), at(2)]));
  assert.ok(at(6).from < at(4).from);
});

test('who gives up or does not come makes the line shorter than it looks', () => {
  const gone: EndedParty[] = seatings(4, 20).map((party) => ({ ...party, isSeated: false }));
  const alone = etaOf(learnPaces(seatings(4, 20), 76 * MINUTE_MS), { size: 2, ahead: 10, aheadOfSize: 10 })!;
  const half = etaOf(learnPaces([...seatings(4, 20), ...gone], 76 * MINUTE_MS), {
    size: 2,
    ahead: 10,
    aheadOfSize: 10,
  })!;
  assert.ok(half.to < alone.to);
});

test('a hall that has stopped seating is told later and later', () => {
  const at = (nowMin: number) =>
    etaOf(learnPaces(seatings(4, 20), nowMin * MINUTE_MS), { size: 2, ahead: 5, aheadOfSize: 5 })!;
  assert.ok(at(76 + 60).to > at(76).to);
});

test('over thirty simulated evenings the range that was told holds for four of five parties, and is a quarter off in the middle', (t) => {
  const evenings = Array.from({ length: 30 }, (_, index) => simulateEvening(index + 1));
  const all = evenings.flat().filter((each): each is Told & { eta: object } => each.eta !== null);
  const held = (of: readonly Told[]) =>
    of.filter(({ eta, waitedMin }) => eta!.from <= waitedMin && waitedMin <= eta!.to).length / of.length;
  const errors = all
    .map(({ eta, waitedMin }) => Math.abs((eta!.from + eta!.to) / 2 - waitedMin) / Math.max(1, waitedMin))
    .sort((a, b) => a - b);
  const median = errors[errors.length >> 1]!;
  const told = `held ${held(all).toFixed(3)}, median error ${median.toFixed(3)} of ${all.length} parties`;
  assert.ok(all.length > 5_000, told);
  assert.ok(held(all) >= 0.8, told);
  assert.ok(median <= 0.25, told);
  // No evening is much worse than all of them.
  for (const [index, evening] of evenings.entries()) {
    const known = evening.filter(({ eta }) => eta !== null);
    assert.ok(held(known) >= 0.7, `evening ${index + 1}: ${held(known).toFixed(3)}`);
  }
  t.diagnostic(told);
});
