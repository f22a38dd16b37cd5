import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProxy } from '../../faults/kit/proxy.ts';
import { stallLines } from '../../faults/kit/stall-lines.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { testDatabase } from '../support/postgres.ts';
import { makeStore } from '../support/store.ts';
import { assertNothingLost, startGuests } from './guests.ts';

const STOCK = 1_000_000;

for (const [where, word] of Object.entries({
  'holds its store': 'insert-orders',
  'waits for its COMMIT': 'commit',
})) {
  test(`an order’s connection that falls silent while it ${where} keeps no other order from being taken, and is taken once itself`, async (t) => {
    const { url } = await testDatabase(t);
    const proxy = stallLines(await startProxy(t, url));
    const silent = await startTestApp(t, { databaseUrl: proxy.url, impatient: true });
    const other = await startTestApp(t, { databaseUrl: url });
    const db = openDb({ url, connectionsMax: 1 });
    t.after(() => db.close());
    const store = await makeStore(db, { dish: { price: 9_000, remaining: STOCK } });
    const guests = [startGuests(t, [silent.client], store, 2), startGuests(t, [other.client], store, 2)];
    const taken = (more: number) => {
      const wanted = guests.map(({ acknowledged }) => acknowledged.size + more);
      return eventually(() => guests.every(({ acknowledged }, at) => acknowledged.size >= wanted[at]!));
    };
    await taken(5);
    proxy.stallAt(word);
    await eventually(() => proxy.stalled === 1);
    await taken(5);
    await Promise.all(guests.map((each) => each.stop()));
    // Nobody waited so long that it was refused by the process whose connections speak.
    assert.deepEqual(guests[1]!.setbacks, []);
    const acknowledged = new Map(guests.flatMap((each) => [...each.acknowledged]));
    await assertNothingLost(db, store, { ...guests[0]!, acknowledged }, STOCK);
  });
}
