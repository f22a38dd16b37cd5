import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BatcherBounds, createBatcher } from './batcher.ts';

const fulfilled = <R>(value: R): PromiseSettledResult<R> => ({ status: 'fulfilled', value });

/** Batches that end when they are told to. */
function byHand(bounds: Omit<BatcherBounds<number>, 'waitingMax'> & { readonly waitingMax?: number }) {
  const batches: (readonly number[])[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const ask = createBatcher<number, number>(
    async (items) => {
      batches.push(items);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      await end.promise;
      return items.map((item) =>
        item < 0 ? { status: 'rejected', reason: new Error(`no ${item}`) } : fulfilled(item * 2),
      );
    },
    { waitingMax: 100, ...bounds },
  );
  return { ask, batches, ends };
}

test('whoever comes alone waits for nothing; those who come meanwhile share the next batch', async () => {
  const { ask, batches, ends } = byHand({ sizeMax: 10 });
  const first = ask(1);
  assert.deepEqual(batches, [[1]]);
  const others = [ask(2), ask(3)];
  assert.equal(batches.length, 1);
  ends[0]!.resolve();
  assert.equal(await first, 2);
  assert.deepEqual(batches, [[1], [2, 3]]);
  ends[1]!.resolve();
  assert.deepEqual(await Promise.all(others), [4, 6]);
});

test('a batch is bounded by the sizes of its items, and one that is too large goes alone', async () => {
  const { ask, batches, ends } = byHand({ sizeMax: 10, sizeOf: (item) => item });
  const answers = [1, 6, 4, 1, 50].map(ask);
  for (let batch = 0; batch < 4; batch += 1) {
    ends[batch]!.resolve();
    await new Promise(setImmediate);
  }
  assert.deepEqual(batches, [[1], [6, 4], [1], [50]]);
  assert.deepEqual(await Promise.all(answers), [2, 12, 8, 2, 100]);
});

test('one outcome is one caller’s; a batch that fails is everybody’s who waits, and the next goes on', async () => {
  const { ask, ends } = byHand({ sizeMax: 10 });
  const first = ask(1);
  const mixed = Promise.allSettled([ask(-1), ask(2)]);
  ends[0]!.resolve();
  await first;
  ends[1]!.resolve();
  assert.deepEqual(
    (await mixed).map((outcome) => outcome.status),
    ['rejected', 'fulfilled'],
  );
  const failing = [ask(3), ask(4)];
  ends[2]!.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
  for (const each of failing) await assert.rejects(each, /away/);
  const next = ask(5);
  ends[3]!.resolve();
  assert.equal(await next, 10);
});

test('past its bound nobody waits', async () => {
  const { ask, ends } = byHand({ sizeMax: 10, waitingMax: 1 });
  const served = [ask(1), ask(2)];
  await assert.rejects(ask(3), { type: 'busy' });
  ends[0]!.resolve();
  await served[0];
  ends[1]!.resolve();
  assert.equal(await served[1], 4);
});

test('one caller’s bad value fails that caller alone, wherever it stands in the batch', async () => {
  for (const bad of [0, 3, 6]) {
    const runs: (readonly number[])[] = [];
    const ask = createBatcher<number, number>(
      async (items) => {
        runs.push(items);
        if (items.includes(bad)) throw new Error('This value cannot be asked for.');
        return items.map(fulfilled);
      },
      { sizeMax: 10, waitingMax: 100 },
    );
    const outcomes = await Promise.allSettled([100, 0, 1, 2, 3, 4, 5, 6].map(ask));
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'refused')),
      [100, 0, 1, 2, 3, 4, 5, 6].map((item) => (item === bad ? 'refused' : item)),
    );
    // The first alone, then seven: halved at most three times.
    assert.ok(runs.length <= 1 + 1 + 2 * 3, `${runs.length} runs`);
  }
});

test('when the database goes away while a batch is halved, nobody waits for it to come back', async () => {
  let runs = 0;
  const ask = createBatcher<number, number>(
    async (items) => {
      runs += 1;
      if (runs === 1) return items.map(fulfilled);
      if (runs === 2) throw new Error('One of these is wrong.');
      throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    },
    { sizeMax: 4, waitingMax: 100 },
  );
  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map(ask));
  // Each half is asked for once.
  assert.equal(runs, 4);
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.message : outcome.value)),
    [1, ...Array.from({ length: 6 }, () => 'away')],
  );
});

test('small first: who has little waits for two batches at most, and who has much has every other one', async () => {
  const { ask, batches, ends } = byHand({ sizeMax: 100, sizeOf: (item) => item, smallFirst: true });
  const answers = [ask(90), ask(91), ask(92), ask(93), ask(1)];
  const next = async (batch: number) => {
    ends[batch]!.resolve();
    await new Promise(setImmediate);
  };
  await next(0);
  assert.deepEqual(batches, [[90], [1, 91]]);
  answers.push(ask(2), ask(3), ask(4));
  await next(1);
  await next(2);
  assert.deepEqual(batches.slice(2), [[92], [2, 3, 4]]);
  await next(3);
  await next(4);
  await Promise.all(answers);
});

test('who would wait for longer than allowed, as fast as the last batches went, is told so at once', async () => {
  let now = 0;
  const commits: (() => void)[] = [];
  const ask = createBatcher<number, number>(
    (items) =>
      new Promise((resolve) => {
        commits.push(() => resolve(items.map((value) => ({ status: 'fulfilled', value }))));
      }),
    { sizeMax: 4, waitingMax: 1_000, waitMaxMs: 400 },
    () => now,
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  let committed = 0;
  /** Every batch takes 100 ms, until all is answered. */
  async function answered<T>(asked: readonly Promise<T>[]): Promise<T[]> {
    let isOver = false;
    const all = Promise.all(asked).finally(() => {
      isOver = true;
    });
    for (; !isOver; await turn()) {
      if (committed === commits.length) continue;
      now += 100;
      commits[committed]!();
      committed += 1;
    }
    return all;
  }
  // Nothing is known yet: everybody is let in, and their batches teach how long one takes.
  await answered(Array.from({ length: 41 }, (_, item) => ask(item)));
  const answers = await answered(Array.from({ length: 40 }, (_, item) => ask(item).catch((error) => error.type)));
  const refused = answers.filter((answer) => answer === 'busy').length;
  assert.ok(refused > 15 && refused < 30, `${refused} of 40 were refused`);
  assert.deepEqual(answers.slice(0, 10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

/** Of three at once; a batch takes as many milliseconds as its first item says, and a rest ends by hand. */
function restingBatcher(bounds: { readonly restTimes?: number; readonly restMinMs?: number } = {}) {
  let now = 0;
  const batches: (readonly number[])[] = [];
  const rests: { readonly ms: number; readonly end: () => void }[] = [];
  const ask = createBatcher<number, number>(
    async (items) => {
      batches.push(items);
      now += items[0]!;
      return items.map(fulfilled);
    },
    { sizeMax: 3, waitingMax: 100, restMaxMs: 300, ...bounds },
    () => now,
    (ms) => new Promise<void>((end) => rests.push({ ms, end })),
  );
  return { ask, batches, rests };
}

test('after a batch the next gathers for as long as that one took, up to a bound, and a whole batch at once', async () => {
  const { ask, batches, rests } = restingBatcher();
  await ask(20);
  const gathered = [ask(900), ask(2)];
  await new Promise(setImmediate);
  assert.deepEqual([batches, rests.map(({ ms }) => ms)], [[[20]], [20]]);
  rests[0]!.end();
  await Promise.all(gathered);
  assert.deepEqual(batches, [[20], [900, 2]]);
  const many = [4, 5, 6, 7, 8, 9, 10].map(ask);
  rests[1]!.end();
  await Promise.all(many.slice(0, 6));
  await new Promise(setImmediate);
  assert.deepEqual(batches.slice(2), [
    [4, 5, 6],
    [7, 8, 9],
  ]);
  rests[2]!.end();
  await many[6];
  assert.deepEqual(
    rests.map(({ ms }) => ms),
    [20, 300, 7, 10],
  );
});

test('the next gathers for so many times as long as a batch took as is said', async () => {
  let now = 0;
  const rests: number[] = [];
  const ask = createBatcher<number, number>(
    async (items) => {
      now += items[0]!;
      return items.map(fulfilled);
    },
    { sizeMax: 3, waitingMax: 100, restMaxMs: 20, restTimes: 4 },
    () => now,
    async (ms) => rests.push(ms),
  );
  for (const tookMs of [2, 5, 6]) {
    await ask(tookMs);
    await new Promise(setImmediate);
  }
  assert.deepEqual(rests, [8, 20, 20]);
});

test('a steady stream makes so many batches a second and no more, however quick each is, and whoever comes after a rest waits for nothing', async () => {
  const { ask, batches, rests } = restingBatcher({ restTimes: 3, restMinMs: 100 });
  await ask(2);
  const gathered = [40, 2].map(ask);
  await new Promise(setImmediate);
  assert.deepEqual(batches, [[2]]);
  rests[0]!.end();
  await Promise.all(gathered);
  rests[1]!.end();
  await new Promise(setImmediate);
  const alone = ask(200);
  assert.deepEqual(batches, [[2], [40, 2], [200]]);
  await alone;
  await new Promise(setImmediate);
  assert.deepEqual(
    rests.map(({ ms }) => ms),
    [100, 120, 300],
  );
});
