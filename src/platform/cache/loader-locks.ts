import { randomUUID } from 'node:crypto';
import type { SecondTier } from './second-tier.ts';

/** Longer than a load may take; a loader that dies leaves its key locked for this long at most. */
const LOCK_MS = 3_000;

/** Who loads a key, among all processes. A courtesy, not a promise: when in doubt everybody may. */
export interface LoaderLocks {
  /** @returns undefined while another process holds it */
  take(key: string): Promise<{ release(): Promise<void> } | undefined>;
}

const NOTHING_TO_RELEASE = { release: async (): Promise<void> => {} };

/** Locks in the second tier, set only where nobody has set them and with an end. Whatever goes wrong there, the caller loads. */
export function createLoaderLocks(tier: SecondTier, prefix: string): LoaderLocks {
  return {
    async take(key) {
      const name = `${prefix}:loading:${key}`;
      const owner = randomUUID();
      try {
        if (!(await tier.add(name, owner, LOCK_MS))) return undefined;
      } catch {
        return NOTHING_TO_RELEASE;
      }
      return { release: () => tier.deleteIf(name, owner) };
    },
  };
}
