import pg from 'pg';

/**
 * One piece of work on a connection of its own, closed after it.
 * @throws what connecting or the work throws; a connection that breaks fails the statement that is under way, or the next
 */
export async function withClient<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config);
  // Without somebody who listens it would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
