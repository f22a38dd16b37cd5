import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyedSemaphore } from './keyed-semaphore.ts';

/** Work that ends when it is told to. */
function byHand() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  return {
    begun,
    work: (name: string) => () => {
      begun.push(name);
      const end = Promise.withResolvers<string>();
      ends.set(name, end);
      return end.promise;
    },
    end: (name: string) => ends.get(name)!.resolve(name),
    fail: (name: string) => ends.get(name)!.reject(new Error(`no ${name}`)),
  };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('one key’s work waits for its turn, another’s goes on', async () => {
  const { begun, work, end } = byHand();
  const inTurn = createKeyedSemaphore({ underwayMax: 1, waitingMax: 10, waitMsMax: 60_000 });
  const all = [inTurn('a', work('a1')), inTurn('a', work('a2')), inTurn('a', work('a3')), inTurn('b', work('b1'))];
  await settle();
  assert.deepEqual(begun, ['a1', 'b1']);
  end('a1');
  await settle();
  assert.deepEqual(begun, ['a1', 'b1', 'a2']);
  end('a2');
  await settle();
  end('a3');
  end('b1');
  assert.deepEqual(await Promise.all(all), ['a1', 'a2', 'a3', 'b1']);
});

test('past its bound nobody of that key waits, and one that fails gives its turn to the next', async () => {
  const { begun, work, end, fail } = byHand();
  const inTurn = createKeyedSemaphore({ underwayMax: 2, waitingMax: 1, waitMsMax: 60_000 });
  const first = inTurn('a', work('a1'));
  const second = inTurn('a', work('a2'));
  const third = inTurn('a', work('a3'));
  await assert.rejects(inTurn('a', work('a4')), { type: 'busy' });
  const other = inTurn('b', work('b1'));
  fail('a1');
  await assert.rejects(first, /no a1/);
  await settle();
  assert.deepEqual(begun, ['a1', 'a2', 'b1', 'a3']);
  for (const name of ['a2', 'a3', 'b1']) end(name);
  assert.deepEqual(await Promise.all([second, third, other]), ['a2', 'a3', 'b1']);
  // All turns were given back.
  const again = [inTurn('a', work('a5')), inTurn('a', work('a6'))];
  await settle();
  assert.deepEqual(begun.slice(-2), ['a5', 'a6']);
  end('a5');
  end('a6');
  await Promise.all(again);
});

test('whoever waits too long for their turn is told so, and the work is not done later', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { begun, work, end } = byHand();
  const inTurn = createKeyedSemaphore({ underwayMax: 1, waitingMax: 10, waitMsMax: 3_000 });
  const first = inTurn('a', work('a1'));
  const second = inTurn('a', work('a2'));
  t.mock.timers.tick(2_999);
  const third = inTurn('a', work('a3'));
  t.mock.timers.tick(1);
  await assert.rejects(second, { type: 'busy' });
  end('a1');
  await first;
  await settle();
  assert.deepEqual(begun, ['a1', 'a3']);
  t.mock.timers.tick(3_000);
  end('a3');
  await third;
});
