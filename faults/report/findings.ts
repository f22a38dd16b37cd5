import type { ScenarioResult } from '../run-scenario.ts';
import { type Check, isHeld } from '../scenario.ts';

/** The lines that show that something is wrong; those about time are left out: a slow machine is no finding. */
export const findingsOf = ({ checks }: ScenarioResult): Check[] =>
  checks.filter((check) => !isHeld(check) && !check.timed && check.atMost !== undefined);
