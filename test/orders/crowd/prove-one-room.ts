import assert from 'node:assert/strict';
import type { Db } from '../../../src/platform/db/pool.ts';
import { newId } from '../../../src/platform/id.ts';
import type { Client } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import { ADMIN_KEY } from '../../support/keys.ts';
import { makeStore } from '../../support/store.ts';

export interface OneRoomOptions {
  readonly db: Db;
  /** One for each process; the jobs of the database are worked off by one of them at least. */
  readonly clients: readonly Client[];
  /** Rooms that may be let in once more: a machine may be so busy that one process is not heard by the others for five seconds (ADR 55). */
  readonly unheardMax: number;
  /** How far each process is that tells of this store's line. */
  turns(storeId: string): Promise<ReadonlyMap<string, number>>;
}

const CAPACITY = 20;
/** An order of the usual size has two portions. */
const PORTIONS = 2;
const ROOM = CAPACITY / PORTIONS;
/** Whoever has not come by then is waited for no more, and others are let in for them. */
const GRACE_S = 20;

/** Fills a kitchen, lets many wait at all processes, cooks, and counts who is let in before anybody comes: what there is room for, once. */
export async function proveOneRoom({ db, clients, unheardMax, turns }: OneRoomOptions): Promise<void> {
  const store = await makeStore(db, { stew: { price: 9_000, station: 'soup' } });
  const path = `/api/v1/stores/${store.id}`;
  const [first] = clients as [Client];
  const lines = [{ itemId: store.dishes.stew.id, quantity: PORTIONS }];
  const at = (guest: number): Client => clients[guest % clients.length]!;

  const pacing = { strategy: 'load', stations: [{ station: 'soup', capacity: CAPACITY }] };
  assert.equal((await first.call(`${path}/pacing`, { method: 'PUT', token: ADMIN_KEY, body: pacing })).status, 200);
  for (let taken = 0; taken < ROOM; taken += 1) {
    const { status, body } = await first.order(store.id, { lines });
    assert.equal(status, 201, JSON.stringify(body));
  }
  // A process believes for a moment that there is room still.
  for (const client of clients) {
    await eventually(async () => (await client.call(path)).body.state === 'paused', 'the kitchen is full');
  }
  const guests: { readonly key: string; readonly place: string }[] = [];
  for (let guest = 0; guest < 4 * ROOM; guest += 1) {
    const key = newId();
    const { status, body } = await at(guest).order(store.id, { lines }, key);
    assert.equal(status, 503, JSON.stringify(body));
    guests.push({ key, place: body.place.token });
  }

  const letInAt = async (client: Client): Promise<typeof guests> => {
    const look = ({ place }: (typeof guests)[number]) =>
      client.call(`${path}/line`, { headers: { 'line-place': place } });
    const looks = await Promise.all(guests.map(look));
    return guests.filter((_, guest) => looks[guest]!.body.admitted);
  };
  const passTurns = async (count: number): Promise<void> => {
    const before = await turns(store.id);
    await eventually(async () => {
      const now = await turns(store.id);
      return now.size === clients.length && [...before].every(([teller, turn]) => now.get(teller)! >= turn + count);
    }, `each process has had ${count} turns`);
  };
  const nowS = async (): Promise<number> =>
    (await db.query<{ now: number }>('SELECT extract(epoch FROM clock_timestamp())::float8 AS now')).rows[0]!.now;

  for (const client of clients) assert.deepEqual(await letInAt(client), []);
  await eventually(async () => (await turns(store.id)).size === clients.length, 'all of them have the line');
  await passTurns(2);
  // All of them see at about the same moment that the kitchen has room.
  await eventually(async () => {
    const { body } = await first.call(`${path}/kitchen/tickets?limit=200`, { token: ADMIN_KEY });
    for (const { id, version } of body.items) {
      const advance = `${path}/kitchen/tickets/${encodeURIComponent(id)}/advance`;
      await first.call(advance, { token: ADMIN_KEY, body: { to: 'served', version } });
    }
    return (await letInAt(first)).length > 0;
  }, 'somebody is let in');
  const sinceS = await nowS();
  await passTurns(4);
  const letIn = await Promise.all(clients.map(letInAt));
  // Within a second each process orders whom it has seen, so they can differ by a guest each.
  const rooms = 1 + unheardMax + Math.floor(((await nowS()) - sinceS) / GRACE_S);
  const roomMax = ROOM * rooms + clients.length - 1;
  for (const each of letIn) {
    assert.ok(each.length > 0 && each.length <= roomMax, `${letIn.map(({ length }) => length)}`);
  }
  // None of them comes in vain, wherever they come.
  const everywhere = letIn[0]!.filter(({ key }) => letIn.every((each) => each.some((guest) => guest.key === key)));
  assert.ok(everywhere.length > 0);
  for (const [guest, { key, place }] of everywhere.slice(0, ROOM).entries()) {
    const headers = { 'line-place': place };
    const taken = await at(guest + 1).call(`${path}/orders`, { key, body: { lines }, headers });
    assert.equal(taken.status, 201, JSON.stringify(taken.body));
  }
}
