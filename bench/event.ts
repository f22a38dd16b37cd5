import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseOrder } from '../rehearsal/crowd/choose-order.ts';
import { type KneeOptions, kneeOf, lookForKnee, type TriedLoad } from '../rehearsal/crowd/find-knee.ts';
import { errorRateOf, type Verdict } from '../rehearsal/crowd/health.ts';
import { orderKey } from '../rehearsal/crowd/order-key.ts';
import { createRandom } from '../rehearsal/crowd/random.ts';
import { type CrowdRun, runCrowd } from '../rehearsal/crowd/run-crowd.ts';
import { type FoundOrder, verifyLedger } from '../rehearsal/crowd/verify-ledger.ts';
import type { MenuView } from '../src/contract/index.ts';
import type { BenchDatabase } from './support/bench-database.ts';
import { startServer } from './support/processes.ts';
import { type BenchRow, perSecond } from './support/row.ts';

const MATJIP = new URL('support/matjip-server.ts', import.meta.url);
const CANNED = new URL('support/canned-mix.ts', import.meta.url);
const ROUNDS = 3;
const LOOK_S = 2;
const WARMUP_S = 0.5;
const TIMEOUT_MS = 2_000;
/** Before the first look, for both servers: code that is not compiled yet costs half as much again, and the first round would find that. */
const WARM_UP = [
  { rate: 1_000, durationS: 3 },
  { rate: 3_000, durationS: 6 },
];
const SEARCH: KneeOptions = {
  serviceLevel: { p99Ms: 100, errorRate: 0 },
  from: 500,
  min: 50,
  max: 60_000,
  looks: { first: 10, further: 6 },
};

/**
 * The highest rate of the event's mix (80 % menu, 10 % orders, 10 % status; p99 within 100 ms, no error, none lost) ÷ that of a bare
 * `node:http` server which answers the same mix with canned bytes, by the same generator on the same cores in the same run. Looks at both
 * take turns in rounds, and nothing is pinned: each takes what the machine has.
 */
export async function benchEvent(database: BenchDatabase): Promise<BenchRow[]> {
  const ledger = join(database.folder, 'event.ledger');
  const matjip = await startServer(MATJIP, { DATABASE_URL: database.url, PORT: '0' });
  try {
    const { storeId, file } = await canAnswers(`http://127.0.0.1:${matjip.port}`, database.folder);
    const canned = await startServer(CANNED, { BENCH_CANNED: file });
    try {
      const tried = { ours: [] as TriedLoad[], baseline: [] as TriedLoad[] };
      const ledgers = new Set<string>();
      const crowd = async (port: number, withLedger: boolean, rate: number, durationS: number, round: number) => {
        const run = await runCrowd({
          url: `http://127.0.0.1:${port}`,
          storeId,
          rate,
          durationS,
          warmupS: WARMUP_S,
          timeoutMs: TIMEOUT_MS,
          serviceLevel: SEARCH.serviceLevel,
          seed: `event/${round}`,
          ...(withLedger && { ledger }),
        });
        for (const each of run.ledgers) ledgers.add(each);
        return run;
      };
      for (const { rate, durationS } of WARM_UP) {
        await crowd(canned.port, false, rate, durationS, 0);
        await crowd(matjip.port, true, rate, durationS, 0);
      }
      for (let round = 1; round <= ROUNDS; round++) {
        const look = (port: number, withLedger: boolean) => async (rate: number) => {
          const run = await crowd(port, withLedger, rate, LOOK_S, round);
          sayLook(withLedger ? 'Matjip' : 'canned', rate, run);
          // Generator and server have the same cores here, for both servers alike: one that leaves no time for sending is past its limit,
          // and when such looks said nothing the search ended below it with an open end.
          const verdict: Verdict =
            run.verdict.kind === 'no verdict' ? { kind: 'broken', why: run.verdict.why } : run.verdict;
          return { p99Ms: run.p99Ms, errorRate: errorRateOf(run.result), verdict };
        };
        tried.baseline.push(...(await lookForKnee(SEARCH, tried.baseline, look(canned.port, false))));
        tried.ours.push(...(await lookForKnee(SEARCH, tried.ours, look(matjip.port, true))));
      }
      const orders = await verifyLedger([...ledgers], (entries) => findOrders(database, entries));
      return rowsOf(kneeOf(SEARCH, tried.ours), kneeOf(SEARCH, tried.baseline), orders);
    } finally {
      await canned.stop();
    }
  } finally {
    await matjip.stop();
  }
}

/** What ends a search is seen as it goes. */
function sayLook(whose: string, rate: number, { verdict, p99Ms, result }: CrowdRun): void {
  const why = verdict.kind === 'kept' ? '' : `, ${verdict.why}`;
  const own = `generator ${Math.round(result.generator.cpuShare * 100)} % of a core`;
  console.error(`event: ${whose} ${rate}/s ${verdict.kind}, p99 ${p99Ms.toFixed(0)} ms${why}, ${own}`);
}

type Knee = ReturnType<typeof kneeOf>;

function rowsOf(ours: Knee, baseline: Knee, orders: Awaited<ReturnType<typeof verifyLedger>>): BenchRow[] {
  const said = (name: string, { ratePerSecond, interval }: Knee) =>
    `${perSecond(name, ratePerSecond ?? 0)} (${interval?.low ?? 0}–${interval?.high ?? '?'})`;
  return [
    {
      what: 'event: highest rate of the mix, p99 ≤ 100 ms',
      ours: said('Matjip', ours),
      baseline: said('canned bytes', baseline),
      ratio: (ours.ratePerSecond ?? 0) / (baseline.ratePerSecond ?? 1),
      goal: { atLeast: 0.5 },
    },
    {
      what: 'event: orders lost and doubled meanwhile',
      ours: `${orders.lost} + ${orders.doubled}`,
      baseline: `${orders.acknowledged.toLocaleString('en')} acknowledged`,
      ratio: orders.lost + orders.doubled,
      goal: { atMost: 0 },
    },
  ];
}

async function findOrders(
  { db }: BenchDatabase,
  entries: readonly { readonly storeId: string; readonly id: string }[],
): Promise<FoundOrder[]> {
  const { rows } = await db.query<FoundOrder>(
    'SELECT id, number, total FROM orders WHERE store_id = ANY($1::uuid[]) AND id = ANY($2::uuid[])',
    [[...new Set(entries.map(({ storeId }) => storeId))], entries.map(({ id }) => id)],
  );
  return rows;
}

/** Asks Matjip each question of the mix once and keeps its answers, byte by byte, for the server that answers with them. */
async function canAnswers(url: string, folder: string): Promise<{ storeId: string; file: string }> {
  const stores = await (await fetch(`${url}/api/v1/stores`)).text();
  const storeId = (JSON.parse(stores) as { items: { id: string }[] }).items[0]!.id;
  const shop = `${url}/api/v1/stores/${storeId}`;
  const menu = await fetch(`${shop}/menu`);
  const menuText = await menu.text();
  const random = createRandom('event');
  const chosen = chooseOrder(random, JSON.parse(menuText) as MenuView);
  if (!chosen) throw new Error('Nothing on the menu can be had.');
  const order = await fetch(`${shop}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': orderKey(random, Date.now()) },
    body: JSON.stringify(chosen.request),
  });
  const orderText = await order.text();
  if (order.status !== 201) throw new Error(`The order was answered with ${order.status}: ${orderText}`);
  const { id, token } = JSON.parse(orderText) as { id: string; token: string };
  const status = await fetch(`${shop}/orders/${id}`, { headers: { authorization: `Bearer ${token}` } });
  const file = join(folder, 'canned.json');
  const canned = {
    stores,
    menu: menuText,
    etag: menu.headers.get('etag'),
    order: orderText,
    status: await status.text(),
  };
  await writeFile(file, JSON.stringify(canned));
  return { storeId, file };
}
