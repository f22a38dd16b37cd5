import assert from 'node:assert/strict';
// biome-ignore lint/style/noRestrictedImports: people breathe between two requests
import { setTimeout as delay } from 'node:timers/promises';
import type { Ticket } from '../../src/contract/index.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { createAccess } from '../../src/staff/index.ts';
import { openSse, type SseEvent, type SseReader } from '../events/sse.ts';
import { assertNothingLost, startGuests } from '../faults/guests.ts';
import { background } from '../support/background.ts';
import { type Client, createClient } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN_KEY, SECRET } from '../support/keys.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { nginxExample } from '../support/nginx-example.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { startApiProcess } from '../support/processes.ts';
import { startServed } from '../support/served.ts';
import { fill, freePort, startNginx, startRedis } from '../support/services.ts';
import { makeStore, type TestStore } from '../support/store.ts';

export interface RollingRestartPlan {
  readonly streams: number;
  /** Of each node, one after the other. */
  readonly restarts: number;
  readonly guests: number;
  /** Of each `matjip serve`; unset: each node is one process, which starts sooner. */
  readonly workers?: number;
  /** However long a node or the database takes it is waited for: what a machine has no time for is no matter of who is restarted. */
  readonly isPatient?: boolean;
}

interface Context extends Lifetime {
  diagnostic(message: string): void;
}

/** A slow and busy machine takes seconds for a menu, for which the example asks the next node, and then says that none answers. */
const NGINX_PATIENCE = {
  'proxy_read_timeout 2s;': 'proxy_read_timeout 120s;',
  'proxy_connect_timeout 3s;': 'proxy_connect_timeout 75s;',
  'proxy_next_upstream_timeout 10s;': 'proxy_next_upstream_timeout 120s;',
};
const STOCK = 1_000_000;
const READERS = 4;
const COOKS = 2;
/** So many moves are seen, and orders taken, before a node ends and after it has come back. */
const MOVES_BETWEEN = 20;
const ORDERS_BETWEEN = 50;
/** Of guests and cooks after each of their requests. */
const PAUSE_MS = 20;

/**
 * Two nodes behind the shipped nginx, with one Postgres and one Redis. Guests order, read menus and follow orders through nginx while
 * the nodes are stopped and started again, one after the other. Nobody sends anything twice: each answer must be the one asked for.
 */
export async function restartNodesUnderLoad(t: Context, plan: RollingRestartPlan): Promise<void> {
  const { url } = await testDatabase();
  await prepareJobs(url);
  const db = openDb({ ...PATIENT, url, connectionsMax: 2 });
  t.after(() => db.close());
  const redis = await startRedis(t);
  const ports = [await freePort(), await freePort()];
  const startOn = async (port: number): Promise<{ stop(): Promise<number | null> }> => {
    const env = {
      REDIS_URL: redis.url,
      PORT: String(port),
      TRUST_PROXY: 'loopback',
      LIMITS: 'off',
      // Fifty streams that come back in one long turn of a slow machine are a crowd that is late: no matter of who is restarted either.
      OVERLOAD: plan.isPatient ? 'off' : 'on',
    };
    if (plan.workers === undefined) {
      const api = await startApiProcess(t, url, {
        ...env,
        WITH_JOBS: 'yes',
        PATIENT: plan.isPatient ? 'yes' : 'no',
      });
      return { stop: () => api.kill('SIGTERM') };
    }
    const served = await startServed(t, { ...env, DATABASE_URL: url, WORKERS: String(plan.workers) });
    return {
      stop() {
        served.signal('SIGTERM');
        return served.ended;
      },
    };
  };
  const nodes = await Promise.all(ports.map(startOn));
  const example = nginxExample(...ports.map((port) => `127.0.0.1:${port}`));
  const nginx = await startNginx(t, (port, folder) =>
    plan.isPatient ? fill(example(port, folder), NGINX_PATIENCE) : example(port, folder),
  );
  const client = createClient(nginx.url);
  t.after(() => client.close());
  const [busy, followed] = [
    await makeStore(db, { dish: { price: 9_000, remaining: STOCK } }),
    await makeStore(db, { dish: { price: 9_000 } }),
  ];

  const failures: string[] = [];
  const follow = await followOrders(t, client, followed, plan.streams, failures);
  const cooks = cookOrders(t, client, followed.id, failures);
  const menus = readMenus(t, client, busy.id, failures);
  const guests = startGuests(t, [client], busy, plan.guests, PAUSE_MS);
  const goesOn = async (what: string) => {
    const [orders, moves] = [guests.acknowledged.size, cooks.moves()];
    await eventually(() => guests.acknowledged.size >= orders + ORDERS_BETWEEN, `orders are taken ${what}`);
    await eventually(() => cooks.moves() >= moves + MOVES_BETWEEN, `tickets move ${what}`);
  };

  await goesOn('at first');
  for (let round = 0; round < plan.restarts; round += 1) {
    for (const [index, port] of ports.entries()) {
      assert.equal(await nodes[index]!.stop(), 0);
      await goesOn('by the other node');
      nodes[index] = await startOn(port);
    }
  }
  await goesOn('by both');
  await eventually(() => follow.isTold(), 'each stream that was opened again says what has come since');

  await cooks.end();
  await guests.stop();
  await menus.end();
  const { rows } = await db.query<{ id: string; seq: number }>(
    'SELECT order_id AS id, max(seq) AS seq FROM order_event WHERE store_id = $1 GROUP BY order_id',
    [followed.id],
  );
  for (const { id, seq } of rows) {
    const all = Array.from({ length: seq }, (_, index) => index + 1);
    await eventually(() => assert.deepEqual(follow.seen(id), all), 'the stream has each event once, in order');
  }
  t.diagnostic(
    `${guests.acknowledged.size} orders, ${menus.reads()} menus, ${cooks.moves()} moves (${cooks.toldAway()} told to try again), ` +
      `${plan.streams} streams, opened again ${follow.reopened()} times`,
  );
  assert.deepEqual(failures, []);
  // Whoever is stopped last had all of them.
  assert.ok(follow.reopened() >= plan.streams * plan.restarts, `${follow.reopened()} streams were opened again`);
  assert.deepEqual(guests.setbacks, []);
  await assertNothingLost(db, busy, guests, STOCK);
}

/** Guests' streams, which come back with what they have seen last, as browsers do. */
async function followOrders(t: Lifetime, client: Client, store: TestStore<'dish'>, count: number, failures: string[]) {
  const streams = new Map<string, { readonly past: SseEvent[]; now: SseReader | undefined }>();
  const lines = [{ itemId: store.dishes.dish.id, quantity: 1 }];
  let reopened = 0;
  const follow = async (testOver: AbortSignal) => {
    const key = newId();
    // Nobody is restarted yet, and who hears that it is busy comes again.
    const { body } = await eventually(async () => {
      const answer = await client.order(store.id, { lines }, key);
      assert.ok(answer.status === 201 || answer.status === 200, `${answer.status}`);
      return answer;
    }, 'an order to follow is taken');
    const stream = { past: [] as SseEvent[], now: undefined as SseReader | undefined };
    streams.set(body.id, stream);
    testOver.addEventListener('abort', () => stream.now?.close());
    const address = `${client.url}/api/v1/stores/${store.id}/orders/${body.id}/events?token=${body.token}`;
    for (; !testOver.aborted; reopened += 1) {
      const last = stream.past.at(-1)?.id;
      const opened = await openSse(address, last ? { 'last-event-id': last } : {}).catch((error: Error) => error);
      if (opened instanceof Error || opened.status !== 200) {
        if (!testOver.aborted) failures.push(`a stream: ${opened instanceof Error ? opened.message : opened.status}`);
        return;
      }
      stream.now = opened;
      if (testOver.aborted) opened.close();
      await opened.gone;
      stream.past.push(...opened.events);
      stream.now = undefined;
    }
  };
  background(t, async (testOver) => {
    await Promise.all(Array.from({ length: count }, () => follow(testOver)));
  });
  await eventually(() => streams.size === count && [...streams.values()].every(({ now }) => now !== undefined));
  return {
    reopened: () => reopened,
    /** Whether each has had an event since it was opened last. */
    isTold: () => [...streams.values()].every(({ now }) => now !== undefined && now.events.length > 0),
    /** The ids of the events of an order that came, in their order. */
    seen: (id: string) => {
      const { past, now } = streams.get(id)!;
      return [...past, ...(now?.events ?? [])].map((event) => Number(event.id));
    },
  };
}

/** Cooks who begin tickets and change their mind, so that every followed order moves all the time. */
function cookOrders(t: Lifetime, client: Client, storeId: string, failures: string[]) {
  const token = createAccess(ADMIN_KEY, SECRET).kitchenKey(storeId);
  const path = `/api/v1/stores/${storeId}/kitchen/tickets`;
  let moves = 0;
  let toldAway = 0;
  const cook = async (place: number, testOver: AbortSignal) => {
    while (!testOver.aborted) {
      const tickets: Ticket[] = [];
      // All pages: an order that never moves has a stream without gaps whatever happens.
      for (let page = ''; ; ) {
        const { status, body } = await client.call(`${path}?limit=200${page}`, { token });
        if (status !== 200) return void failures.push(`tickets: ${status}`);
        tickets.push(...body.items);
        if (body.next === null) break;
        page = `&cursor=${encodeURIComponent(body.next)}`;
      }
      const own = tickets.filter((_, index) => index % COOKS === place);
      for (const { id, version, status: at } of own) {
        if (testOver.aborted) return;
        const move = { to: at === 'placed' ? 'cooking' : 'placed', version };
        const answer = await client.call(`${path}/${encodeURIComponent(id)}/advance`, { token, body: move });
        if (answer.status === 200) moves += 1;
        // Nobody knows whether it was moved, so nginx does not send it again; the page does, with what it reads then.
        else if (answer.status === 503 && answer.body.type === 'unavailable') toldAway += 1;
        else if (answer.status !== 409) failures.push(`a move: ${answer.status}`);
        await delay(PAUSE_MS);
      }
    }
  };
  const { end } = background(t, async (testOver) => {
    await Promise.all(Array.from({ length: COOKS }, (_, place) => cook(place, testOver)));
  });
  return { end, moves: () => moves, toldAway: () => toldAway };
}

/** Guests who read menus and the list of stores. */
function readMenus(t: Lifetime, client: Client, storeId: string, failures: string[]) {
  let reads = 0;
  const { end } = background(t, async (testOver) => {
    const read = async () => {
      for (; !testOver.aborted; reads += 1) {
        const path = reads % 4 === 0 ? '/api/v1/stores' : `/api/v1/stores/${storeId}/menu`;
        const { status, body } = await client.call(path);
        if (status !== 200) failures.push(`a menu: ${status} ${body?.type} ${body?.detail}`);
        await delay(PAUSE_MS);
      }
    };
    await Promise.all(Array.from({ length: READERS }, read));
  });
  return { end, reads: () => reads };
}
