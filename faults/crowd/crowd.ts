import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startNode } from '../../test/support/child.ts';
import { eventually } from '../../test/support/eventually.ts';
import type { Lifetime } from '../../test/support/lifetime.ts';
import type { CrowdPlan } from './plan.ts';

const SAYS = 'acknowledged ';
const SCRIPT = fileURLToPath(new URL('crowd-process.ts', import.meta.url));

/** A crowd that orders in a process of its own. */
export interface Crowd {
  /** Its ledger. */
  readonly file: string;
  /** Guests whose order was taken, as it says itself; for waiting, not for judging. */
  acknowledged(): number;
  /** Waits for so many more. */
  served(more: number): Promise<void>;
  /** No more come; resolves when the last has gone and the ledger is closed. */
  end(): Promise<void>;
  /** Resolves when all of `guestsMax` have come and gone. */
  readonly gone: Promise<void>;
}

/** @param folder where the ledger is kept */
export function startCrowd(life: Lifetime, folder: string, plan: Omit<CrowdPlan, 'file'>): Crowd {
  const file = join(folder, `ledger-${crypto.randomUUID().slice(0, 8)}.tsv`);
  const child = startNode(life, [SCRIPT, JSON.stringify({ ...plan, file } satisfies CrowdPlan)]);
  const gone = child.says(/^done$/m).then(() => {});
  gone.catch(() => {});
  const acknowledged = () => {
    const said = child.said();
    // The last whole line that says it: what it said before is not read again each time that somebody looks.
    const from = said.lastIndexOf(SAYS, said.lastIndexOf('\n'));
    return from === -1 ? 0 : Number.parseInt(said.slice(from + SAYS.length), 10);
  };
  return {
    file,
    gone,
    acknowledged,
    async served(more) {
      const wanted = acknowledged() + more;
      await eventually(() => acknowledged() >= wanted, `${more} more orders are taken`);
    },
    async end() {
      child.tell('stop');
      await gone;
    },
  };
}
