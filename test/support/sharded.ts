import pg from 'pg';
import { CITUS_URL } from './citus.ts';
import { testDatabase } from './postgres.ts';

/**
 * A database that says of itself that its stores are spread over machines, although they are not: what follows from it, such as locks
 * store by store, is then tested where there is no Citus. Where there is, one whose stores really are.
 */
export async function shardedDatabase(): Promise<string> {
  const { url } = await testDatabase();
  if (CITUS_URL) return url;
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`CREATE TABLE pg_dist_partition (logicalrelid regclass, partmethod "char");
    INSERT INTO pg_dist_partition VALUES ('store_head', 'h')`);
  await client.end();
  return url;
}
