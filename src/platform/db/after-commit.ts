import type { Queryable } from './queryable.ts';

const waiting = new WeakMap<Queryable, (() => void)[]>();

/** Called by the pool for each transaction. @returns runs what was left for after the commit */
export function beginAfterCommit(tx: Queryable): () => void {
  const works: (() => void)[] = [];
  waiting.set(tx, works);
  return () => {
    waiting.delete(tx);
    for (const work of works) work();
  };
}

/**
 * Runs `work` when the transaction has committed, never when it was rolled back, and at once outside of a transaction.
 * A process that is killed between the commit and the work does not do it, so it is for what may be lost. It must not throw.
 */
export function afterCommit(tx: Queryable, work: () => void): void {
  const works = waiting.get(tx);
  if (works) works.push(work);
  else work();
}
