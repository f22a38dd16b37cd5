import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDb } from '../../src/platform/db/pool.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { eventually } from '../support/eventually.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { startApiProcesses } from '../support/processes.ts';
import { makeStore } from '../support/store.ts';
import { assertNothingLost, startGuests } from './guests.ts';

const STOCK = 1_000_000;

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`a process that ends by ${signal} under load loses no order and doubles none`, async (t) => {
    const { url } = await testDatabase(t);
    await prepareJobs(url);
    const db = openDb({ ...PATIENT, url, connectionsMax: 2 });
    t.after(() => db.close());
    const [victim, other] = await startApiProcesses(t, url, 2);
    const store = await makeStore(db, { dish: { price: 9_000, remaining: STOCK } });
    const guests = startGuests(t, [victim!.client, other!.client], store, 32);
    await eventually(() => guests.acknowledged.size >= 300, 'orders are being taken');
    const code = await victim!.kill(signal);
    assert.equal(code, signal === 'SIGTERM' ? 0 : null);
    const before = guests.acknowledged.size;
    await eventually(() => guests.acknowledged.size >= before + 300, 'the other process serves all');
    await guests.stop();
    if (signal === 'SIGKILL') assert.ok(guests.setbacks.length > 0, 'it was killed while nobody waited');
    await assertNothingLost(db, store, guests, STOCK);
    assert.equal(await other!.kill('SIGTERM'), 0);
    assert.deepEqual(other!.complaints(), []);
  });
}
