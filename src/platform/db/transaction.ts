import type pg from 'pg';
import { beginAfterCommit } from './after-commit.ts';
import type { QueryResult, Transaction } from './queryable.ts';
import { isAftermath } from './refusals.ts';
import { sendTogether } from './send-together.ts';

/** The driver refuses a statement in the next tick, and whoever sent it hears of that before the one after. */
const REFUSED_WITHIN_TICKS = 2;

/** A connection that is this transaction's alone until it has ended. */
export interface OwnConnection {
  readonly client: pg.PoolClient;
  readonly isSharded: boolean;
  /** What the transaction begins with. */
  readonly begin: readonly string[];
  /** Sends a statement and bounds the wait for its answer. */
  run<R extends object>(text: string, values?: readonly unknown[], name?: string): Promise<QueryResult<R>>;
  /** Bounds the wait for the answer to what was sent. */
  answered<T>(answer: Promise<T>): Promise<T>;
  /** Told when even the ROLLBACK failed: nobody may use the connection again. */
  onBroken(error: Error): void;
}

/**
 * BEGIN, `work`, COMMIT; or ROLLBACK, and the error by which it failed.
 * @returns what `work` returned, after the database said COMMIT
 * @throws the error of the first statement that failed, also where a later one's was heard before
 */
export async function runTransaction<T>(
  { client, isSharded, begin, run, answered, onBroken }: OwnConnection,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  // Statements travel together, and whoever awaits them may hear of a later one first: it only says that one before failed.
  let first: unknown;
  const noted = <A>(answer: Promise<A>): Promise<A> =>
    answer.catch((error) => {
      first ??= error;
      throw error;
    });
  // Of branches that go on together one may fail, or end, before another has asked for all that it wants: on this connection the rest
  // would be in no transaction, or in the next one's.
  let over: 'COMMIT' | 'ROLLBACK' | undefined;
  try {
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
    // Not awaited: it travels with the first statement. If it fails, so does that statement.
    for (const text of begin) noted(client.query(text)).catch(() => {});
    const commit = () => {
      over = 'COMMIT';
      return answered(client.query('COMMIT'));
    };
    let committing: ReturnType<typeof commit> | undefined;
    const tx: Transaction = {
      isSharded,
      async query(text, values, name) {
        if (over) throw new Error(`A statement came after the ${over} of its transaction.`);
        gather();
        return noted(run(text, values, name));
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
    if (committed.command !== 'COMMIT') throw first ?? new Error('The transaction was rolled back by the database.');
    committedWork();
    return answer;
  } catch (error) {
    over = 'ROLLBACK';
    await answered(client.query('ROLLBACK')).catch(onBroken);
    throw isAftermath(error) ? (first ?? error) : error;
  }
}
