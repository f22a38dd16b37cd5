import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { assertNothingLost, startGuests } from '../faults/guests.ts';
import { eventually } from './eventually.ts';
import { ADMIN_KEY } from './keys.ts';
import type { KillableSite } from './killable-site.ts';
import type { Lifetime } from './lifetime.ts';
import { startOwnPostgres } from './own-postgres.ts';
import { type ApiProcess, startApiProcesses } from './processes.ts';
import { makeStore } from './store.ts';

export interface PostgresKillsPlan {
  /** `kill -9` of Postgres under load. */
  readonly kills: number;
  /** As many more, each within 150 ms of a worker pool's new session after one of those. */
  readonly killsAgain: number;
  /** Ordinary restarts under load. */
  readonly restarts: number;
}

/** What it took, at most, in milliseconds from the moment at which Postgres accepted a connection again. */
export interface PostgresKillsTimes {
  readonly firstOrderMs: number;
  /** The same less what one commit of a bare connection took at that moment: what is Matjip's own. */
  readonly firstOrderOwnMs: number;
  readonly ticketsMs: number;
  readonly orders: number;
}

const STOCK = 10_000_000;
const GUESTS = 24;
const WITHIN_MS = 150;

/**
 * A crowd orders at some processes while their Postgres is killed and restarted. Every process must live at the end, every
 * acknowledged order must be there once, and each must have its tickets, once.
 */
export async function orderWhilePostgresDies(
  t: Lifetime,
  site: KillableSite,
  plan: PostgresKillsPlan,
): Promise<PostgresKillsTimes> {
  const db = openDb({ url: site.databaseUrl, connectionsMax: 1, applicationName: 'test' });
  t.after(() => db.close());
  const store = await makeStore(db, { dish: { price: 9_000, remaining: STOCK } });
  const guests = startGuests(t, site.clients, store, GUESTS);
  const taken = (more: number) => {
    const wanted = guests.acknowledged.size + more;
    return eventually(() => site.assertAllLive() && guests.acknowledged.size >= wanted, 'orders are being taken');
  };
  const longest = { firstOrderMs: 0, firstOrderOwnMs: 0, ticketsMs: 0 };
  let again = plan.killsAgain;

  for (let round = 0; round < plan.kills + plan.restarts; round += 1) {
    const isKill = round < plan.kills;
    await taken(50);
    await (isKill ? site.kill() : site.stopPostgres());
    if (isKill && again > 0) {
      again -= 1;
      await Promise.all([site.startPostgres(), untilAccepted(site.databaseUrl)]);
      await untilPoolBegins(site.databaseUrl);
      await delay(Math.random() * WITHIN_MS);
      await site.kill();
    }
    const starting = site.startPostgres();
    const client = await untilAccepted(site.databaseUrl);
    const acceptedMs = performance.now();
    const sinceMs = () => performance.now() - acceptedMs;
    const [firstOrderMs, commitMs] = await Promise.all([taken(1).then(sinceMs), commitOnce(client).then(sinceMs)]);
    await starting;
    const orders = [...guests.acknowledged.keys()].at(-1)!;
    await eventually(async () => assert.deepEqual(await withoutTickets(db, orders), []), 'each order has its tickets');
    longest.firstOrderMs = Math.max(longest.firstOrderMs, firstOrderMs);
    longest.firstOrderOwnMs = Math.max(longest.firstOrderOwnMs, firstOrderMs - commitMs);
    longest.ticketsMs = Math.max(longest.ticketsMs, sinceMs());
  }

  await guests.stop();
  await assertNothingLost(db, store, guests, STOCK);
  await eventually(async () => assert.deepEqual(await withoutTickets(db, null), []), 'each order has its tickets');
  await eventually(async () => {
    assert.equal((await db.query('SELECT FROM graphile_worker._private_jobs')).rowCount, 0);
  }, 'all jobs are done');
  const { rows } = await db.query(
    `SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM ticket) AS tickets,
       (SELECT count(*) FROM print_slip) AS slips, (SELECT sum(quantity) FROM ranking_hour)::int AS counted`,
  );
  const orders = guests.acknowledged.size;
  assert.deepEqual(rows, [{ orders, tickets: orders, slips: orders, counted: orders }]);
  for (const client of site.clients) assert.equal((await client.call('/readyz')).status, 200);
  await site.end();
  return { ...longest, orders };
}

/**
 * A crowd orders while Postgres stands still. Nobody begins anything again by hand; slips and tickets of all orders must come.
 * @returns the milliseconds from the thaw until the last order acknowledged by then had its ticket, and a slip could be had
 */
export async function orderWhilePostgresIsFrozen(t: Lifetime, frozenMs: number): Promise<number> {
  const postgres = await startOwnPostgres(t);
  const apis = await startApiProcesses(t, postgres.url, 2, { WITH_JOBS: 'yes', PATIENT: 'no' });
  const db = openDb({ url: postgres.url, connectionsMax: 1, applicationName: 'test', statementTimeoutMs: 60_000 });
  t.after(() => db.close());
  const store = await makeStore(db, { dish: { price: 9_000, remaining: STOCK } });
  const guests = startGuests(
    t,
    apis.map(({ client }) => client),
    store,
    GUESTS,
  );
  await eventually(() => guests.acknowledged.size >= 100, 'orders are being taken');
  postgres.freeze();
  try {
    await delay(frozenMs);
  } finally {
    postgres.thaw();
  }
  const thawedMs = performance.now();
  const before = guests.acknowledged.size;
  await eventually(() => assertAllLive(apis) && guests.acknowledged.size > before, 'orders are being taken again');
  const last = [...guests.acknowledged.keys()].at(-1)!;
  await eventually(async () => assert.deepEqual(await withoutTickets(db, last), []), 'each order has its tickets');
  const path = `/api/v1/stores/${store.id}/print/kitchen/next?wait=10`;
  await eventually(async () => {
    assert.equal((await apis[0]!.client.call(path, { token: ADMIN_KEY })).status, 200);
  }, 'a slip can be had');
  const tookMs = performance.now() - thawedMs;
  await guests.stop();
  await assertNothingLost(db, store, guests, STOCK);
  for (const api of apis) assert.equal(await api.kill('SIGTERM'), 0);
  return tookMs;
}

function assertAllLive(apis: readonly ApiProcess[]): true {
  for (const api of apis) assert.ok(api.lives(), `A process ended: ${api.said()}`);
  return true;
}

/** @returns the first connection that Postgres accepts */
async function untilAccepted(url: string): Promise<pg.Client> {
  return eventually(async () => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    return client;
  }, 'Postgres accepts connections');
}

/** One commit that waits for the disk. It ends the connection. */
async function commitOnce(client: pg.Client): Promise<void> {
  await client.query(`SELECT pg_logical_emit_message(true, 'test', 'a bare commit')`);
  await client.end();
}

/** Resolves as soon as a worker pool has a session. */
async function untilPoolBegins(url: string): Promise<void> {
  const client = await untilAccepted(url);
  await eventually(async () => {
    const { rowCount } = await client.query(`SELECT FROM pg_stat_activity WHERE application_name = 'matjip-jobs'`);
    return rowCount !== 0;
  }, 'a worker pool begins');
  await client.end();
}

/** The orders, up to this one, that have no ticket. */
async function withoutTickets(db: Db, upTo: string | null): Promise<object[]> {
  const { rows } = await db.query(
    `SELECT o.id FROM orders o WHERE ($1::uuid IS NULL OR o.id <= $1) AND NOT EXISTS (
       SELECT FROM ticket t WHERE t.store_id = o.store_id AND t.order_id = o.id) LIMIT 3`,
    [upTo],
  );
  return rows;
}
