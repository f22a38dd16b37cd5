import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gather } from './gather.ts';

const fulfilled = <R>(value: R): PromiseSettledResult<R> => ({ status: 'fulfilled', value });

/** Batches that end when they are told to. */
function byHand(bounds: { sizeMax: number; waitingMax?: number; sizeOf?: (item: number) => number }) {
  const batches: (readonly number[])[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const ask = gather<number, number>(
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
  ends[2]!.reject(new Error('away'));
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
