import { createReadStream, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ARTILLERY, ARTILLERY_FOLDER, QUIET } from './artillery.ts';
import { type Child, startChild } from './child.ts';
import { cleanEnvironment } from './server.ts';

export interface ArtilleryPhase {
  readonly name: string;
  /** Seconds. */
  readonly duration: number;
  readonly arrivalRate: number;
}

export interface ArtilleryRunOptions {
  readonly target: string;
  /** Gets result.json and distribution.jsonl. */
  readonly folder: string;
  /** Gets every menu that the crowd was shown; see rehearsal/truth/tap.ts. */
  readonly tap: string;
  readonly seed: string;
  readonly storeId: string;
  readonly phases: readonly ArtilleryPhase[];
  readonly signal: AbortSignal;
}

/** A run whose first phase has begun. */
export interface ArtilleryRun {
  readonly pid: number;
  /** When the first phase began, epoch milliseconds. */
  readonly beganMs: number;
  /**
   * Waits until it has written its result.
   * @param tick called twice a second with the milliseconds since the beginning
   * @throws Error with Artillery's last words when it fails or does not come to an end
   */
  finish(tick: (elapsedMs: number) => void): Promise<void>;
  /** Ends it if it has not ended. */
  stop(): Promise<void>;
}

const SCENARIO = join(ARTILLERY_FOLDER, 'api-test.yml');
/** It needs some seconds to load, more on a busy machine. */
const BEGIN_MAX_MS = 60_000;
/** After the last arrival: the slowest answers of a rung that is far from bearing its load, one more period, and writing the file. */
const END_MAX_MS = 120_000;
const STOP_MAX_MS = 5_000;
const TICK_MS = 500;

/** Runs `artillery run artillery/api-test.yml` with our reporter, the tap and these phases, and waits until it has begun. */
export async function runArtillery(options: ArtilleryRunOptions): Promise<ArtilleryRun> {
  const { folder, signal, phases } = options;
  const output = join(folder, 'result.json');
  const distribution = join(folder, 'distribution.jsonl');
  for (const file of [output, distribution, options.tap]) rmSync(file, { force: true });
  const overrides = JSON.stringify({ config: { phases } });
  const child = await startChild(
    process.execPath,
    [ARTILLERY, 'run', SCENARIO, '--target', options.target, '--overrides', overrides, '-o', output],
    {
      env: {
        ...cleanEnvironment(),
        ...QUIET,
        // Artillery would send even what is meant for this machine through a proxy.
        HTTP_PROXY: undefined,
        CUSTOM_REPORTERS: join(ARTILLERY_FOLDER, 'reporter.mjs'),
        MATJIP_TAP: options.tap,
        SEED: options.seed,
        STORE: options.storeId,
      },
    },
  );
  const stop = () => child.stop(STOP_MAX_MS);
  try {
    const beganMs = await untilBegun(child, distribution, signal);
    return {
      pid: child.pid,
      beganMs,
      stop,
      async finish(tick) {
        const lastMs = phases.reduce((sum, phase) => sum + phase.duration * 1000, 0) + END_MAX_MS;
        const code = await untilEnded(child, beganMs, lastMs, tick, signal);
        if (code !== 0 || !existsSync(output))
          throw new Error(`Artillery ended with code ${code}: ${lastWords(child)}`);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The reporter writes down when the first phase begins. */
async function untilBegun(child: Child, distribution: string, signal: AbortSignal): Promise<number> {
  const deadline = Date.now() + BEGIN_MAX_MS;
  for (;;) {
    const began = existsSync(distribution) ? await firstPhase(distribution) : undefined;
    if (began !== undefined) return began;
    if (Date.now() > deadline) throw new Error(`Artillery did not begin in time: ${lastWords(child)}`);
    const code = await Promise.race([child.exited, delay(50, undefined, { signal })]);
    if (code !== undefined) throw new Error(`Artillery ended with code ${code} before it began: ${lastWords(child)}`);
  }
}

async function untilEnded(
  child: Child,
  beganMs: number,
  lastMs: number,
  tick: (elapsedMs: number) => void,
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    const elapsedMs = Date.now() - beganMs;
    tick(elapsedMs);
    if (elapsedMs > lastMs) throw new Error('Artillery did not come to an end.');
    const code = await Promise.race([child.exited, delay(TICK_MS, undefined, { signal })]);
    if (code !== undefined) return code;
  }
}

async function firstPhase(file: string): Promise<number | undefined> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.startsWith('{"phase":')) return JSON.parse(line).phase.startedAt;
  }
  return undefined;
}

const lastWords = (child: Child): string => child.said().split('\n').slice(-3).join(' | ');
