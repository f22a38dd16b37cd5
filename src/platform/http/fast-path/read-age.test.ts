import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReadAge } from './read-age.ts';

/** An event loop that is turned by hand. */
function handLoop() {
  let nowMs = 0;
  let idleMs = 0;
  let end = () => {};
  const turns: number[] = [];
  const age = createReadAge({
    now: () => nowMs,
    idleMs: () => idleMs,
    atTurnEnd: (atEnd) => {
      end = atEnd;
    },
    onTurn: (tookMs) => turns.push(tookMs),
  });
  return {
    turns,
    reads: () => age.reads,
    batches: () => age.batches,
    read: () => age.ageMs(nowMs),
    tick: () => age.tick(),
    works(ms: number) {
      nowMs += ms;
    },
    sleeps(ms: number) {
      nowMs += ms;
      idleMs += ms;
    },
    endTurn() {
      end();
    },
  };
}

test('what wakes a sleeping loop has not waited', () => {
  const loop = handLoop();
  loop.sleeps(500);
  assert.equal(loop.read(), 0);
  loop.works(3);
  // Read in the same turn: it may have come right after the loop woke.
  assert.equal(loop.read(), 3);
});

test('what is read after a turn without sleep may be as old as that turn', () => {
  const loop = handLoop();
  loop.sleeps(10);
  loop.read();
  loop.works(300);
  loop.endTurn();
  assert.equal(loop.read(), 300);
  loop.works(100);
  assert.equal(loop.read(), 300);
  loop.works(250);
  assert.equal(loop.read(), 350);
});

test('it knows how much was read in this turn and in the one before', () => {
  const loop = handLoop();
  for (let times = 0; times < 3; times += 1) loop.read();
  assert.equal(loop.reads(), 3);
  loop.endTurn();
  loop.read();
  assert.equal(loop.reads(), 4);
  loop.endTurn();
  assert.equal(loop.reads(), 1);
});

test('a turn that is full again and again counts as many: what is read late in it came a batch or two ago and not at its beginning', () => {
  const loop = handLoop();
  const readBatch = () => {
    for (let times = 0; times < 1_024; times += 1) loop.read();
  };
  loop.sleeps(10);
  readBatch();
  assert.equal(loop.batches(), 0);
  for (let batch = 1; batch <= 10; batch += 1) {
    loop.works(80);
    assert.equal(loop.read(), batch === 1 ? 80 : 160);
    assert.equal(loop.batches(), batch);
    for (let times = 1; times < 1_024; times += 1) loop.read();
  }
  loop.works(80);
  loop.endTurn();
  assert.deepEqual(loop.turns, [0, ...Array.from({ length: 10 }, () => 160)]);
  loop.read();
  loop.works(30);
  loop.endTurn();
  assert.equal(loop.read(), 30);
});

test('work between two turns counts too: a long timer keeps requests waiting as a crowd does', () => {
  const loop = handLoop();
  loop.sleeps(10);
  loop.read();
  loop.endTurn();
  loop.works(4_800);
  assert.equal(loop.read(), 4_800);
});

test('a loop that has slept since has nothing old to read', () => {
  const loop = handLoop();
  loop.read();
  loop.works(300);
  loop.endTurn();
  loop.read();
  loop.endTurn();
  loop.sleeps(1);
  assert.equal(loop.read(), 0);
});

test('what kept the loop busy between its sleep and a read counts, what did long before does not', () => {
  const loop = handLoop();
  loop.sleeps(100);
  // Answers of the database, for example: nothing is read from clients.
  loop.works(20);
  loop.sleeps(100);
  loop.tick();
  loop.sleeps(30);
  loop.works(1_500);
  loop.tick();
  assert.equal(loop.read(), 1_500);
  loop.endTurn();
  loop.sleeps(50);
  loop.tick();
  loop.sleeps(10);
  assert.equal(loop.read(), 0);
});

test('turns are told as long as they were, and as nothing when the loop had slept before them', () => {
  const loop = handLoop();
  for (const [sleptMs, workedMs] of [
    [5, 300],
    [0, 80],
    [0, 120],
    [1, 90],
  ] as const) {
    if (sleptMs > 0) loop.sleeps(sleptMs);
    loop.read();
    loop.works(workedMs);
    loop.endTurn();
  }
  assert.deepEqual(loop.turns, [0, 80, 120, 0]);
});
