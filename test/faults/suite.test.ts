import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLedgerFile } from '../../faults/crowd/ledger-file.ts';
import { PLANTED, type Planted, plantedNames } from '../../faults/planted/planted.ts';
import { findingsOf } from '../../faults/report/findings.ts';
import { renderPage } from '../../faults/report/page.ts';
import { readResults } from '../../faults/report/results-file.ts';
import { tableLines } from '../../faults/report/table.ts';
import { runScenario } from '../../faults/run-scenario.ts';
import { SCENARIOS } from '../../faults/scenarios/index.ts';
import { judge } from '../../faults/verdict/judge.ts';
import { newId } from '../../src/platform/id.ts';
import { startTestApp } from '../support/app.ts';
import { ROOT, readDocument } from '../support/documents.ts';
import { makeStore } from '../support/store.ts';

/** Ten cuts. */
const SECONDS = 0.4;
const seed = Date.now() % 1_000_000;
const commitCut = SCENARIOS.find(({ name }) => name === 'commit-cut')!;

test('connections to Postgres are cut at their commits, and the ledger of those who ordered balances with the books', async (t) => {
  t.diagnostic(`npm run faults -- commit-cut --seconds ${SECONDS} --seed ${seed}`);
  const result = await runScenario(commitCut, { seed, seconds: SECONDS });
  assert.equal(result.error, undefined);
  assert.deepEqual(findingsOf(result), [], tableLines(commitCut, result).join('\n'));
});

test('a verdict names what is missing, what nobody sent, and what was charged otherwise', async (t) => {
  const { client, db, databaseUrl } = await startTestApp(t);
  const store = await makeStore(db, { dish: { price: 9_000, remaining: 10 } });
  const order = async (key: string) => {
    const { body } = await client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] }, key);
    return { number: body.number as number, total: body.total as number };
  };
  const [right, dearer, stranger, missing] = Array.from({ length: 4 }, () => newId()) as [
    string,
    string,
    string,
    string,
  ];
  const file = join(await mkdtemp(join(tmpdir(), 'matjip-ledger-')), 'ledger.tsv');
  const ledger = openLedgerFile(file);
  const told = async (key: string, answer: { number: number; total: number }, expected = 9_000) => {
    await ledger.durable({ kind: 'order', key, variant: 0, expected, atMs: Date.now() });
    ledger.write({ kind: 'order-answer', key, variant: 0, expected, status: 201, ...answer, atMs: Date.now() });
  };
  await told(right, await order(right));
  await told(dearer, await order(dearer), 7_000);
  await order(stranger);
  await told(missing, { number: 4, total: 9_000 });
  await ledger.close();
  const { acknowledged, counts } = await judge(databaseUrl, { files: [file], store: store.id, jobs: false });
  assert.equal(acknowledged, 3);
  assert.deepEqual(
    Object.entries(counts).filter(([, count]) => count > 0),
    [
      ['acknowledged and not there, or there with another number or total', 1],
      ['two bodies taken under one key, or charged otherwise than its body costs', 1],
      ['an order of a key that nobody sent', 1],
    ],
  );
});

test('each fault that is to be planted still has its place in the text, and a scenario that is to find it', () => {
  for (const name of plantedNames) {
    const { file, changes, foundBy }: Planted = PLANTED[name];
    const text = readFileSync(`${ROOT}/${file}`, 'utf8');
    for (const [right] of changes) assert.equal(text.split(right).length, 2, `${file}: ${right}`);
    assert.ok(
      SCENARIOS.some((scenario) => scenario.name === foundBy),
      name,
    );
  }
});

test('the page about reliability is what the command made of its results', () => {
  const page = readDocument('docs/reliability.md');
  assert.equal(page, renderPage(page, readResults()), 'run: npm run faults -- --render');
});
