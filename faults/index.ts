import { PLANTED, type Planted, plantedNames } from './planted/planted.ts';
import { circumstances } from './report/circumstances.ts';
import { findingsOf } from './report/findings.ts';
import { writePage } from './report/page.ts';
import { type KeptResult, type Results, readResults, writeResults } from './report/results-file.ts';
import { tableLines } from './report/table.ts';
import { hasHeld, runScenario, type ScenarioResult } from './run-scenario.ts';
import type { Check } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';

/** What a person may ask for beside the names of scenarios. */
export interface FaultsOptions {
  /** Unset: one of this moment; it is printed. */
  readonly seed?: number;
  /** How long each scenario's load lasts, about. Unset: as long as each needs. */
  readonly seconds?: number;
  /** Each scenario with so many seeds, one after the other; the worst of each line counts. */
  readonly seeds?: number;
  /** Only say what there is. */
  readonly list?: boolean;
  /** Only make docs/reliability.md anew from what was measured before. */
  readonly render?: boolean;
  /** False: docs/reliability.md stays as it is. */
  readonly docs?: boolean;
}

/** The name under which the planted faults are run. */
const PLANTED_RUN = 'planted';

/**
 * Does to a running Matjip what happens to it in production, and balances the books after it.
 * @param names scenarios, and `planted` for the faults of Matjip's own that must be found; none: all of it
 * @returns 0 when everything held, 1 when something broke, 2 for an unknown name
 */
export async function faultsCommand(names: readonly string[], options: FaultsOptions = {}): Promise<number> {
  const known = [...SCENARIOS.map(({ name }) => name), PLANTED_RUN];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no scenario '${unknown.join(', ')}'; there are: ${known.join(', ')}.`);
    return 2;
  }
  if (options.list) {
    for (const { name, fault, seconds, byNameOnly } of SCENARIOS)
      console.log(`${name.padEnd(20)} ${fault} (${seconds} s${byNameOnly ? ', only when it is named' : ''})`);
    console.log(`${PLANTED_RUN.padEnd(20)} faults of Matjip's own, put into a copy: ${plantedNames.join(', ')}`);
    return 0;
  }
  if (options.render) {
    writePage();
    return 0;
  }
  const first = options.seed ?? Date.now() % 1_000_000;
  const seeds = Array.from({ length: options.seeds ?? 1 }, (_, place) => first + place);
  const wanted = (name: string, byNameOnly = false) => (names.length === 0 ? !byNameOnly : names.includes(name));
  const lines: string[] = [];
  let broken = 0;
  const tell = (said: readonly string[]) => {
    lines.push(...said);
    console.log(said.join('\n'));
  };

  for (const scenario of SCENARIOS.filter(({ name, byNameOnly }) => wanted(name, byNameOnly))) {
    const missing = scenario.missing?.();
    if (missing) {
      tell([`${scenario.name}: not tried here: ${missing}`]);
      continue;
    }
    const where = circumstances();
    const results: ScenarioResult[] = [];
    for (const seed of seeds) {
      const result = await runScenario(scenario, { seed, seconds: options.seconds, say: console.log });
      results.push(result);
      if (!hasHeld(result)) {
        console.log(
          `  BROKEN with seed ${seed}: npm run faults -- ${scenario.name} --seed ${seed} --seconds ${result.seconds}`,
        );
      }
    }
    const result = worstOf(results);
    if (!hasHeld(result)) broken += 1;
    tell(tableLines(scenario, result));
    if (options.docs !== false) keep('scenarios', scenario.name, { ...where, seeds, result });
  }
  if (wanted(PLANTED_RUN)) broken += await findPlanted(first, options, tell);
  if (options.docs !== false) writePage();
  // The whole table once more, under what was said meanwhile.
  if (names.length !== 1) console.log(`\n${lines.join('\n')}\n`);
  console.log(broken === 0 ? `All held, from seed ${first}.` : `${broken} broke, from seed ${first}.`);
  return broken === 0 ? 0 : 1;
}

/** Each fault that is planted must break the scenario that is there for it. @returns how many were not found */
async function findPlanted(seed: number, options: FaultsOptions, tell: (said: string[]) => void): Promise<number> {
  let missed = 0;
  for (const name of plantedNames) {
    const { foundBy }: Planted = PLANTED[name];
    const scenario = SCENARIOS.find((each) => each.name === foundBy)!;
    const where = circumstances();
    const result = await runScenario(scenario, {
      seed,
      seconds: Math.min(PLANTED_SECONDS_MAX, scenario.seconds),
      planted: name,
    });
    const found = findingsOf(result);
    if (found.length === 0) missed += 1;
    tell([
      found.length > 0
        ? `planted, and found by ${foundBy}: it ${name} (${found.map(({ what, measured }) => `${what}: ${measured}`).join('; ')})`
        : `PLANTED AND NOT FOUND by ${foundBy}, seed ${seed}: it ${name}${result.error ? ` (${result.error})` : ''}`,
    ]);
    if (options.docs !== false) keep('planted', name, { ...where, seeds: [seed], result });
  }
  return missed;
}

/** Enough for each of them to show. */
const PLANTED_SECONDS_MAX = 6;

function keep(kind: keyof Results, name: string, kept: KeptResult): void {
  const results = readResults();
  writeResults({ ...results, [kind]: { ...results[kind], [name]: kept } });
}

/** Of the same scenario with several seeds: each line's worst. */
function worstOf(results: readonly ScenarioResult[]): ScenarioResult {
  const errors = results.flatMap(({ error, seed }) => (error === undefined ? [] : [`seed ${seed}: ${error}`]));
  const complete = results.filter(({ checks }) => checks.length > 0);
  const [first] = complete;
  if (!first) return results[0]!;
  const checks = first.checks.map((check, place) => {
    const all = complete.map((each) => each.checks[place]!);
    const badness = ({ measured, atMost, atLeast }: Check) =>
      atMost !== undefined ? measured - atMost : atLeast! - measured;
    return all.reduce((worst, each) => (badness(each) > badness(worst) ? each : worst), check);
  });
  const tookMs = results.reduce((sum, each) => sum + each.tookMs, 0);
  return { ...first, checks, tookMs, ...(errors.length > 0 && { error: errors.join('; ') }) };
}
