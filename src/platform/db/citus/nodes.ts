import type { Queryable } from '../pool.ts';

export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

export const writeAddress = ({ host, port }: NodeAddress): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Names the coordinator by the address at which the other machines find it, and lets it hold stores while it is alone. */
export async function nameCoordinator(db: Queryable, { host, port }: NodeAddress): Promise<void> {
  const { rows } = await db.query<NodeAddress>(
    `SELECT nodename AS host, nodeport AS port FROM pg_dist_node WHERE groupid = 0 AND noderole = 'primary'`,
  );
  if (rows[0]?.host !== host || rows[0].port !== port)
    await db.query('SELECT citus_set_coordinator_host($1, $2)', [host, port]);
  await db.query(
    `SELECT citus_set_node_property($1, $2, 'shouldhaveshards', true)
     WHERE NOT EXISTS (SELECT FROM pg_dist_node WHERE isactive AND noderole = 'primary' AND shouldhaveshards)`,
    [host, port],
  );
}

/** Takes a machine in: it gets what every machine has, and stores when they are spread anew. Taking one in twice does no harm. */
export async function addNode(db: Queryable, { host, port }: NodeAddress): Promise<void> {
  await db.query('SELECT citus_add_node($1, $2)', [host, port]);
  // What migration 84 says of the coordinator's database. Said here it reaches the others; said there they refuse it.
  await db.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET jit = off', current_database()); END $$`);
}

/** One machine as Citus knows it. */
export interface ClusterNode extends NodeAddress {
  /** Citus' own. */
  readonly id: number;
  readonly isCoordinator: boolean;
  readonly isActive: boolean;
  /** Whether it is to hold stores. */
  readonly takesStores: boolean;
  /** Parts of the distributed tables that it holds, each with all that belongs to the stores in it. */
  readonly parts: number;
  readonly bytes: number;
}

export async function listNodes(db: Queryable): Promise<ClusterNode[]> {
  const { rows } = await db.query<ClusterNode>(
    `SELECT n.nodeid AS id, n.nodename AS host, n.nodeport AS port, n.groupid = 0 AS "isCoordinator", n.isactive AS "isActive",
       n.shouldhaveshards AS "takesStores",
       count(*) FILTER (WHERE s.table_name = 'store_head'::regclass)::int AS parts,
       coalesce(sum(s.shard_size) FILTER (WHERE s.citus_table_type = 'distributed'), 0)::float8 AS bytes
     FROM pg_dist_node n LEFT JOIN citus_shards s ON s.nodename = n.nodename AND s.nodeport = n.nodeport
     WHERE n.noderole = 'primary' GROUP BY n.nodeid, n.nodename, n.nodeport, n.groupid, n.isactive, n.shouldhaveshards
     ORDER BY n.groupid`,
  );
  return rows;
}

/** Lets a machine take no stores any more: those that it has leave it when stores are spread anew. */
export async function emptyNode(db: Queryable, { host, port }: NodeAddress): Promise<void> {
  await db.query(`SELECT citus_set_node_property($1, $2, 'shouldhaveshards', false)`, [host, port]);
}
