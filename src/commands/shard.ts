import { BOUNDS, type Config } from '../config.ts';
import { pacing } from '../kitchen/index.ts';
import { isolateStore } from '../platform/db/citus/isolate-store.ts';
import {
  addNode,
  type ClusterNode,
  emptyNode,
  listNodes,
  type NodeAddress,
  nameCoordinator,
  writeAddress,
} from '../platform/db/citus/nodes.ts';
import { findUnplaced, placeTables } from '../platform/db/citus/place-tables.ts';
import { findObstacles, placeOf } from '../platform/db/citus/places.ts';
import { readSchema } from '../platform/db/citus/read-schema.ts';
import { followRebalance, type Rebalance, readRebalance, startRebalance } from '../platform/db/citus/rebalance.ts';
import { NoCitusError, requireCitus } from '../platform/db/citus/require-citus.ts';
import { withDatabase } from '../platform/db/commands/with-database.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { prepareJobs } from '../platform/jobs/prepare.ts';
import { findStores } from '../store/index.ts';

export interface ShardCommandOptions {
  readonly log?: (line: string) => void;
}

export interface ShardInitOptions extends ShardCommandOptions {
  /** How the other machines reach the one in DATABASE_URL; unset: as it stands there. */
  readonly coordinator?: NodeAddress | undefined;
  /** Into how many parts stores are divided, for good. */
  readonly parts?: number | undefined;
}

type DatabaseConfig = Pick<Config, 'databaseUrl' | 'home'>;

/** `matjip shard init --plan`: where each table would go, and what stands in the way; it needs no Citus and changes nothing. */
export async function shardPlanCommand(
  config: DatabaseConfig,
  { log = console.log }: ShardCommandOptions = {},
): Promise<void> {
  await withDatabase(config, async (db) => {
    const tables = await readSchema(db);
    for (const place of ['reference', 'distributed', 'local'] as const) {
      const names = tables.filter((table) => placeOf(table) === place).map(({ name }) => name);
      log(`${ABOUT[place]}: ${names.join(', ')}.`);
    }
    log(
      'On the coordinator only, beside them: the job queue (schema graphile_worker), LISTEN and NOTIFY, advisory locks.',
    );
    const obstacles = findObstacles(tables);
    if (obstacles.length > 0) throw new Error(`This schema cannot be distributed:\n${obstacles.join('\n')}`);
  });
}

const ABOUT = {
  reference: 'Whole on every machine',
  distributed: 'By store, all that belongs to a store on one machine',
  local: 'On the coordinator only',
};

/**
 * `matjip shard init`: gives every table its place. It may be killed and run again, and it is run again after an upgrade with new tables.
 * @throws NoCitusError; Error while processes of Matjip are connected
 */
export async function shardInitCommand(
  config: DatabaseConfig,
  { coordinator, parts = BOUNDS.shards.parts, log = console.log }: ShardInitOptions = {},
): Promise<void> {
  await onCoordinator(config, { make: true }, async (db, url) => {
    await refuseBeside(db);
    await prepareJobs(url);
    await nameCoordinator(db, coordinator ?? addressOf(url));
    await placeTables(db, parts, log);
    log('Every table has its place. Start Matjip again: it sees by itself what the database is.');
  });
}

/** `matjip shard add-node HOST:PORT` @throws NoCitusError; the database's error when the machine cannot be taken in */
export async function shardAddNodeCommand(
  config: DatabaseConfig,
  node: NodeAddress,
  { log = console.log }: ShardCommandOptions = {},
): Promise<void> {
  await onCoordinator(config, { make: false }, async (db) => {
    const nodes = await listNodes(db);
    const coordinator = nodes.find(({ isCoordinator }) => isCoordinator);
    if (!coordinator) throw new NoCitusError('This database is not distributed yet: `matjip shard init` does that.');
    if (isLoopback(coordinator.host) && !isLoopback(node.host)) {
      throw new Error(
        `${writeAddress(node)} cannot reach the coordinator as ${coordinator.host}: \`matjip shard init --coordinator HOST[:PORT]\` names it by an address of its network.`,
      );
    }
    await addNode(db, node);
    log(
      `${writeAddress(node)} is one of ${nodes.length + (nodes.some((each) => isSame(each, node)) ? 0 : 1)} machines. \`matjip shard rebalance\` gives it stores.`,
    );
  });
}

/** `matjip shard rebalance` @throws NoCitusError; Error when it did not come to a good end */
export async function shardRebalanceCommand(
  config: DatabaseConfig,
  {
    drain,
    wait = true,
    log = console.log,
  }: ShardCommandOptions & { readonly drain?: NodeAddress | undefined; readonly wait?: boolean } = {},
): Promise<void> {
  await onCoordinator(config, { make: false }, async (db) => {
    if (drain) await emptyNode(db, drain);
    const id = await startRebalance(db);
    if (id === undefined) return log('Stores are spread evenly already.');
    log(`Rebalance ${id} goes on in the background; \`matjip shard status\` shows how far it is.`);
    if (wait) await followRebalance(db, BOUNDS.shards.lookEveryMs, (now) => log(describeRebalance(now)));
  });
}

/**
 * `matjip shard isolate SLUG`: a store that is larger than its neighbours gets a part of its own, which moves by itself.
 * @throws NoCitusError; Error when there is no such store, or no machine that it could go to
 */
export async function shardIsolateCommand(
  config: DatabaseConfig,
  slug: string,
  { to, log = console.log }: ShardCommandOptions & { readonly to?: NodeAddress | undefined } = {},
): Promise<void> {
  await onCoordinator(config, { make: false }, async (db) => {
    if (!db.isSharded) throw new NoCitusError('No store has a part yet: `matjip shard init` gives them some.');
    const [store] = await findStores({ db, pacing, now: Date.now }, [], [slug]);
    if (!store) throw new Error(`There is no store '${slug}'; \`matjip store list\` shows them.`);
    const { from, to: at, wasAlone } = await isolateStore(db, store.id, to);
    log(
      wasAlone
        ? `${slug} has a part of its own, which is on ${writeAddress(at)} now.`
        : `${slug} has a part of its own on ${writeAddress(at)}. The other stores of its old part came along from ${writeAddress(from)}: \`matjip shard rebalance\` spreads them.`,
    );
  });
}

/** `matjip shard status` @throws NoCitusError */
export async function shardStatusCommand(
  config: DatabaseConfig,
  { json = false, log = console.log }: ShardCommandOptions & { readonly json?: boolean } = {},
): Promise<void> {
  await onCoordinator(config, { make: false }, async (db) => {
    const [nodes, unplaced, rebalance] = [await listNodes(db), await findUnplaced(db), await readRebalance(db)];
    if (json) return log(JSON.stringify({ nodes, unplaced, rebalance: rebalance ?? null }, null, 2));
    for (const node of nodes) log(describeNode(node));
    if (rebalance) log(describeRebalance(rebalance));
    if (unplaced.length > 0) log(`Not in their place yet: ${unplaced.join(', ')}. \`matjip shard init\` places them.`);
  });
}

async function onCoordinator(
  config: DatabaseConfig,
  options: { readonly make: boolean },
  work: (db: Db, url: string) => Promise<void>,
): Promise<void> {
  if (!config.databaseUrl) {
    throw new NoCitusError(
      'DATABASE_URL is not set, and the embedded Postgres has no Citus: name the coordinator of one there.',
    );
  }
  const onDatabase = async (db: Db, url: string): Promise<void> => {
    await requireCitus(db, options);
    await work(db, url);
  };
  // All rows of a table are copied by one statement, and a store of years is as large as it is.
  await withDatabase(config, onDatabase, { statementTimeoutMs: 0 });
}

/** While a table is copied nobody writes to it, and who runs already would go on as on one machine. */
async function refuseBeside(db: Queryable): Promise<void> {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'matjip-%'`,
  );
  const { count } = rows[0]!;
  if (count > 0)
    throw new Error(`Matjip is running on this database (${count} connections): stop it first, on every machine.`);
}

function addressOf(url: string): NodeAddress {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 5432) };
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

const isSame = (one: NodeAddress, other: NodeAddress): boolean => one.host === other.host && one.port === other.port;

function describeNode(node: ClusterNode): string {
  const { isCoordinator, isActive, takesStores, parts, bytes } = node;
  return [
    `${writeAddress(node)}${isCoordinator ? ' (coordinator)' : ''}: ${parts} parts, ${(bytes / 2 ** 20).toFixed(0)} MiB`,
    ...(isActive ? [] : ['not active']),
    ...(takesStores ? [] : ['takes no stores']),
  ].join(', ');
}

function describeRebalance({ id, state, done, tasks, trouble, moves, isStalled }: Rebalance): string {
  return [
    `Rebalance ${id}: ${state}, ${done} of ${tasks} moves done${trouble ? ` (${trouble})` : ''}.`,
    ...moves.map(
      ({ from, to, phase, copiedBytes, bytes }) =>
        `  ${from} to ${to}: ${phase.toLowerCase()}, ${toMib(copiedBytes)} of ${toMib(bytes)} MiB copied`,
    ),
    ...(isStalled
      ? [
          '  Nobody works on it. Citus begins within seconds, unless all of max_worker_processes are taken: each database with Citus on a server takes one for good, and a rebalance two more.',
        ]
      : []),
  ].join('\n');
}

const toMib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
