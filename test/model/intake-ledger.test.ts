import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openDb } from '../../src/platform/db/pool.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { testDatabase } from '../support/postgres.ts';
import { startApiProcess } from '../support/processes.ts';
import { runCrowd } from './crowd.ts';
import { assertBalanced, auditStock, deadlocks } from './ledger.ts';

const OPERATIONS = 5_000;

test(`after ${OPERATIONS} operations through three processes of different intakes the books balance`, async (t) => {
  const { url } = await testDatabase(t);
  await prepareJobs(url);
  const db = openDb({ url, connectionsMax: 4, statementTimeoutMs: 60_000 });
  after(() => db.close());
  const processes = await Promise.all(
    [{ INTAKE: 'grouped' }, { INTAKE: 'direct' }, { INTAKE: 'grouped', ONE_BY_ONE: 'yes' }].map((env) =>
      startApiProcess(t, url, { EFFECTS: 'inline', ...env }),
    ),
  );
  await auditStock(db);
  const seed = Date.now() % 1_000_000;
  t.diagnostic(`seed ${seed}`);
  const memory = await runCrowd({
    seed,
    operations: OPERATIONS,
    stores: 3,
    people: 96,
    clients: processes.map(({ client }) => client),
    db,
  });
  t.diagnostic(JSON.stringify(memory.answers));
  for (const kind of ['201', '200', 'sold-out', 'price-changed', 'key-reused']) {
    assert.ok((memory.answers[kind] ?? 0) > 0, `nobody was answered ${kind}: the crowd tried too little`);
  }
  await assertBalanced(db, memory);
  for (const { kill } of processes) assert.equal(await kill('SIGTERM'), 0);
  assert.equal(await deadlocks(db), 0);
  assert.deepEqual(
    processes.map(({ stderr }) => stderr()),
    ['', '', ''],
  );
});
