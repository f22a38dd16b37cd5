import pg from 'pg';
import { spreadRetryAfterS } from '../http/answer/retry-after.ts';
import { Problem } from '../http/problem.ts';
import { beginAfterCommit } from './after-commit.ts';
import { isSharded } from './citus/is-sharded.ts';
import { restoreCode } from './citus/restore-code.ts';
import { closeAtOnce } from './close-at-once.ts';
import type { Db, QueryResult, Transaction } from './queryable.ts';
import { isAftermath } from './refusals.ts';
import { sendTogether } from './send-together.ts';
import type { SilenceBreaker } from './silence-breaker.ts';

export type { Db, Queryable, QueryResult, Transaction } from './queryable.ts';

export interface DbOptions {
  readonly url: string;
  readonly connectionsMax?: number;
  /**
   * So many are opened with the first one, and stay open: opening one takes seven round trips, each a turn of the event loop, and a full process has long
   * ones. Unset: each is opened when it is needed, and closed when it was not for half a minute.
   */
  readonly connectionsMin?: number;
  /** Callers who wait for a free connection; past it `busy`, at once. Unset: as many as come. */
  readonly waitingMax?: number;
  /** How long a caller may wait for a free connection. */
  readonly acquireTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  readonly applicationName?: string;
  /**
   * False: a commit does not wait for the disk, and a crash of the database may undo the last of them. Postgres writes its log
   * in order, so none survives without those that it saw. For work that is done again if it is lost.
   */
  readonly waitsForDisk?: boolean;
  /**
   * True: tables are read by an index wherever there is one. For statements that ask for single rows: a plan that was made and kept while a table
   * had three pages would otherwise read all of it when it has thousands.
   */
  readonly byIndexOnly?: boolean;
  /** How long a statement waits for a row that another transaction holds; unset: as long as the statement may take. */
  readonly lockTimeoutMs?: number;
  /** How long a transaction may wait for its process before the database ends it with its connection. Unset: {@link IDLE_IN_TRANSACTION_MS}. */
  readonly idleInTransactionMs?: number;
  /**
   * The address is a pooler's in transaction mode: each transaction may be on another connection. So nothing is prepared by name, a
   * transaction brings its time-outs along, and a single statement has those that the pooler gave its connection.
   */
  readonly pooled?: boolean;
  /** What the pools of one process know together of where the stores are. Unset: this one's own. */
  readonly sharding?: { isSharded: boolean };
  /** Knows when the database says nothing to any pool. Unset: each statement waits by itself. */
  readonly breaker?: SilenceBreaker;
  /** A connection that broke while idle; the pool replaces it, so this is news, not an error. */
  readonly onIdleError?: (error: Error) => void;
}

const INT8 = 20;
const DATE = 1082;
const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    // Money and counters stay far below 2^53; dates stay the text that Postgres gave, free of the machine's time zone.
    if (oid === INT8) return Number;
    if (oid === DATE) return String;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

/** A process that stands still in the middle of a transaction holds its rows no longer than this. */
const IDLE_IN_TRANSACTION_MS = 15_000;

/** The driver refuses a statement in the next tick, and whoever sent it hears of that before the one after. */
const REFUSED_WITHIN_TICKS = 2;

/** A healthy database reports its own time-out well within this; more would be added to what a request waits for a frozen one. */
const SILENCE_MS = 250;

/**
 * Opens a bounded pool. Nothing connects before the first query.
 * @throws (from `query`) pg's DatabaseError with its SQLSTATE in `code`, a connection error, or Problem `busy`.
 */
export function openDb(options: DbOptions): Db {
  const statementTimeoutMs = options.statementTimeoutMs ?? 5_000;
  const timeouts = {
    statement_timeout: statementTimeoutMs,
    ...(options.lockTimeoutMs && { lock_timeout: options.lockTimeoutMs }),
    idle_in_transaction_session_timeout: options.idleInTransactionMs ?? IDLE_IN_TRANSACTION_MS,
  };
  const local = (name: string, ms: number) => `SET LOCAL ${name} = ${ms}`;
  const begin = [
    options.pooled ? ['BEGIN', ...Object.entries(timeouts).map(([name, ms]) => local(name, ms))].join('; ') : 'BEGIN',
  ];
  // Rows are waited for on the machine that has them, which does not know how long this connection may wait unless it is told. Each
  // alone: what is passed on is the whole text in which it came, BEGIN and all. How long a transaction may stand still is for the
  // coordinator to judge: a machine stands still while another one is waited for.
  const { idle_in_transaction_session_timeout: idleMs, ...waits } = timeouts;
  const beginSharded = [
    'BEGIN',
    ...(options.pooled ? [local('idle_in_transaction_session_timeout', idleMs)] : []),
    `SET LOCAL citus.propagate_set_commands = 'local'`,
    ...Object.entries(waits).map(([name, ms]) => local(name, ms)),
  ];
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
    ...(!options.pooled && timeouts),
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
    return silenceMs === undefined ? asked : hangUpWhenSilent(on, asked, silenceMs);
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
  breaker?.onSilence(() => {
    for (const client of inUse) closeAtOnce(client as unknown as pg.Client);
  });

  /** A connection of one's own until it is given back, with the error that it broke by meanwhile. */
  async function take(): Promise<{ client: pg.PoolClient; giveBack(error?: Error): void }> {
    if (pool.waitingCount >= waitingMax) throw new Problem('busy', { retryAfterS: spreadRetryAfterS(1, 3) });
    breaker?.check();
    const isNew = pool.idleCount === 0 && pool.totalCount < pool.options.max;
    const connecting = pool.connect();
    const connected = isNew ? breaker?.ask(connecting) : breaker?.wait(connecting);
    const client = await (connected ?? connecting).catch((error) => {
      connecting.then((late) => late.release()).catch(() => {});
      throw error;
    });
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
      let unclean: Error | undefined;
      // Statements travel together, and whoever awaits them may hear of a later one first: it only says that one before failed.
      let first: unknown;
      const noted = <T>(answer: Promise<T>): Promise<T> =>
        answer.catch((error) => {
          first ??= error;
          throw error;
        });
      try {
        // Not awaited: it travels with the first statement. If it fails, so does that statement.
        const { isSharded } = sharding;
        // What is sent in one turn of the event loop leaves as one write: each is a system call that wakes the database.
        let isGathering = false;
        const gather = () => {
          if (isGathering) return;
          isGathering = true;
          const letGo = sendTogether(client);
          process.nextTick(() => {
            isGathering = false;
            letGo();
          });
        };
        gather();
        for (const text of isSharded ? beginSharded : begin) noted(client.query(text)).catch(() => {});
        const commit = () => answered(client, client.query('COMMIT'));
        let committing: ReturnType<typeof commit> | undefined;
        const tx: Transaction = {
          isSharded,
          async query(text, values, name) {
            if (committing) throw new Error('A statement came after the COMMIT of its transaction.');
            gather();
            return noted(run(client, text, values, name));
          },
          async commitWith(send) {
            const letGo = sendTogether(client);
            let sent: Promise<unknown>;
            try {
              sent = send();
              sent.catch(() => {});
              // A statement that never left this process the database cannot know to have failed, so it must not hear of the COMMIT.
              for (let turns = 0; turns < REFUSED_WITHIN_TICKS; turns += 1) await new Promise(process.nextTick);
              if (first !== undefined) throw first;
              committing = commit();
              committing.catch(() => {});
            } finally {
              letGo();
            }
            await sent;
            await committing;
          },
        };
        const committedWork = beginAfterCommit(tx);
        const answer = await work(tx);
        const committed = await (committing ?? commit());
        // Postgres answers ROLLBACK to the COMMIT of a transaction that had failed.
        if (committed.command !== 'COMMIT')
          throw first ?? new Error('The transaction was rolled back by the database.');
        committedWork();
        return answer;
      } catch (error) {
        await answered(client, client.query('ROLLBACK')).catch((rollbackError: Error) => {
          unclean = rollbackError;
        });
        throw isAftermath(error) ? (first ?? error) : error;
      } finally {
        giveBack(unclean);
      }
    },
    close: () => pool.end(),
  };
}

/**
 * Closes the connection when no answer comes: everything that waits on it fails then. Here and not by the driver, whose clock also
 * counts the time in which this process itself was too busy to read the answer that lay there.
 */
async function hangUpWhenSilent<T>(client: pg.PoolClient, answer: Promise<T>, silenceMs: number): Promise<T> {
  let settled = false;
  const late = () => settled || closeAtOnce(client as unknown as pg.Client);
  const timer = setTimeout(() => setImmediate(setImmediate, late), silenceMs);
  try {
    return await answer;
  } finally {
    settled = true;
    clearTimeout(timer);
  }
}

/**
 * The same database by connections whose commits do not wait for the disk; see `waitsForDisk`. In the address, because the
 * driver lets an address's own options win over any other.
 */
export const withoutWaitingForDisk = (url: string): string => withSetting(url, 'synchronous_commit=off');

function withSetting(url: string, setting: string): string {
  const changed = new URL(url);
  const options = changed.searchParams.get('options');
  changed.searchParams.set('options', `${options ? `${options} ` : ''}-c ${setting}`);
  return changed.href;
}

/** A pooler passes no settings on, and with it nothing is planned once for long. */
function addressOf({ url, waitsForDisk, byIndexOnly, pooled }: DbOptions): string {
  const durable = waitsForDisk === false ? withoutWaitingForDisk(url) : url;
  return byIndexOnly && !pooled ? withSetting(durable, 'enable_seqscan=off') : durable;
}
