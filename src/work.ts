import type { FastifyBaseLogger } from 'fastify';
import { createChannel } from './channel.ts';
import { BOUNDS, type Config } from './config.ts';
import { systemClock } from './platform/clock.ts';
import { openDb } from './platform/db/pool.ts';
import { createLockStores } from './store/index.ts';
import { connectToldRedis, createToldInProcess } from './told.ts';

export interface Worker {
  /** Finishes the jobs under way, takes no new ones. */
  close(): Promise<void>;
}

/** Works the channel off in a process that serves nobody. @throws the database's error when it cannot be reached */
export async function startWork(config: Config, databaseUrl: string, log: FastifyBaseLogger): Promise<Worker> {
  const db = openDb({
    url: databaseUrl,
    connectionsMax: BOUNDS.dbConnectionsMax,
    statementTimeoutMs: BOUNDS.dbStatementTimeoutMs,
    applicationName: 'matjip-work',
    onIdleError: (error) => log.warn({ reason: error.message }, 'An idle database connection was lost.'),
  });
  const told = config.redisUrl
    ? await connectToldRedis(config.redisUrl, db, log)
    : createToldInProcess(databaseUrl, db, log);
  const channel = createChannel({
    config,
    db,
    lockStores: createLockStores(false),
    announcer: told.announcer,
    now: systemClock,
    log,
  });
  const runner = await channel.start(databaseUrl);
  return {
    async close() {
      await runner.stop();
      await channel.close();
      await told.close();
      await db.close();
    },
  };
}
