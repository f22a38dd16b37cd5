import { benchCacheTiers } from './cache/tiers.ts';
import { benchEventMinute, benchGeneratorCost } from './crowd.ts';
import { benchColumnsApart } from './database/columns-apart.ts';
import { benchDocumentStore } from './database/document-store.ts';
import { benchJobQueues } from './database/job-queues.ts';
import { benchEvent } from './event.ts';
import { benchEventStreams } from './events/streams.ts';
import { benchTicketLatency } from './events/tickets.ts';
import { benchHangingWebhook } from './events/webhooks.ts';
import { benchGrowth } from './growth/growth.ts';
import { benchStores } from './growth/stores.ts';
import { benchIds } from './ids.ts';
import { benchIntake, benchIntakeLatency, benchIntakeMemory } from './intake.ts';
import { benchMenuCache, benchMenuRead } from './menu.ts';
import { benchNodes } from './nodes.ts';
import type { BenchOptions } from './options.ts';
import { benchIntakeAtSize } from './orders/at-size.ts';
import { benchBillCost } from './orders/bill-cost.ts';
import { benchLineCost } from './orders/line-cost.ts';
import { benchIntakeStores } from './orders/many-stores.ts';
import { benchSoldOut } from './orders/sold-out.ts';
import { benchFloodStore } from './overload/flood-store.ts';
import { benchFloodStreams } from './overload/flood-streams.ts';
import { benchOverloadNginx } from './overload/nginx.ts';
import { benchOverload, benchOverloadRetries } from './overload/overload.ts';
import { overloadPictureCommand } from './overload/picture/command.ts';
import { benchRanking } from './ranking.ts';
import { benchRedisCommands } from './redis/commands.ts';
import { benchRollup, benchRollupDay } from './sales/rollup.ts';
import { benchSellingLimited } from './selling-limited.ts';
import { type BenchDatabase, openBenchDatabase } from './support/bench-database.ts';
import { type BenchRow, printRow } from './support/row.ts';
import { benchWaitlist } from './waitlist.ts';

/** Benches of several minutes run only when they are named. */
const ONLY_WHEN_NAMED = new Set([
  'bill-cost',
  'intake-at-size',
  'intake-memory',
  'event',
  'event-minute',
  'selling-limited',
  'rollup',
  'rollup-day',
  'growth',
  'stores',
  'overload',
  'overload-retries',
  'overload-nginx',
  'flood-store',
  'flood-streams',
]);

/** Every bench by the name that `npm run bench -- NAME` takes, in the order in which they run. */
const BENCHES: Readonly<Record<string, (database: BenchDatabase, options: BenchOptions) => Promise<BenchRow[]>>> = {
  'menu-read': benchMenuRead,
  'menu-cache': benchMenuCache,
  'selling-limited': benchSellingLimited,
  'cache-tiers': benchCacheTiers,
  intake: benchIntake,
  'intake-latency': benchIntakeLatency,
  'intake-memory': benchIntakeMemory,
  'bill-cost': benchBillCost,
  'intake-at-size': benchIntakeAtSize,
  'intake-stores': benchIntakeStores,
  nodes: benchNodes,
  waitlist: benchWaitlist,
  rollup: benchRollup,
  'rollup-day': benchRollupDay,
  growth: benchGrowth,
  stores: benchStores,
  ranking: benchRanking,
  'redis-commands': benchRedisCommands,
  'sold-out': benchSoldOut,
  'line-cost': benchLineCost,
  ids: benchIds,
  'columns-apart': benchColumnsApart,
  'document-store': benchDocumentStore,
  'job-queues': benchJobQueues,
  'event-streams': benchEventStreams,
  'ticket-latency': benchTicketLatency,
  'hanging-webhook': benchHangingWebhook,
  'generator-cost': benchGeneratorCost,
  event: benchEvent,
  'event-minute': benchEventMinute,
  overload: benchOverload,
  'overload-retries': benchOverloadRetries,
  'overload-nginx': benchOverloadNginx,
  'flood-store': benchFloodStore,
  'flood-streams': benchFloodStreams,
};

/**
 * Prints ratios, each against a baseline measured in the same run: on a shared machine nothing else can be compared.
 * @returns 0, or 2 for an unknown name or files that cannot be drawn
 */
export async function benchCommand(names: readonly string[], options: BenchOptions = {}): Promise<number> {
  if (names[0] === 'overload-picture') return overloadPictureCommand(names.slice(1), options.out);
  const unknown = names.filter((name) => !(name in BENCHES));
  if (unknown.length > 0) {
    console.error(`There is no bench '${unknown.join(', ')}'; there are: ${Object.keys(BENCHES).join(', ')}.`);
    return 2;
  }
  const database = await openBenchDatabase(options.home);
  try {
    for (const name of names.length > 0 ? names : Object.keys(BENCHES).filter((each) => !ONLY_WHEN_NAMED.has(each))) {
      for (const row of await BENCHES[name]!(database, options)) printRow(row);
    }
  } finally {
    await database.close();
  }
  return 0;
}
