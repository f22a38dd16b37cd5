import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../rehearsal/crowd/random.ts';
import type { Lifetime } from '../test/support/lifetime.ts';
import type { PlantedName } from './planted/planted.ts';
import { type Check, isHeld, type Scenario } from './scenario.ts';

export interface RunOptions {
  readonly seed: number;
  /** Unset: as long as the whole suite gives it. */
  readonly seconds?: number | undefined;
  readonly planted?: PlantedName | undefined;
  readonly say?: (line: string) => void;
}

export interface ScenarioResult {
  readonly name: string;
  readonly seed: number;
  readonly seconds: number;
  readonly tookMs: number;
  readonly checks: readonly Check[];
  /** What ended it before its verdict. */
  readonly error?: string;
}

/** Starting and stopping servers, draining and judging, beside the time of the faults themselves. */
const OVERHEAD_MS = 180_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Held: its verdict was reached, and each line of it keeps its criterion. */
export const hasHeld = ({ checks, error }: ScenarioResult): boolean => error === undefined && checks.every(isHeld);

/** Runs one scenario, ends all that it started, and never throws for what it found. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<ScenarioResult> {
  const { seed, seconds = scenario.seconds, planted, say = () => {} } = options;
  const folder = await mkdtemp(join(tmpdir(), `matjip-faults-${scenario.name}-`));
  const hooks: (() => Promise<void>)[] = [];
  const life: Lifetime = { after: (hook) => void hooks.push(hook) };
  const beganMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const failures: string[] = [];
  const noted = (error: unknown) => failures.push(error instanceof Error ? reasonOf(error) : String(error));
  let checks: Check[] = [];
  const stop = new AbortController();
  const end = (signal: NodeJS.Signals) => stop.abort(new Error(`It was ended by ${signal}.`));
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
  });
  for (const signal of SIGNALS) process.once(signal, end);
  try {
    const scene = { seed, random: createRandom(seed), seconds, folder, life, say, ...(planted && { planted }) };
    const tooLong = new Promise<never>((_, reject) => {
      const withinMs = 3 * 1_000 * seconds + OVERHEAD_MS;
      timer = setTimeout(() => reject(new Error(`It was not done within ${withinMs / 1_000} s.`)), withinMs);
    });
    checks = await Promise.race([scenario.run(scene), tooLong, stopped]);
  } catch (error) {
    noted(error);
  } finally {
    clearTimeout(timer);
    for (const hook of hooks.reverse()) await hook().catch(noted);
    await rm(folder, { recursive: true, force: true });
    for (const signal of SIGNALS) process.off(signal, end);
    // Whoever ends the command wants all that it started to be gone, and nothing more to be tried.
    if (stop.signal.aborted) process.exit(1);
  }
  return {
    name: scenario.name,
    seed,
    seconds,
    tookMs: performance.now() - beganMs,
    checks,
    ...(failures.length > 0 && { error: failures.join('; ') }),
  };
}

const reasonOf = ({ message, cause }: Error): string =>
  cause instanceof Error ? `${message}: ${cause.message}` : message;
