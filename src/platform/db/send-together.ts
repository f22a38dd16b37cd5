import type { Writable } from 'node:stream';
import type pg from 'pg';

/**
 * Holds back what is sent over a connection, so that it leaves as one write.
 * @returns sends it; to be called once, whatever happened meanwhile
 */
export function sendTogether(client: pg.PoolClient): () => void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
  stream.cork();
  return () => stream.uncork();
}
