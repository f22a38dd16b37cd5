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
  const maintenance = new URL(CITUS_URL!).pathname.slice(1) || 'postgres';
  const name = `test_${process.pid}_${crypto.randomUUID().slice(0, 8)}`;
  for (const node of nodes) {
    await onNode(node, maintenance, (client) => client.query(`CREATE DATABASE ${name}`));
    await onNode(node, name, (client) => client.query('CREATE EXTENSION citus'));
  }
  return {
    name,
    async drop() {
      for (const node of nodes) {
        await onNode(node, maintenance, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
      }
    },
  };
}

/** Parts of a table in tests: a new one of many takes seconds for each of forty tables. */
const SHARDS = 4;

/** Migrates and distributes a database, and gives these machines its stores. */
export async function distribute(url: string, [coordinator, ...workers]: readonly NodeAddress[]): Promise<void> {
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
