import assert from 'node:assert/strict';
import type { LinePlace, LineView, Ticket } from '../../../src/contract/index.ts';
import { createPlaceTokens } from '../../../src/order/line/place-token.ts';
import type { Db } from '../../../src/platform/db/pool.ts';
import { newId } from '../../../src/platform/id.ts';
import type { Client } from '../../support/client.ts';
import { ADMIN_KEY, SECRET } from '../../support/keys.ts';
import { makeStore } from '../../support/store.ts';

/** Something that was asked and answered: between which two moments of this process' own order of events. */
interface Asked {
  readonly from: number;
  readonly to: number;
}

/** How one guest fared. */
export interface Guest {
  readonly key: string;
  /** The places that it was given, each refusal's; the first says since when it waits. */
  readonly places: LinePlace[];
  readonly looks: (Asked & LineView & { readonly atMs: number })[];
  /** The order that was taken. */
  taken?: Asked & { readonly withPlace: boolean };
}

export interface CrowdAtStore {
  readonly path: string;
  readonly storeId: string;
  /** Comes, waits as it is told where there is no room, and orders once. */
  visit(): { readonly guest: Guest; readonly served: Promise<void> };
  /** Cooks so many of the oldest tickets. */
  cook(count: number): Promise<void>;
  /** Of each order, as the database has them. */
  orders(): Promise<string[]>;
}

/** How often a guest is told that Matjip cannot answer before that is a fault: once is 3 s. */
const UNAVAILABLE_MAX = 10;

export interface CrowdOptions {
  readonly client: Client;
  readonly db: Db;
  /** Portions that the kitchen can have open, and minutes in which it makes them. */
  readonly capacity: number;
  readonly prepMinutes: number;
  /** Waits for so long, or until it is worth looking again. */
  wait(ms: number): Promise<unknown>;
  nowMs(): number;
}

/** After a refusal a page says so before it looks for the first time. */
const FIRST_LOOK_MS = 1_000;

/** Guests at a store whose kitchen is the bound, and who do what the guest's page does. */
export async function openCrowd({
  client,
  db,
  capacity,
  prepMinutes,
  wait,
  nowMs,
}: CrowdOptions): Promise<CrowdAtStore> {
  const store = await makeStore(db, { stew: { price: 9_000, station: 'soup' } });
  await db.query('UPDATE store SET prep_minutes = $2 WHERE id = $1', [store.id, prepMinutes]);
  const path = `/api/v1/stores/${store.id}`;
  const pacing = { strategy: 'learned', stations: [{ station: 'soup', capacity }] };
  assert.equal((await client.call(`${path}/pacing`, { method: 'PUT', token: ADMIN_KEY, body: pacing })).status, 200);
  const lines = [{ itemId: store.dishes.stew.id, quantity: 1 }];
  let events = 0;
  /** As the kitchen has them before it, the oldest first: it does not ask for all of them each time that it has cooked. */
  let tickets: Ticket[] = [];

  async function order(guest: Guest, sentAgain = 0): Promise<boolean> {
    const place = guest.places.at(-1)?.token;
    const from = ++events;
    const headers = place === undefined ? {} : { 'line-place': place };
    const { status, body } = await client.call(`${path}/orders`, { key: guest.key, body: { lines }, headers });
    if (status === 201 || status === 200) {
      guest.taken = { from, to: ++events, withPlace: place !== undefined };
      return true;
    }
    assert.equal(status, 503, JSON.stringify(body));
    // A database that stood still for seconds, as on a machine that did, is no full kitchen: the page sends the order again.
    if (body.type === 'unavailable' && sentAgain < UNAVAILABLE_MAX) return order(guest, sentAgain + 1);
    assert.ok(
      body.place?.token && body.place.etaSeconds >= 1,
      `refused without a place and a time: ${JSON.stringify(body)}`,
    );
    guest.places.push(body.place);
    return false;
  }

  async function look(guest: Guest): Promise<LineView> {
    const from = ++events;
    const headers = { 'line-place': guest.places.at(-1)!.token };
    const { status, body } = await client.call(`${path}/line`, { headers });
    assert.equal(status, 200, JSON.stringify(body));
    guest.looks.push({ ...body, from, to: ++events, atMs: nowMs() });
    return body;
  }

  async function serve(guest: Guest): Promise<void> {
    while (!(await order(guest))) {
      await wait(FIRST_LOOK_MS);
      for (let seen = await look(guest); !seen.admitted; seen = await look(guest)) await wait(seen.pollAfterMs);
    }
  }

  return {
    path,
    storeId: store.id,
    visit() {
      const guest: Guest = { key: newId(), places: [], looks: [] };
      return { guest, served: serve(guest) };
    },
    async cook(count) {
      if (tickets.length < count) {
        const { body } = await client.call(`${path}/kitchen/tickets?limit=200`, { token: ADMIN_KEY });
        tickets = (body.items as Ticket[]).filter(({ status }) => status === 'placed' || status === 'cooking');
      }
      await Promise.all(
        tickets.splice(0, count).map(({ id, version }) =>
          client.call(`${path}/kitchen/tickets/${encodeURIComponent(id)}/advance`, {
            token: ADMIN_KEY,
            body: { to: 'served', version },
          }),
        ),
      );
    },
    async orders() {
      const { rows } = await db.query<{ id: string }>('SELECT id FROM orders WHERE store_id = $1 ORDER BY number', [
        store.id,
      ]);
      return rows.map(({ id }) => id);
    },
  };
}

/** Everybody was refused with a place or taken, and what was taken is kept: once, and nothing else. */
export async function assertAllServed(crowd: CrowdAtStore, guests: readonly Guest[]): Promise<void> {
  for (const { key, taken } of guests) assert.ok(taken, `${key} was not served`);
  assert.deepEqual([...(await crowd.orders())].sort(), guests.map(({ key }) => key).sort());
}

/**
 * First come first served: whoever is let in, so is everybody who came before, though they may notice it later; and who comes now does not pass
 * somebody who waits and asks.
 */
export function assertInOrder({ storeId }: CrowdAtStore, guests: readonly Guest[]): void {
  const tokens = createPlaceTokens(SECRET);
  const waiting = guests
    .filter(({ places, looks }) => places.length > 0 && looks.length > 0)
    .map((guest) => ({ ...guest, cameMs: tokens.read(guest.places[0]!.token, storeId)!.atMs }));
  for (const { key, places } of waiting) assert.equal(new Set(places.map(({ token }) => token)).size, 1, key);
  const looks = waiting.flatMap(({ cameMs, looks: of }) => of.map((each) => ({ ...each, cameMs })));
  const letIn = looks.filter(({ admitted }) => admitted).sort((one, other) => one.to - other.to);
  /** The latest to come who is known to be let in, from each of these answers on. */
  let latest = 0;
  const known = letIn.map(({ to, cameMs }) => {
    latest = Math.max(latest, cameMs);
    return { to, latest };
  });
  for (const { from, cameMs, admitted } of looks) {
    if (admitted) continue;
    const before = known.findLast(({ to }) => to < from);
    assert.ok(
      !before || before.latest <= cameMs,
      `who came at ${before?.latest} was let in, and not who came at ${cameMs}`,
    );
  }
  const held = waiting.map(({ looks: of }) => {
    const refused = of.filter(({ admitted }) => !admitted);
    return { from: refused[0]?.to ?? Number.POSITIVE_INFINITY, to: refused.at(-1)?.from ?? 0 };
  });
  for (const { key, taken } of guests) {
    if (!taken || taken.withPlace) continue;
    const passed = held.filter(({ from, to }) => from < taken.from && to > taken.to).length;
    assert.equal(passed, 0, `${key} came and passed ${passed} who waited`);
  }
}
