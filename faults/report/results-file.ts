import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ScenarioResult } from '../run-scenario.ts';

/** Where and when something was measured. */
export interface Circumstances {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: string;
  readonly versions: string;
  readonly commit: string;
  /** How many programs wanted a core when it began: more than there are cores, and it was measured beside other work. */
  readonly busy: number;
}

/** The last word on a scenario: the worst of the runs of one command. */
export interface KeptResult extends Circumstances {
  readonly seeds: readonly number[];
  readonly result: ScenarioResult;
}

export interface Results {
  readonly scenarios: Readonly<Record<string, KeptResult>>;
  /** Faults of Matjip's own that were planted, by name: who found them. */
  readonly planted: Readonly<Record<string, KeptResult>>;
}

const FILE = fileURLToPath(new URL('../../docs/reliability.json', import.meta.url));
/** JSON knows no infinity. */
const NEVER = 'never';

export function readResults(): Results {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'), (_, value) => (value === NEVER ? Number.POSITIVE_INFINITY : value));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { scenarios: {}, planted: {} };
    throw error;
  }
}

export function writeResults(results: Results): void {
  const text = JSON.stringify(results, (_, value) => (value === Number.POSITIVE_INFINITY ? NEVER : value), 2);
  writeFileSync(FILE, `${text}\n`);
}
