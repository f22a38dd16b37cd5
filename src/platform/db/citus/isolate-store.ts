import type { Db, Queryable } from '../pool.ts';
import { type ClusterNode, listNodes, type NodeAddress, writeAddress } from './nodes.ts';

/** A part of all distributed tables, and the machine that holds it. */
interface Part extends NodeAddress {
  readonly id: number;
  readonly nodeId: number;
  /** Hash values of the stores in it, both ends included. */
  readonly lowest: number;
  readonly highest: number;
  /** Of the store that was asked for. */
  readonly hash: number;
}

export interface Isolated {
  readonly from: NodeAddress;
  readonly to: NodeAddress;
  /** True: it had a part of its own already, which was moved. */
  readonly wasAlone: boolean;
}

/**
 * Gives a store a part of its own on another machine, while orders go on; the other stores of its old part go there as well. Citus' own
 * `isolate_tenant_to_new_shard` leaves the new parts where the old one is, and beside orders then never ends: it makes their keys
 * after it begins to listen for changes, and a row that is changed in between cannot be found in the copy (citusdata/citus#6790). What is divided
 * on its way to another machine has its keys before.
 * @param db one whose statements may take as long as they take
 * @param to unset: the machine with the fewest parts
 * @throws Error when there is no such store or machine, when the store is there already, or when a machine's settings do not allow it
 */
export async function isolateStore(db: Db, storeId: string, to?: NodeAddress): Promise<Isolated> {
  const part = await findPart(db, storeId);
  const target = await findTarget(db, part, to);
  const wasAlone = part.lowest === part.highest;
  if (wasAlone) {
    await db.query('SELECT citus_move_shard_placement($1, $2, $3, $4, $5)', [
      part.id,
      part.host,
      part.port,
      target.host,
      target.port,
    ]);
  } else {
    await requireDecoder(db);
    const ends = splitPoints(part);
    await db.query('SELECT citus_split_shard_by_split_points($1, $2::text[], $3::int[])', [
      part.id,
      ends.map(String),
      Array.from({ length: ends.length + 1 }, () => target.id),
    ]);
  }
  return { from: part, to: target, wasAlone };
}

/** Where the parts before a store's own and its own end. At an end of the old part there is none before or behind it. */
export function splitPoints({ lowest, highest, hash }: Pick<Part, 'lowest' | 'highest' | 'hash'>): number[] {
  return [...(hash > lowest ? [hash - 1] : []), ...(hash < highest ? [hash] : [])];
}

async function findPart(db: Queryable, storeId: string): Promise<Part> {
  const { rows } = await db.query<Part>(
    `SELECT s.shardid AS id, n.nodeid AS "nodeId", n.nodename AS host, n.nodeport AS port,
       s.shardminvalue::int AS lowest, s.shardmaxvalue::int AS highest, worker_hash($1::uuid) AS hash
     FROM pg_dist_shard s JOIN pg_dist_placement p ON p.shardid = s.shardid
       JOIN pg_dist_node n ON n.groupid = p.groupid AND n.noderole = 'primary'
     WHERE s.shardid = get_shard_id_for_distribution_column('store_head', $1::uuid)`,
    [storeId],
  );
  return rows[0]!;
}

async function findTarget(db: Queryable, part: Part, to: NodeAddress | undefined): Promise<ClusterNode> {
  const nodes = await listNodes(db);
  const others = nodes.filter(({ id, isActive, takesStores }) => id !== part.nodeId && isActive && takesStores);
  const [fewest] = others.toSorted((one, other) => one.parts - other.parts);
  const target = to ? others.find(({ host, port }) => host === to.host && port === to.port) : fewest;
  if (target) return target;
  const allowed = others.length > 0 ? `Allowed are ${others.map(writeAddress).join(', ')}` : 'There is no other one';
  throw new Error(
    `${to ? `${writeAddress(to)} cannot take` : 'No machine can take'} a part from ${writeAddress(part)}: a part is divided on its way to another machine that takes stores. ${allowed}.`,
  );
}

/** Some releases of Postgres, such as 15.20, ask for the name of what may read their changes. */
async function requireDecoder(db: Queryable): Promise<void> {
  const { rows } = await db.query<{ setting: string | null }>(
    `SELECT result AS setting FROM run_command_on_all_nodes($$SELECT current_setting('output_plugin_libraries', true)$$)`,
  );
  if (rows.some(({ setting }) => setting && !/\bcitus\b/.test(setting)))
    throw new Error(
      "A part cannot be divided while it is written to: add citus to output_plugin_libraries in every machine's postgresql.conf, and reload it.",
    );
}
