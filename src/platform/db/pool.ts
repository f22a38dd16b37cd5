import pg from 'pg';
import { spreadRetryAfterS } from '../http/answer/retry-after.ts';
import { Problem } from '../http/problem.ts';
import { isSharded } from './citus/is-sharded.ts';
import { restoreCode } from './citus/restore-code.ts';
import { closeAtOnce } from './close-at-once.ts';
import {
  addressOf,
  beginningsOf,
  type DbOptions,
  statementTimeoutMsOf,
  timeoutsOf,
  types,
} from './connection-settings.ts';
import type { Db, QueryResult } from './queryable.ts';
import { runTransaction } from './transaction.ts';

export type { DbOptions } from './connection-settings.ts';
export type { Db, Queryable, QueryResult, Transaction } from './queryable.ts';

/** A healthy database reports its own time-out well within this; more would be added to what a request waits for a frozen one. */
const SILENCE_MS = 250;

/**
 * Opens a bounded pool. Nothing connects before the first query.
 * @throws (from `query`) pg's DatabaseError with its SQLSTATE in `code`, a connection error, or Problem `busy`.
 */
export function openDb(options: DbOptions): Db {
  const statementTimeoutMs = statementTimeoutMsOf(options);
  const beginnings = beginningsOf(options);
  const sharding = options.sharding ?? { isSharded: false };
  const connectionsMax = options.connectionsMax ?? 10;
  const connectionsMin = Math.min(options.connectionsMin ?? 0, connectionsMax);
  const pool = new pg.Pool({
    connectionString: addressOf(options),
    max: connectionsMax,
    min: connectionsMin,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 3_000,
    idleTimeoutMillis: 30_000,
    application_name: options.applicationName ?? 'matjip',
    ...(!options.pooled && timeoutsOf(options)),
    keepAlive: true,
    // Statements of one transaction go out together where they do not need each other's answers.
    pipeline: true,
    types,
    // Each connection asks anew: a database becomes a sharded one while nobody is connected.
    async onConnect(client) {
      sharding.isSharded = await isSharded({ query: (text) => run(client as pg.PoolClient, text) });
    },
  } as pg.PoolConfig);
  pool.on('error', (error) => options.onIdleError?.(error));
  // For good: the pool's own listener hears one error of a connection in use, and a crash of the database makes two. Whoever uses
  // the connection hears of it by the statement that fails.
  pool.on('connect', (client) => client.on('error', () => {}));

  let isFilling = false;
  /** Together, so that none is handed out twice. What cannot be opened now is when it is needed. */
  async function fill(): Promise<void> {
    isFilling = true;
    const missing = Array.from({ length: connectionsMin - pool.totalCount }, () => pool.connect());
    for (const opened of await Promise.allSettled(missing)) {
      if (opened.status === 'fulfilled') opened.value.release();
    }
    isFilling = false;
  }
  pool.on('connect', () => {
    if (!isFilling && !pool.ending && pool.totalCount < connectionsMin) void fill();
  });

  // The database ends a statement that takes too long; this ends the wait for a database that says nothing at all, also to a COMMIT.
  const silenceMs = statementTimeoutMs > 0 ? statementTimeoutMs + SILENCE_MS : undefined;
  const { breaker } = options;
  const answered = <T>(on: pg.PoolClient, given: Promise<T>): Promise<T> => {
    const answer = sharding.isSharded
      ? given.catch((error) => {
          throw restoreCode(error);
        })
      : given;
    const asked = breaker ? breaker.ask(answer) : answer;
    return silenceMs === undefined ? asked : hangUpWhenSilent(on, asked, silenceMs, distrust);
  };
  const run = async <R extends object>(
    on: pg.PoolClient,
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<QueryResult<R>> => {
    const result = await answered(
      on,
      on.query<R>({ text, ...(values && { values: values as unknown[] }), ...(name && !options.pooled && { name }) }),
    );
    return { rows: result.rows, rowCount: result.rowCount ?? 0 };
  };

  const waitingMax = options.waitingMax ?? Number.POSITIVE_INFINITY;
  const inUse = new Set<pg.PoolClient>();
  // What silenced one connection (a firewall that forgot it, a line that leads nowhere) has mostly silenced those that lie idle, too:
  // whoever tried once more on one of them would wait as long again.
  let silences = 0;
  const distrust = () => {
    silences += 1;
  };
  const openedAfter = new WeakMap<object, number>();
  pool.on('connect', (client) => openedAfter.set(client, silences));
  breaker?.onSilence(() => {
    distrust();
    for (const client of inUse) closeAtOnce(client as unknown as pg.Client);
  });

  /** One of the pool's, opened since the database was last silent. */
  async function connect(): Promise<pg.PoolClient> {
    for (;;) {
      const isNew = pool.idleCount === 0 && pool.totalCount < pool.options.max;
      const connecting = pool.connect();
      const connected = isNew ? breaker?.ask(connecting) : breaker?.wait(connecting);
      const client = await (connected ?? connecting).catch((error) => {
        connecting.then((late) => late.release()).catch(() => {});
        throw error;
      });
      if (openedAfter.get(client) === silences) return client;
      closeAtOnce(client as unknown as pg.Client);
      client.release(true);
    }
  }

  /** A connection of one's own until it is given back, with the error that it broke by meanwhile. */
  async function take(): Promise<{ client: pg.PoolClient; giveBack(error?: Error): void }> {
    if (pool.waitingCount >= waitingMax) throw new Problem('busy', { retryAfterS: spreadRetryAfterS(1, 3) });
    breaker?.check();
    const client = await connect();
    inUse.add(client);
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    return {
      client,
      giveBack(error) {
        inUse.delete(client);
        client.off('error', onError);
        client.release(broken ?? error);
      },
    };
  }

  return {
    get isSharded() {
      return sharding.isSharded;
    },
    async query(text, values, name) {
      const { client, giveBack } = await take();
      try {
        return await run(client, text, values, name);
      } finally {
        giveBack();
      }
    },
    async transaction(work) {
      const { client, giveBack } = await take();
      const { isSharded } = sharding;
      let broken: Error | undefined;
      try {
        return await runTransaction(
          {
            client,
            isSharded,
            begin: isSharded ? beginnings.sharded : beginnings.alone,
            run: (text, values, name) => run(client, text, values, name),
            answered: (answer) => answered(client, answer),
            onBroken(error) {
              broken = error;
            },
          },
          work,
        );
      } finally {
        giveBack(broken);
      }
    },
    close: () => pool.end(),
  };
}

/**
 * Closes the connection when no answer comes: everything that waits on it fails then. Here and not by the driver, whose clock also
 * counts the time in which this process itself was too busy to read the answer that lay there.
 */
async function hangUpWhenSilent<T>(
  client: pg.PoolClient,
  answer: Promise<T>,
  silenceMs: number,
  onSilence: () => void,
): Promise<T> {
  let settled = false;
  const late = () => {
    if (settled) return;
    onSilence();
    closeAtOnce(client as unknown as pg.Client);
  };
  const timer = setTimeout(() => setImmediate(setImmediate, late), silenceMs);
  try {
    return await answer;
  } finally {
    settled = true;
    clearTimeout(timer);
  }
}
