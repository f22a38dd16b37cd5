import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSingleFlight } from './single-flight.ts';

/** Questions that are answered by hand. */
function byHand() {
  const asked: { readonly key: string; readonly answer: PromiseWithResolvers<string> }[] = [];
  const ask = createSingleFlight((key) => {
    const answer = Promise.withResolvers<string>();
    asked.push({ key, answer });
    return answer.promise;
  });
  return { ask, asked };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a thousand who ask at once are two questions, and another key is asked beside them', async () => {
  const { ask, asked } = byHand();
  const answers = Array.from({ length: 1_000 }, () => ask('a'));
  const other = ask('b');
  assert.deepEqual(
    asked.map(({ key }) => key),
    ['a', 'b'],
  );
  asked[0]!.answer.resolve('first');
  asked[1]!.answer.resolve('other');
  await settle();
  assert.equal(asked.length, 3);
  asked[2]!.answer.resolve('second');
  assert.deepEqual(await Promise.all(answers), ['first', ...Array.from({ length: 999 }, () => 'second')]);
  assert.equal(await other, 'other');
});

test('nobody gets an answer to a question that began before they asked', async () => {
  const { ask, asked } = byHand();
  const first = ask('a');
  const second = ask('a');
  asked[0]!.answer.resolve('old');
  assert.equal(await first, 'old');
  await settle();
  // The second question is under way now, so whoever comes now has the third.
  const third = ask('a');
  asked[1]!.answer.resolve('newer');
  assert.equal(await second, 'newer');
  await settle();
  asked[2]!.answer.resolve('newest');
  assert.equal(await third, 'newest');
});

test('a question that fails is its callers’ alone, and the next is asked', async () => {
  const { ask, asked } = byHand();
  const first = ask('a');
  const second = ask('a');
  asked[0]!.answer.reject(new Error('no'));
  await assert.rejects(first, /no/);
  await settle();
  asked[1]!.answer.resolve('yes');
  assert.equal(await second, 'yes');
  await settle();
  const third = ask('a');
  assert.equal(asked.length, 3);
  asked[2]!.answer.resolve('again');
  assert.equal(await third, 'again');
});
