import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLASS_NAMES } from './classes.ts';
import { countLines, proveBadInput } from './prove-bad-input.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

test('no bad input of any class at any route is a fault of ours, changes anything, or is told of another store', async (t) => {
  t.diagnostic(`seed ${seed}; again with SEED=${seed}`);
  const proof = await proveBadInput(t as never, { seed, requests: 0 });
  for (const line of countLines(proof)) t.diagnostic(line);
  assert.ok(proof.operations > 100, `${proof.operations} operations`);
  for (const name of CLASS_NAMES) {
    const { tried, refused } = proof.counts[name];
    assert.ok(tried >= proof.operations, `${name}: ${tried}`);
    // Each class reaches what refuses it; not all of it is wrong everywhere.
    assert.ok(refused > 0, name);
  }
});
