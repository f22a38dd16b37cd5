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

test('who finds nobody waiting is told what those waited who found the same, and what tables take once they have waited longer', () => {
  // After an hour and a half of a full house, tables for two are free: ten sit down within two minutes.
  const free = Array.from({ length: 10 }, (_, index): EndedParty => {
    const joinedMs = (90 + 5 * index) * MINUTE_MS;
    return { size: 2, isSeated: true, joinedMs, endedMs: joinedMs + (1 + (index % 2)) * MINUTE_MS };
  });
  const nowMs = 141 * MINUTE_MS;
  const paces = learnPaces([...seatings(4, 20), ...free], nowMs);
  const first = { size: 2, ahead: 3, aheadOfSize: 0 };
  assert.deepEqual(etaOf(paces, first), { from: 1, to: 2 });
  assert.deepEqual(etaOf(paces, { ...first, joinedMs: nowMs - 2 * MINUTE_MS }), { from: 1, to: 2 });
  const waits = etaOf(paces, { ...first, joinedMs: nowMs - 3 * MINUTE_MS })!;
  assert.ok(waits.to > 4, JSON.stringify(waits));
  assert.ok(etaOf(paces, { ...first, aheadOfSize: 1 })!.to > 4);
  // Of another size it says something only where nobody waits at all.
  const four = { size: 4, ahead: 0, aheadOfSize: 0 };
  assert.deepEqual(etaOf(paces, four), { from: 1, to: 2 });
  assert.ok(etaOf(paces, { ...four, ahead: 1 })!.to > 4);
});

/** Minutes that a party told "one" and seated after two does not call an error: calling it and walking to the door take as long. */
const SOON_MIN = 5;

// On a quiet evening a third wait for ten minutes and more, mostly large parties, of whom few say how fast their tables come free.
for (const [crowd, offLong] of [
  [1, 0.25],
  [0.9, 0.25],
  [0.8, 0.25],
  [0.7, 0.3],
] as const) {
  test(`with ${100 * crowd} of a hundred guests of a full house the range holds for four of five parties, and is a quarter off in the middle`, (t) => {
    // Evenings on which nothing was tuned.
    const evenings = Array.from({ length: 10 }, (_, index) => simulateEvening(7_001 + index, crowd));
    const told = evenings.flat();
    const knownOf = (of: readonly Told[]) => of.filter(({ eta }) => eta !== null);
    const known = knownOf(told);
    const heldOf = (of: readonly Told[]) =>
      of.filter(({ eta, waitedMin }) => eta!.from <= waitedMin && waitedMin <= eta!.to).length / of.length;
    const offBy = ({ eta, waitedMin }: Told) =>
      Math.abs((eta!.from + eta!.to) / 2 - waitedMin) / Math.max(SOON_MIN, waitedMin);
    const medianOf = (of: readonly Told[]) => of.map(offBy).sort((a, b) => a - b)[of.length >> 1]!;
    const long = known.filter(({ waitedMin }) => waitedMin >= 2 * SOON_MIN);
    const says = `held ${heldOf(known).toFixed(3)} of ${known.length}, ${medianOf(known).toFixed(3)} off, of ${long.length} long waits ${medianOf(long).toFixed(3)}`;
    assert.ok(known.length > 0.9 * told.length, says);
    assert.ok(heldOf(known) >= 0.8, says);
    assert.ok(medianOf(known) <= 0.25 && medianOf(long) <= offLong, says);
    // No evening is much worse than all of them.
    for (const evening of evenings) assert.ok(heldOf(knownOf(evening)) >= 0.7, says);
    t.diagnostic(says);
  });
}
