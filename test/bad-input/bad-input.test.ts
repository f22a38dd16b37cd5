import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLASS_NAMES } from './classes.ts';
import { countLines, proveBadInput } from './prove-bad-input.ts';

/** The same each time; the long run takes another one each time. */
const seed = Number(process.env.SEED ?? 20_261_128);

test('no bad input of any class at any route is a fault of ours, changes anything, or is told of another store', async (t) => {
  t.diagnostic(`seed ${seed}; another with SEED=…`);
  // A quarter of a walk: the long run goes on until it has sent 100,000.
  const proof = await proveBadInput(t as never, { seed, requests: 0, share: 1 / 4 });
  for (const line of countLines(proof)) t.diagnostic(line);
  assert.ok(proof.operations > 100, `${proof.operations} operations`);
  for (const name of CLASS_NAMES) {
    // Each class reaches what refuses it; not all of it is wrong everywhere.
    assert.ok(proof.counts[name].refused > 0, name);
  }
});
