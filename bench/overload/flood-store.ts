import { setTimeout as delay } from 'node:timers/promises';
import { openPhones } from '../../rehearsal/crowd/run-phones.ts';
import type { Usefulness } from '../../rehearsal/crowd/usefulness.ts';
import { quantileInterval, ratioInterval, type Seconds } from '../../rehearsal/stats/quantile-interval.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { startServer } from '../support/processes.ts';
import type { BenchRow } from '../support/row.ts';
import { CROWD_CORE, crowdCommand, pinTree, postmasterOf, SERVER_CORE } from './one-core.ts';
import type { OverloadOptions } from './options.ts';
import { generatorLimit } from './rows.ts';
import { unlimitedStores } from './stage.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
/** Half of that before the flood, half after it, and as long beside it. */
const SECONDS = 60;
/** A busy dining room's. */
const GUESTS = 500;
/** In a minute 2,400: a hundredth of them are 24 and no accident. Of 300 it was three, and the quiet p99 46 to 469 ms in six runs. */
const GUESTS_PER_S = 40;
/** Several times what one core takes. */
const FLOOD = 6_000;
const FLOOD_PER_S = 4_000;
const ORDERS = { menu: 0, order: 1, status: 0 };
const SETTLE_MS = 2_000;
const WARM_UP_S = 5;
/** As many times as long as without the flood, the 99th of a hundred orders at most. */
const TIMES_MAX = 2;
const GOAL_SHARE = 0.99;

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
  const order = (durationS: number) =>
    guests.offer({ rate: GUESTS_PER_S, durationS, mix: ORDERS, retry: 'never', keepsOrderTimes: true });
  await order(WARM_UP_S);
  const before = await order(seconds / 2);
  const flooding = flood.offer({
    rate: FLOOD_PER_S,
    durationS: seconds + SETTLE_MS / 1_000,
    mix: ORDERS,
    retry: 'never',
  });
  await delay(SETTLE_MS);
  const beside = await order(seconds);
  const crowd = await flooding;
  await delay(SETTLE_MS);
  const after = await order(seconds / 2);
  const right = ({ kinds: { order: of } }: Usefulness) => (of.useful + of.late) / of.planned;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const loud = beside.orderTimes!;
  const quiet = [...before.orderTimes!, ...after.orderTimes!];
  const limit = [before, beside, after].map(generatorLimit).find(Boolean);
  return [
    {
      what: 'flood-store: orders taken at another store',
      ours: percent(right(beside)),
      baseline: `of the flood ${percent(right(crowd))} of ${FLOOD_PER_S}/s`,
      ratio: right(beside),
      goal: { atLeast: 0.99 },
    },
    ...[0.5, 0.95, 0.99].map((share) => timeRow(share, loud, quiet, limit)),
  ];
}

/** The quantile beside the flood and without it, over as many orders each. Where chance reaches over the goal there is no verdict. */
function timeRow(share: number, loud: Seconds, quiet: Seconds, limit: string | undefined): BenchRow {
  const say = (seconds: Seconds) => {
    const { low, middle, high } = quantileInterval(seconds, share);
    return `${middle.toFixed(0)} ms (${low.toFixed(0)} to ${high.toFixed(0)})`;
  };
  const { low, middle, high } = ratioInterval(quiet, loud, share);
  const isOpen = low <= TIMES_MAX && TIMES_MAX < high;
  const chance = `× ${low.toFixed(2)} to ${high.toFixed(2)}`;
  return {
    what: `flood-store: p${100 * share} of an order at another store`,
    ours: `${say(loud)} of ${loud.flat().length}`,
    baseline: `quiet ${say(quiet)}, ${limit || isOpen ? `NO VERDICT: ${limit ?? chance}` : chance}`,
    ratio: middle,
    ...(share === GOAL_SHARE && !limit && !isOpen && { goal: { atMost: TIMES_MAX } }),
  };
}
