import pg from 'pg';
import type { SilenceBreaker } from './silence-breaker.ts';

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
export const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    // Money and counters stay far below 2^53; dates stay the text that Postgres gave, free of the machine's time zone.
    if (oid === INT8) return Number;
    if (oid === DATE) return String;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

/** A process that stands still in the middle of a transaction holds its rows no longer than this. */
const IDLE_IN_TRANSACTION_MS = 15_000;

/** The time-outs of a connection by Postgres' names for them, in milliseconds. */
export const timeoutsOf = (
  options: DbOptions,
): Readonly<Record<string, number>> & { idle_in_transaction_session_timeout: number } => ({
  statement_timeout: statementTimeoutMsOf(options),
  ...(options.lockTimeoutMs && { lock_timeout: options.lockTimeoutMs }),
  idle_in_transaction_session_timeout: options.idleInTransactionMs ?? IDLE_IN_TRANSACTION_MS,
});

export const statementTimeoutMsOf = ({ statementTimeoutMs = 5_000 }: DbOptions): number => statementTimeoutMs;

/** What a transaction begins with, on one machine and where stores are spread over several; each text is a message of its own. */
export function beginningsOf(options: DbOptions): {
  readonly alone: readonly string[];
  readonly sharded: readonly string[];
} {
  const timeouts = timeoutsOf(options);
  const local = (name: string, ms: number) => `SET LOCAL ${name} = ${ms}`;
  // Rows are waited for on the machine that has them, which does not know how long this connection may wait unless it is told. Each
  // alone: what is passed on is the whole text in which it came, BEGIN and all. How long a transaction may stand still is for the
  // coordinator to judge: a machine stands still while another one is waited for.
  const { idle_in_transaction_session_timeout: idleMs, ...waits } = timeouts;
  return {
    alone: [
      options.pooled ? ['BEGIN', ...Object.entries(timeouts).map(([name, ms]) => local(name, ms))].join('; ') : 'BEGIN',
    ],
    sharded: [
      'BEGIN',
      ...(options.pooled ? [local('idle_in_transaction_session_timeout', idleMs)] : []),
      `SET LOCAL citus.propagate_set_commands = 'local'`,
      ...Object.entries(waits).map(([name, ms]) => local(name, ms)),
    ],
  };
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
export function addressOf({ url, waitsForDisk, byIndexOnly, pooled }: DbOptions): string {
  const durable = waitsForDisk === false ? withoutWaitingForDisk(url) : url;
  return byIndexOnly && !pooled ? withSetting(durable, 'enable_seqscan=off') : durable;
}
