import type { Db } from './pool.ts';
import { whyItCannotWrite } from './refusals.ts';

export interface WriteBounds {
  /** A success counts only so long after the last refusal: on a full disk small changes still find room now and then. */
  readonly calmMs: number;
  /** A refusal that nobody asked for again is forgotten after this: where no order comes, none can show that it is over. */
  readonly forgetMs: number;
}

/** What is known of whether the database can write, from all pools that are watched. */
export interface WriteWatch {
  /** The same database, watched: what its transactions meet counts. */
  watch(db: Db): Db;
  /** Why the database can write for nobody; undefined when it can, as far as is known. */
  problem(): string | undefined;
}

/**
 * Watches for what no retry of a request mends: a full disk is said once in the log, however many pools meet it, and in `/readyz`.
 */
export function createWriteWatch(
  { calmMs, forgetMs }: WriteBounds,
  log: { error(details: object): void; info(details: object): void },
): WriteWatch {
  let reason: string | undefined;
  let refusedAtMs = 0;
  const sinceMs = () => performance.now() - refusedAtMs;

  function refused(why: string): void {
    refusedAtMs = performance.now();
    if (reason !== why) log.error({ message: `The database cannot write: ${why}.` });
    reason = why;
  }
  return {
    watch: (db) => ({
      ...db,
      get isSharded() {
        return db.isSharded ?? false;
      },
      async transaction(work) {
        try {
          const answer = await db.transaction(work);
          if (reason && sinceMs() > calmMs) {
            reason = undefined;
            log.info({ message: 'The database can write again.' });
          }
          return answer;
        } catch (error) {
          const why = whyItCannotWrite(error);
          if (why) refused(why);
          throw error;
        }
      },
    }),
    problem: () => (reason && sinceMs() < forgetMs ? `The database cannot write: ${reason}.` : undefined),
  };
}
