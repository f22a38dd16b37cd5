import type { Random } from '../rehearsal/crowd/random.ts';
import type { Lifetime } from '../test/support/lifetime.ts';
import type { PlantedName } from './planted/planted.ts';

/** One line of the table: what was measured beside what it may be. */
export interface Check {
  readonly what: string;
  /** Infinity: it never came about. */
  readonly measured: number;
  readonly unit?: 'ms' | '%' | 'MiB' | '×';
  readonly atMost?: number;
  readonly atLeast?: number;
  /** A promise about time: it is no fault of Matjip's when a machine that is busy with other work breaks it. */
  readonly timed?: boolean;
  /** One of those that should not be. */
  readonly example?: string;
}

/** What a scenario is given: a seed for all its chance, a folder of its own, and the time that its faults may take. */
export interface Scene {
  readonly seed: number;
  readonly random: Random;
  /** How long the load goes on, about; how many faults fit into that is the scenario's to say. */
  readonly seconds: number;
  readonly folder: string;
  /** What a scenario starts ends with it. */
  readonly life: Lifetime;
  /** A fault of Matjip's own that was planted, to see that it is found. */
  readonly planted?: PlantedName;
  say(line: string): void;
}

/** One fault in the middle of load. */
export interface Scenario {
  /** What it is called on the command line. */
  readonly name: string;
  /** What is done to Matjip, as the table says it. */
  readonly fault: string;
  /** Of the whole suite's run. */
  readonly seconds: number;
  /** It takes too long to be a part of the whole run. Unset: it is one. */
  readonly byNameOnly?: boolean;
  /** Why it cannot be tried on this machine; unset or undefined: it can. */
  readonly missing?: () => string | undefined;
  run(scene: Scene): Promise<Check[]>;
}

export const isHeld = ({ measured, atMost, atLeast }: Check): boolean =>
  (atMost === undefined || measured <= atMost) && (atLeast === undefined || measured >= atLeast);
