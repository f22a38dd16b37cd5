import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { hotDish } from '../intake.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import type { BenchRow } from '../support/row.ts';
import { type BenchShop, openBenchShop, percentile } from './shop.ts';

const GUESTS = 10_000;
/** Enough to be quick, and fewer than the system's queue of connections that wait. */
const CONNECTING_AT_ONCE = 25;
const CHANGES = 6;
const REACH_WITHIN_MS = 30_000;

/**
 * Ten thousand guests on one process: what each costs in memory, and how long a status change takes to reach all of
 * them. All follow the same order, which is the hardest a change can be: one commit, ten thousand writes.
 */
export async function benchEventStreams(database: BenchDatabase): Promise<BenchRow[]> {
  const shop = await openBenchShop(database.url, await hotDish(database));
  const guests: Guest[] = [];
  try {
    const order = await shop.order();
    const path = `/api/v1/stores/${shop.storeId}/orders/${order.id}`;
    let ticket = await ticketOf(database, order.id);
    await warmUp(shop, path, order.token);
    const idleKiB = await restingKiB(shop.server.pid);
    for (let opened = 0; opened < GUESTS; opened += CONNECTING_AT_ONCE) {
      guests.push(
        ...(await Promise.all(
          Array.from({ length: CONNECTING_AT_ONCE }, () => openGuest(shop.server.port, `${path}/events`, order.token)),
        )),
      );
    }
    await Promise.all(guests.map((guest) => guest.heard(1)));
    const fullKiB = await restingKiB(shop.server.pid);

    const reachedMs: number[] = [];
    const lastMs: number[] = [];
    for (let change = 0; change < CHANGES; change += 1) {
      const seq = change + 2;
      const all = Promise.all(guests.map((guest) => guest.heard(seq)));
      const sentAt = performance.now();
      ticket = await shop.owner('POST', `/kitchen/tickets/${encodeURIComponent(ticket.id)}/advance`, {
        to: ticket.status === 'cooking' ? 'placed' : 'cooking',
        version: ticket.version,
      });
      const times = (await all).map((at) => at - sentAt);
      reachedMs.push(...times);
      lastMs.push(Math.max(...times));
    }
    const eachKiB = (fullKiB - idleKiB) / GUESTS;
    const p99 = percentile(reachedMs, 0.99);
    return [
      {
        what: '10,000 open SSE guests: memory of each',
        ours: `${eachKiB.toFixed(1)} KiB each above idle`,
        baseline: `idle ${Math.round(idleKiB / 1024)} MiB`,
        ratio: eachKiB / 20,
        goal: { atMost: 1 },
      },
      {
        what: 'a status change reaches 10,000 readers',
        ours: `p99 ${Math.round(p99)} ms`,
        baseline: `p50 ${Math.round(percentile(reachedMs, 0.5))} ms, last ${Math.round(Math.max(...lastMs))} ms`,
        ratio: p99 / 250,
        goal: { atMost: 1 },
      },
    ];
  } finally {
    for (const guest of guests) guest.close();
    await shop.server.stop();
  }
}

/** Past the board, which may be full of what another bench ordered. */
async function ticketOf({ db }: BenchDatabase, orderId: string) {
  for (const deadline = performance.now() + REACH_WITHIN_MS; performance.now() < deadline; ) {
    const { rows } = await db.query<{ id: string; status: string; version: number }>(
      `SELECT order_id || ':' || station AS id, status, version FROM ticket WHERE order_id = $1`,
      [orderId],
    );
    if (rows[0]) return rows[0];
  }
  throw new Error('The order never got a ticket.');
}

/** Code that runs for the first time takes memory that no guest is to blame for. */
async function warmUp(shop: BenchShop, path: string, token: string): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    const some = await Promise.all(
      Array.from({ length: CONNECTING_AT_ONCE }, () => openGuest(shop.server.port, `${path}/events`, token)),
    );
    await Promise.all(some.map((guest) => guest.heard(1)));
    for (const guest of some) guest.close();
  }
}

/** Resident memory when it has stopped changing: collection runs when the process is idle. */
async function restingKiB(pid: number): Promise<number> {
  const read = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
  let before = read();
  for (let look = 0; look < 20; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = read();
    if (Math.abs(now - before) < 256) return now;
    before = now;
  }
  return before;
}

interface Guest {
  /** Resolves with the moment at which the event of this number came. */
  heard(seq: number): Promise<number>;
  close(): void;
}

function openGuest(port: number, path: string, token: string): Promise<Guest> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    let lastSeq = 0;
    let waiting: { seq: number; resolve: (at: number) => void; timer: NodeJS.Timeout } | undefined;
    const guest: Guest = {
      heard: (seq) =>
        new Promise((heard, missed) => {
          if (lastSeq >= seq) return heard(performance.now());
          const timer = setTimeout(() => missed(new Error(`Event ${seq} never came.`)), REACH_WITHIN_MS);
          waiting = { seq, resolve: heard, timer };
        }),
      close: () => socket.destroy(),
    };
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (lastSeq === 0 && text.startsWith('HTTP/1.1')) {
        if (!text.startsWith('HTTP/1.1 200')) return reject(new Error(text.slice(0, 1_000)));
        resolve(guest);
      }
      for (const [, seq] of text.matchAll(/\nid: (\d+)\n/g)) lastSeq = Number(seq);
      if (waiting && lastSeq >= waiting.seq) {
        clearTimeout(waiting.timer);
        waiting.resolve(performance.now());
        waiting = undefined;
      }
    });
    socket.on('error', reject);
    socket.write(
      `GET ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\naccept: text/event-stream\r\n\r\n`,
    );
  });
}
