import { setTimeout as delay } from 'node:timers/promises';
import type { TruthHistory } from './judge.ts';
import type { PlannedChange } from './plan-changes.ts';

/** Longer than any change takes that a person would wait for. */
const CHANGE_TIMEOUT_MS = 5_000;

export interface MadeChange {
  readonly change: PlannedChange;
  readonly startedMs: number;
  /** Undefined when it was refused or no answer came. */
  readonly ackedMs: number | undefined;
}

/**
 * Makes the planned changes at their times through the owner's door, one after the other, and writes them into the history. A
 * change that comes late, because the one before took long, is made at once.
 * @param beganMs the run's beginning, epoch milliseconds
 * @returns what was made until the plan ended or `signal` did; never throws for a change that failed
 */
export async function makeChanges(options: {
  readonly url: string;
  readonly storeId: string;
  readonly adminKey: string;
  readonly plan: readonly PlannedChange[];
  readonly history: TruthHistory;
  readonly beganMs: number;
  readonly signal: AbortSignal;
}): Promise<MadeChange[]> {
  const { url, storeId, adminKey, plan, history, beganMs, signal } = options;
  const made: MadeChange[] = [];
  for (const change of plan) {
    await delay(Math.max(0, beganMs + change.atMs - Date.now()), undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    const startedMs = Date.now();
    let ackedMs: number | undefined;
    try {
      const response = await fetch(`${url}/api/v1/stores/${storeId}/items/${change.item.id}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ [change.field]: change.value }),
        signal: AbortSignal.timeout(CHANGE_TIMEOUT_MS),
      });
      await response.arrayBuffer();
      if (response.ok) ackedMs = Date.now();
    } catch {
      // Unknown: it may have happened. The history says so.
    }
    history.change(change.item.id, change.field, change.value, startedMs, ackedMs);
    made.push({ change, startedMs, ackedMs });
  }
  return made;
}

/**
 * A menu that never changed proves no cache right.
 * @throws Error when changes were made and not one of them was acknowledged
 */
export function requireChanges(made: readonly MadeChange[]): void {
  if (made.length > 0 && made.every(({ ackedMs }) => ackedMs === undefined)) {
    throw new Error(`None of ${made.length} changes of the menu went through, so nothing was put to the test.`);
  }
}
