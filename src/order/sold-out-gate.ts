import { LRUCache } from 'lru-cache';
import type { Problem } from '../platform/http/problem.ts';
import type { Candidate } from './candidate.ts';
import type { SoldOutItems } from './ports.ts';
import { soldOut } from './price.ts';

export interface SoldOutGateBounds {
  /** Orders of one store that are refused as sold out within a second: from then on they are a crowd. */
  readonly crowdPerSecond: number;
  /** How long a crowd is believed to go on. */
  readonly crowdMs: number;
}

/**
 * Says no to a crowd that wants what is sold out, before its orders take places and transactions. An ordinary day's orders do not meet it:
 * only where many were refused by the database in a second the rest of the crowd is told by what is known of the store's dishes. It
 * never lets an order in: whoever is not refused here is decided by the database.
 */
export interface SoldOutGate {
  /** Whether anybody has to be asked at all; without a promise, because nearly always nobody has. */
  hasCrowd(storeId: string): boolean;
  /** @returns why this order is refused; undefined: it is not */
  refuses(order: Candidate): Promise<Problem | undefined>;
  /** The database or this gate refused an order because something is sold out. */
  refused(storeId: string): void;
}

interface Count {
  startedMs: number;
  refused: number;
  crowdUntilMs: number;
}

const STORES_MAX = 2_000;
const SECOND_MS = 1_000;

/** @param nowMs only goes forward */
export function createSoldOutGate(
  items: SoldOutItems,
  { crowdPerSecond, crowdMs }: SoldOutGateBounds,
  nowMs = () => performance.now(),
): SoldOutGate {
  const counts = new LRUCache<string, Count>({ max: STORES_MAX });
  return {
    hasCrowd: (storeId) => (counts.get(storeId)?.crowdUntilMs ?? 0) > nowMs(),
    async refuses({ storeId, lines }) {
      const wanted = [...new Set(lines.map(({ itemId }) => itemId))];
      // Who does not know does not refuse.
      const gone = await items.among(storeId, wanted).catch(() => []);
      return gone.length > 0 ? soldOut(gone.map((itemId) => ({ itemId, remaining: 0 }))) : undefined;
    },
    refused(storeId) {
      const atMs = nowMs();
      let count = counts.get(storeId);
      if (!count) {
        count = { startedMs: atMs, refused: 0, crowdUntilMs: 0 };
        counts.set(storeId, count);
      }
      if (atMs - count.startedMs >= SECOND_MS) {
        count.startedMs = atMs;
        count.refused = 0;
      }
      count.refused += 1;
      if (count.refused >= crowdPerSecond) count.crowdUntilMs = atMs + crowdMs;
    },
  };
}
