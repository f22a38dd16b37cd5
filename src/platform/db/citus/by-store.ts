import type { Queryable } from '../pool.ts';

/** A condition that keeps a table to the stores of the statement's `$1::uuid[]`; `true` where the statement needs none. */
export type Only = (alias: string) => string;

const everywhere: Only = () => 'true';

/**
 * Keeps a table of a statement about several stores to those in its `$1::uuid[]`: a cluster looks at what names them, and not at what they are
 * joined with, and asks every machine of what names none. On one machine it adds nothing.
 */
export const andOnly = (on: Pick<Queryable, 'isSharded'>, alias: string): string =>
  on.isSharded ? ` AND ${alias}.store_id = ANY($1::uuid[])` : '';

/**
 * Asks of all stores by one statement, or of each by one of its own where they are spread over machines: a statement that names one store
 * in every table is worked on by that store's machine as it is, whatever it does. Its first value is the list of the stores, one for each of
 * `some`.
 */
export async function byStore<T extends { readonly storeId: string }, R>(
  on: Queryable,
  all: readonly T[],
  ask: (some: readonly T[], only: Only) => Promise<readonly R[]>,
): Promise<R[]> {
  if (!on.isSharded) return [...(await ask(all, everywhere))];
  // In the order of their ids, in which whoever locks rows of several stores takes them.
  const stores = [...Map.groupBy(all, ({ storeId }) => storeId)].sort(([a], [b]) => (a < b ? -1 : 1));
  const answers = await Promise.all(
    stores.map(([, some]) => ask(some, (alias) => `${alias}.store_id = ANY($1::uuid[])`)),
  );
  return answers.flat();
}
