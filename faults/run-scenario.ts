import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
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

/**
 * Starting and stopping servers, draining and judging, beside the time of the faults themselves: a machine with other work starts fifty workers in
 * eight minutes. Only what hangs for ever comes to its end.
 */
const OVERHEAD_MS = 900_000;
/** What does not end within this is left to the end of the command, so that it does not hold up the next scenario. */
const END_WITHIN_MS = 60_000;
/** What goes on beside a scenario fails by itself: that breaks this scenario, and not the others. */
const UNCAUGHT = ['unhandledRejection', 'uncaughtException'] as const;
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
  let breakOff: (error: unknown) => void = noted;
  const fail = (error: unknown) => breakOff(error);
  for (const kind of UNCAUGHT) process.on(kind, fail);
  try {
    const scene = { seed, random: createRandom(seed), seconds, folder, life, say, ...(planted && { planted }) };
    const tooLong = new Promise<never>((_, reject) => {
      const withinMs = 3 * 1_000 * seconds + OVERHEAD_MS;
      timer = setTimeout(() => reject(new Error(`It was not done within ${withinMs / 1_000} s.`)), withinMs);
    });
    const broken = new Promise<never>((_, reject) => {
      breakOff = reject;
    });
    checks = await Promise.race([scenario.run(scene), tooLong, stopped, broken]);
  } catch (error) {
    noted(error);
  } finally {
    clearTimeout(timer);
    breakOff = () => {};
    await endAll(hooks, noted);
    await rm(folder, { recursive: true, force: true }).catch(noted);
    for (const kind of UNCAUGHT) process.off(kind, fail);
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

async function endAll(hooks: (() => Promise<void>)[], noted: (error: unknown) => void): Promise<void> {
  const allEnded = new AbortController();
  const ending = (async () => {
    for (const hook of hooks.reverse()) await hook().catch(noted);
    allEnded.abort();
  })();
  const patience = delay(END_WITHIN_MS, undefined, { signal: allEnded.signal }).then(
    () => noted(new Error(`What it started had not ended within ${END_WITHIN_MS / 1_000} s.`)),
    () => {},
  );
  await Promise.race([ending, patience]);
}

const reasonOf = ({ message, cause }: Error): string =>
  cause instanceof Error ? `${message}: ${cause.message}` : message;
