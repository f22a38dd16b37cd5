import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { openDb } from '../../src/platform/db/pool.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { startApiProcess } from '../support/processes.ts';
import { runCrowd } from './crowd.ts';
import { assertBalanced, assertOrderJobs, auditStock, deadlocks } from './ledger.ts';

/**
 * Every way to take orders, at once on one database: whatever one of them locks or forgets, another runs into. Two work
 * the job queue off, so that what follows from an order races its cancel. `share` is how often each is asked: the slow ones less.
 */
const PROCESSES = [
  { share: 4, env: { INTAKE: 'grouped', WITH_JOBS: 'yes' } },
  { share: 1, env: { INTAKE: 'direct', WITH_JOBS: 'yes' } },
  { share: 1, env: { INTAKE: 'grouped', EFFECTS: 'inline', CACHE: 'off' } },
];

export interface Proof {
  readonly operations: number;
  readonly stores: number;
  readonly people: number;
}

/** Runs a crowd over several real processes and balances the books after it. */
export async function proveLedger(t: TestContext, { operations, stores, people }: Proof): Promise<void> {
  const { url } = await testDatabase(t);
  await prepareJobs(url);
  const db = openDb({ ...PATIENT, url, connectionsMax: 4, statementTimeoutMs: 0 });
  t.after(() => db.close());
  const processes = await Promise.all(PROCESSES.map(({ env }) => startApiProcess(t, url, env)));
  await auditStock(db);
  const seed = Date.now() % 1_000_000;
  t.diagnostic(`seed ${seed}`);
  const memory = await runCrowd(t, {
    seed,
    operations,
    stores,
    people,
    clients: processes.flatMap(({ client }, place) => new Array<Client>(PROCESSES[place]!.share).fill(client)),
    db,
  });
  t.diagnostic(`${memory.operations} operations: ${JSON.stringify(memory.answers)}`);
  for (const kind of ['201', '200', 'sold-out', 'price-changed', 'key-reused', 'store-closed', 'not-cancellable']) {
    assert.ok((memory.answers[kind] ?? 0) > 0, `nobody was answered ${kind}: the crowd tried too little`);
  }
  await assertBalanced(db, memory);
  await eventually(async () => {
    const { rowCount } = await db.query(
      `SELECT FROM graphile_worker.jobs
       WHERE task_identifier IN ('kitchen', 'ranking-and-webhooks') LIMIT 1`,
    );
    return rowCount === 0;
  }, 'the job queue is empty');
  await assertOrderJobs(db, memory);
  for (const { kill } of processes) assert.equal(await kill('SIGTERM'), 0);
  assert.equal(await deadlocks(db), 0);
  const complaints = processes.flatMap((each) => each.complaints());
  for (const line of complaints) {
    // A crowd that outruns the machine waits in vain for a connection or for its store's lock, is told so, and comes again.
    assert.match(line, /"type":"unavailable".*(timeout exceeded when trying to connect|due to statement timeout)/);
  }
}
