import pg from 'pg';
import { addNode, type NodeAddress, nameCoordinator } from '../../src/platform/db/citus/nodes.ts';
import { placeTables } from '../../src/platform/db/citus/place-tables.ts';
import { requireCitus } from '../../src/platform/db/citus/require-citus.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';

/**
 * The coordinator of a Citus that tests may make databases on, as a superuser, and the addresses of its workers: `CITUS_NODES`, parted by
 * commas, or those that the coordinator's database knows. The same name and password open all of them.
 */
export const CITUS_URL = process.env.CITUS_URL;

/** Why what needs Citus is skipped; false where it is not. */
export const WITHOUT_CITUS: string | false = CITUS_URL ? false : 'CITUS_URL is not set: no Citus to run it on';

/** The first is the coordinator. */
export async function citusNodes(): Promise<NodeAddress[]> {
  const url = new URL(CITUS_URL!);
  const coordinator = { host: url.hostname, port: Number(url.port || 5432) };
  const named = process.env.CITUS_NODES?.split(',').filter(Boolean);
  if (named)
    return [
      coordinator,
      ...named.map((each) => ({ host: new URL(`pg://${each}`).hostname, port: Number(each.split(':').at(-1)) })),
    ];
  const rows = await onNode(coordinator, url.pathname.slice(1), async (client) => {
    const { rows } = await client.query<NodeAddress>(
      `SELECT nodename AS host, nodeport AS port FROM pg_dist_node WHERE groupid <> 0 AND noderole = 'primary' ORDER BY nodeid`,
    );
    return rows;
  });
  return [coordinator, ...rows];
}

export function addressOn({ host, port }: NodeAddress, database: string): string {
  const url = new URL(CITUS_URL!);
  url.hostname = host;
  url.port = String(port);
  url.pathname = `/${database}`;
  return url.href;
}

async function onNode<T>(node: NodeAddress, database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: addressOn(node, database) });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** An empty database of one name on every machine. Nothing of it is distributed yet. */
export async function emptyCitusDatabase(
  nodes: readonly NodeAddress[],
): Promise<{ name: string; drop(): Promise<void> }> {
  const name = newName();
  await makeEmpty(nodes, name);
  return { name, drop: () => dropCitusDatabase(nodes, name) };
}

const newName = () => `test_${process.pid}_${crypto.randomUUID().slice(0, 8)}`;

/** Where databases are made and dropped from: Citus leaves that to each machine. */
const maintenance = () => new URL(CITUS_URL!).pathname.slice(1) || 'postgres';

async function makeEmpty(nodes: readonly NodeAddress[], name: string): Promise<void> {
  for (const node of nodes) {
    await onNode(node, maintenance(), (client) => client.query(`CREATE DATABASE ${name}`));
    await onNode(node, name, (client) => client.query('CREATE EXTENSION citus'));
  }
}

export async function dropCitusDatabase(nodes: readonly NodeAddress[], name: string): Promise<void> {
  for (const node of nodes) {
    await onNode(node, maintenance(), (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  }
}

/** Where the run says what its distributed database is called that others are clones of; `test/support/run.ts` drops it. */
export const CITUS_TEMPLATE = 'MATJIP_TEST_CITUS_TEMPLATE';

/**
 * A distributed database with all migrations. Distributing one takes many seconds, so within a run the first caller does it, and all
 * others have clones, machine by machine: a catalogue of Citus is as good in a copy, since it names machines and not databases.
 */
export async function distributedDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const nodes = await citusNodes();
  const template = process.env[CITUS_TEMPLATE];
  const name = newName();
  const made = { url: addressOn(nodes[0]!, name), drop: () => dropCitusDatabase(nodes, name) };
  if (!template) {
    await makeEmpty(nodes, name);
    await distribute(made.url, nodes);
    return made;
  }
  await onNode(nodes[0]!, maintenance(), async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1 AND NOT datallowconn', [
      template,
    ]);
    if (rowCount === 0) await makeTemplate(nodes, template);
  });
  for (const node of nodes) {
    await onNode(node, maintenance(), async (client) => {
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      // What is set for a database is no part of it: see migration 84 for what this does to making tickets.
      await client.query(`ALTER DATABASE ${name} SET jit = off`);
    });
  }
  return made;
}

const TEMPLATE_LOCK = 7_214_002;

/** The coordinator's is closed last: then it is complete. */
async function makeTemplate(nodes: readonly NodeAddress[], template: string): Promise<void> {
  await dropCitusDatabase(nodes, template);
  await makeEmpty(nodes, template);
  await distribute(addressOn(nodes[0]!, template), nodes);
  for (const node of nodes.toReversed()) {
    await onNode(node, maintenance(), async (client) => {
      // What is connected, Citus' own daemon too, would stand in the way of copies.
      await client.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
      await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [template]);
    });
  }
}

/** Parts of a table in tests: a new one of many takes seconds for each of forty tables. */
const SHARDS = 4;

/** Migrates and distributes a database, and gives these machines its stores. */
async function distribute(url: string, [coordinator, ...workers]: readonly NodeAddress[]): Promise<void> {
  await migrate({ url });
  await prepareJobs(url);
  const db = openDb({ url, connectionsMax: 1, statementTimeoutMs: 0 });
  try {
    await requireCitus(db, { make: true });
    for (const worker of workers) {
      await nameCoordinator(db, coordinator!);
      await addNode(db, worker);
    }
    await nameCoordinator(db, coordinator!);
    await placeTables(db, SHARDS, () => {});
  } finally {
    await db.close();
  }
}
