import { type LedgerEntry, readLedger } from './ledger.ts';

/** What the server, or its database, says about an order. */
export interface FoundOrder {
  readonly id: string;
  readonly number: number;
  readonly total: number;
}

export interface LedgerVerdict {
  readonly acknowledged: number;
  /** Acknowledged, and not there any more, or there with another number or total. */
  readonly lost: number;
  /** Acknowledged twice under different keys for one number of a store. */
  readonly doubled: number;
}

/** As many as one statement or one round of requests looks up. */
const BATCH = 500;

/**
 * Holds every line of a run's ledgers against what is really there.
 * @param lookUp finds orders by id; those that are not there are left out of its answer
 */
export async function verifyLedger(
  files: readonly string[],
  lookUp: (entries: readonly LedgerEntry[]) => Promise<readonly FoundOrder[]>,
): Promise<LedgerVerdict> {
  const verdict = { acknowledged: 0, lost: 0, doubled: 0 };
  const seenIds = new Set<string>();
  const seenNumbers = new Set<string>();
  let batch: LedgerEntry[] = [];
  const check = async () => {
    const found = new Map((await lookUp(batch)).map((order) => [order.id, order]));
    for (const { id, number, total } of batch) {
      const order = found.get(id);
      if (!order || order.number !== number || order.total !== total) verdict.lost += 1;
    }
    batch = [];
  };
  for (const file of files) {
    for await (const entry of readLedger(file)) {
      // A retry may have been acknowledged again: the same order, so the same line.
      if (seenIds.has(entry.id)) continue;
      seenIds.add(entry.id);
      verdict.acknowledged += 1;
      const number = `${entry.storeId} ${entry.number}`;
      if (seenNumbers.has(number)) verdict.doubled += 1;
      seenNumbers.add(number);
      batch.push(entry);
      if (batch.length === BATCH) await check();
    }
  }
  if (batch.length > 0) await check();
  return verdict;
}

const LOOK_UPS_AT_ONCE = 16;

/** Looks orders up as their guests would. @throws when the server answers neither 200 nor 404 */
export function lookUpOverHttp(url: string): (entries: readonly LedgerEntry[]) => Promise<FoundOrder[]> {
  return async (entries) => {
    const found: FoundOrder[] = [];
    const queue = [...entries];
    const work = async () => {
      for (let entry = queue.pop(); entry; entry = queue.pop()) {
        const response = await fetch(`${url}/api/v1/stores/${entry.storeId}/orders/${entry.id}`, {
          headers: { authorization: `Bearer ${entry.token}` },
        });
        if (response.status === 200) found.push((await response.json()) as FoundOrder);
        else if (response.status === 404) await response.arrayBuffer();
        else throw new Error(`The look-up of order ${entry.id} was answered with ${response.status}.`);
      }
    };
    await Promise.all(Array.from({ length: LOOK_UPS_AT_ONCE }, work));
    return found;
  };
}
