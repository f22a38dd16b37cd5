import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { MenuView, StorePage } from '../../src/contract/index.ts';
import type { Static } from 'typebox';
import { createRandom } from '../crowd/random.ts';
import type { PlacedRung } from '../ladder/ladders.ts';
import type { Manifest, Truth } from '../stats/sidecar.ts';
import { TruthHistory } from '../truth/judge.ts';
import { makeChanges } from '../truth/make-changes.ts';
import { dishesToChange, planChanges } from '../truth/plan-changes.ts';
import { watchMeters } from '../truth/read-meters.ts';
import { summarizeTruth } from '../truth/summarize.ts';
import { readTap } from '../truth/tap.ts';
import { waitUntilRight } from '../truth/wait-until-right.ts';
import { startArtillery } from './artillery.ts';
import { phasesOf, writeJson, writeManifest } from './manifest.ts';
import type { RehearseOptions } from './options.ts';
import type { PreparedHome } from './prepared-home.ts';
import { cpuSeconds, postmasterPid } from './process-usage.ts';
import { type RehearsedServer, startServer } from './server.ts';

/** Artillery needs some seconds to load, more on a busy machine. */
const ARTILLERY_START_MAX_MS = 60_000;
/** After the last arrival: the slowest answer, one more period, and writing the file. */
const ARTILLERY_END_MAX_MS = 60_000;
/** Longer than the lifetime and the period of every cache of the ladder, twice over. */
const RIGHT_WITHIN_MS = 12_000;

export interface MeasuredRung {
  readonly manifest: Manifest;
  readonly truth: Truth;
}

/**
 * Measures one rung: fresh data, its own server, Artillery's crowd, changes of the menu while it reads, and a verdict on every
 * menu that was shown. Leaves result.json, distribution.jsonl, truth.json and manifest.json in `folder`, and nothing running.
 * @throws Error in one line when the server or Artillery fails; the signal's reason when told to stop
 */
export async function measureRung(options: {
  readonly placed: PlacedRung;
  readonly planned: Omit<Manifest, 'startedAt'>;
  readonly folder: string;
  readonly home: PreparedHome;
  readonly settings: RehearseOptions;
  readonly progress: (what: string) => void;
  readonly afterLoad?: (server: RehearsedServer, storeId: string) => Promise<void>;
  readonly signal: AbortSignal;
}): Promise<MeasuredRung> {
  const { placed, planned, folder, home, settings, progress, signal } = options;
  rmSync(join(folder, 'manifest.json'), { force: true });
  mkdirSync(folder, { recursive: true });
  progress('starting the server on fresh data');
  const copy = await home.copy(placed.rung.name);
  try {
    const server = await startServer(copy, placed.rung.switches, signal);
    try {
      const measured = await measureServer(server, options);
      const manifest = { ...planned, ...measured.manifest };
      writeJson(join(folder, 'truth.json'), measured.truth);
      await options.afterLoad?.(server, measured.storeId);
      writeManifest(folder, manifest);
      return { manifest, truth: measured.truth };
    } finally {
      progress('stopping the server');
      await server.stop();
    }
  } finally {
    await home.discard(copy);
  }
}

async function measureServer(
  server: RehearsedServer,
  { placed, folder, settings, progress, signal }: Parameters<typeof measureRung>[0],
) {
  const storeId = (await getJson<Static<typeof StorePage>>(`${server.url}/api/v1/stores`)).items[0]!.id;
  const menu = await getJson<MenuView>(`${server.url}/api/v1/stores/${storeId}/menu`);
  const dishes = dishesToChange(createRandom(settings.seed), menu);
  const durationMs = (settings.warmupS + settings.durationS) * 1000;
  const plan = placed.rung.changes ? planChanges(dishes, settings.changeEveryMs, durationMs) : [];
  const history = new TruthHistory(dishes);

  const output = join(folder, 'result.json');
  const tap = join(folder, 'answers.jsonl');
  const distribution = join(folder, 'distribution.jsonl');
  for (const file of [tap, output, distribution]) rmSync(file, { force: true });
  const artillery = await startArtillery({
    target: server.url,
    output,
    tap,
    seed: settings.seed,
    storeId,
    phases: phasesOf(settings),
  });
  const stopping = new AbortController();
  const stop = AbortSignal.any([signal, stopping.signal]);
  try {
    progress('waiting for Artillery');
    const beganMs = await untilBegun(distribution, artillery.exited, stop).catch((error) => {
      signal.throwIfAborted();
      throw new Error(`${(error as Error).message} ${artillery.said().split('\n').slice(-3).join(' | ')}`);
    });
    const postmaster = postmasterPid(server.home);
    const usage = () => ({
      server: cpuSeconds(server.pid, postmaster),
      database: postmaster === undefined ? undefined : cpuSeconds(postmaster),
      generator: cpuSeconds(artillery.pid),
    });
    const before = usage();
    const meters = watchMeters(server.url);
    const making = makeChanges({ ...server, storeId, plan, history, beganMs, signal: stop });

    let atEnd: ReturnType<typeof usage> | undefined;
    const deadline = beganMs + durationMs + ARTILLERY_END_MAX_MS;
    let code: number | undefined;
    while (code === undefined) {
      const elapsedMs = Date.now() - beganMs;
      progress(`the crowd is there: ${Math.min(Math.round(elapsedMs / 1000), durationMs / 1000)} of ${durationMs / 1000} s`);
      if (!atEnd && elapsedMs >= durationMs) atEnd = usage();
      if (Date.now() > deadline) throw new Error('Artillery did not come to an end.');
      signal.throwIfAborted();
      code = await Promise.race([artillery.exited, delay(500, undefined, { signal })]);
    }
    if (code !== 0 || !existsSync(output)) {
      throw new Error(`Artillery ended with code ${code}: ${artillery.said().split('\n').slice(-3).join(' | ')}`);
    }
    const after = atEnd ?? before;
    const changes = await making;
    progress('checking the answers against the truth');
    const atLast = await waitUntilRight(server.url, storeId, history, RIGHT_WITHIN_MS, signal);
    const readings = await meters.stop();
    const truth = await summarizeTruth({
      answers: existsSync(tap) ? readTap(tap) : [],
      history,
      changes,
      beganMs,
      wrongForEver: atLast === 'wrong',
      meters: readings,
    });
    rmSync(tap, { force: true });
    const seconds = durationMs / 1000;
    const used = (of: 'server' | 'database' | 'generator') =>
      after[of] === undefined || before[of] === undefined ? undefined : after[of] - before[of];
    const requests = JSON.parse(readFileSync(output, 'utf8')).aggregate?.counters?.['http.responses'] ?? 0;
    if (requests === 0) throw new Error('Artillery did not get a single answer.');
    const generatorSeconds = used('generator');
    return {
      storeId,
      truth,
      manifest: {
        startedAt: new Date(beganMs).toISOString(),
        ...(generatorSeconds !== undefined && { generator: { cpuShare: generatorSeconds / seconds } }),
        server: {
          ...(used('server') !== undefined && { cpuSeconds: used('server')! }),
          ...(used('database') !== undefined && { databaseCpuSeconds: used('database')! }),
          requests,
          databaseReads: truth.databaseReads,
        },
      },
    };
  } finally {
    stopping.abort();
    await artillery.stop(5_000);
  }
}

/** Waits until the reporter has written that the first phase began. @returns that moment, epoch milliseconds */
async function untilBegun(file: string, exited: Promise<number>, signal: AbortSignal): Promise<number> {
  const deadline = Date.now() + ARTILLERY_START_MAX_MS;
  for (;;) {
    signal.throwIfAborted();
    const began = existsSync(file) ? await firstPhase(file) : undefined;
    if (began !== undefined) return began;
    if (Date.now() > deadline) throw new Error('Artillery did not begin in time.');
    const code = await Promise.race([exited, delay(50, undefined, { signal })]);
    if (code !== undefined) throw new Error(`Artillery ended with code ${code} before it began.`);
  }
}

async function firstPhase(file: string): Promise<number | undefined> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.startsWith('{"phase":')) return JSON.parse(line).phase.startedAt;
  }
  return undefined;
}

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`GET ${url} was answered with ${response.status}.`);
  return (await response.json()) as T;
}
