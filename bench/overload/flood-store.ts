import { setTimeout as delay } from 'node:timers/promises';
import { openPhones } from '../../rehearsal/crowd/run-phones.ts';
import type { Usefulness } from '../../rehearsal/crowd/usefulness.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { startServer } from '../support/processes.ts';
import type { BenchRow } from '../support/row.ts';
import { CROWD_CORE, crowdCommand, pinTree, postmasterOf, SERVER_CORE } from './one-core.ts';
import type { OverloadOptions } from './options.ts';
import { unlimitedStores } from './stage.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
const SECONDS = 15;
/** A busy dining room's. */
const GUESTS = 500;
const GUESTS_PER_S = 20;
/** Several times what one core takes. */
const FLOOD = 6_000;
const FLOOD_PER_S = 4_000;
const ORDERS = { menu: 0, order: 1, status: 0 };
const SETTLE_MS = 2_000;

/** Guests of one store order, first alone and then beside a flood of orders at another store of the same process. Bounds by client are on. */
export async function benchFloodStore(database: BenchDatabase, options: OverloadOptions): Promise<BenchRow[]> {
  const opened = new AsyncDisposableStack();
  try {
    return await measure(database, options, opened);
  } finally {
    await opened.disposeAsync();
  }
}

async function measure(
  database: BenchDatabase,
  { seconds = SECONDS }: OverloadOptions,
  opened: AsyncDisposableStack,
): Promise<BenchRow[]> {
  pinTree(process.pid, CROWD_CORE);
  pinTree(postmasterOf(database.folder), SERVER_CORE);
  const server = await startServer(MATJIP, { DATABASE_URL: database.url, PORT: '0', LIMITS: 'on' }, SERVER_CORE);
  opened.defer(() => server.stop());
  const url = `http://127.0.0.1:${server.port}`;
  const [flooded, other] = await unlimitedStores(url, 2);
  const crowdOf = async (storeId: string, phones: number) => {
    const crowd = await openPhones({ url, storeId, phones, seed: storeId, command: crowdCommand() });
    opened.defer(() => crowd.close());
    return crowd;
  };
  const guests = await crowdOf(other!, GUESTS);
  const flood = await crowdOf(flooded!, FLOOD);
  const order = () => guests.offer({ rate: GUESTS_PER_S, durationS: seconds, mix: ORDERS, retry: 'never' });
  await order();
  const quiet = await order();
  const flooding = flood.offer({
    rate: FLOOD_PER_S,
    durationS: seconds + SETTLE_MS / 1_000,
    mix: ORDERS,
    retry: 'never',
  });
  await delay(SETTLE_MS);
  const beside = await order();
  const crowd = await flooding;
  const right = ({ kinds: { order: of } }: Usefulness) => (of.useful + of.late) / of.planned;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const took = ({ orderMs }: Usefulness) => `p50 ${orderMs.p50?.toFixed(0)} ms, p99 ${orderMs.p99?.toFixed(0)} ms`;
  return [
    {
      what: 'flood-store: orders taken at another store',
      ours: percent(right(beside)),
      baseline: `of the flood ${percent(right(crowd))} of ${FLOOD_PER_S}/s`,
      ratio: right(beside),
      goal: { atLeast: 0.99 },
    },
    {
      what: 'flood-store: time of an order at another store',
      ours: took(beside),
      baseline: `quiet ${took(quiet)}`,
      ratio: (beside.orderMs.p99 ?? Number.POSITIVE_INFINITY) / (quiet.orderMs.p99 ?? 1),
      goal: { atMost: 2 },
    },
  ];
}
