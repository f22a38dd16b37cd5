import { once } from 'node:events';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { COPY_TARGETS, createOrderRows, type OrderRows } from './order-rows.ts';

const TABLES = Object.keys(COPY_TARGETS) as (keyof OrderRows)[];

/** Takes batches of rows to the database. */
export interface OrderLoader {
  /**
   * Sends a batch in one transaction while the caller goes on with the next. Waits only while every connection is
   * busy, so that memory stays bounded.
   * @returns empty buffers for the next batch
   * @throws what an earlier batch failed with
   */
  send(rows: OrderRows, orders: number): Promise<OrderRows>;
  /**
   * Waits for what is under way and closes.
   * @throws what a batch failed with
   */
  finish(): Promise<void>;
  abort(): Promise<void>;
}

/**
 * @param connections batches under way at once: two keep a second core busy while this process makes the next batch
 * @param onLoaded told how many orders a committed batch had
 */
export async function openOrderLoader(
  url: string,
  connections: number,
  onLoaded: (orders: number) => void,
): Promise<OrderLoader> {
  const clients = await Promise.all(Array.from({ length: connections }, () => connect(url)));
  const free = [...clients];
  const buffers = Array.from({ length: connections }, createOrderRows);
  const underway = new Set<Promise<void>>();
  let failure: unknown;

  async function load(rows: OrderRows, orders: number): Promise<void> {
    const client = free.pop()!;
    try {
      await client.query('BEGIN');
      for (const table of TABLES) {
        if (!rows[table].isEmpty) await copy(client, COPY_TARGETS[table], rows[table].finish());
      }
      await client.query('COMMIT');
      onLoaded(orders);
    } catch (error) {
      failure ??= error;
    } finally {
      for (const table of TABLES) rows[table].clear();
      free.push(client);
      buffers.push(rows);
    }
  }

  const close = async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
  };

  return {
    async send(rows, orders) {
      while (free.length === 0) await Promise.race(underway);
      if (failure) throw failure;
      const loading = load(rows, orders).finally(() => underway.delete(loading));
      underway.add(loading);
      return buffers.pop()!;
    },
    async finish() {
      await Promise.all(underway);
      await close();
      if (failure) throw failure;
    },
    async abort() {
      await Promise.all(underway);
      await close();
    },
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'matjip seed' });
  // A broken connection fails the query that is under way; here it is only kept from ending the process.
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function copy(client: pg.Client, target: string, rows: Buffer): Promise<void> {
  const stream = client.query(from(`COPY ${target} FROM STDIN WITH (FORMAT binary)`));
  const finished = once(stream, 'finish');
  stream.end(rows);
  await finished;
}
