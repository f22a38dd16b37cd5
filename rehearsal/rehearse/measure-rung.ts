import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../crowd/random.ts';
import type { Rung } from '../ladder/rung.ts';
import type { Manifest, Truth } from '../results/index.ts';
import { type DatabaseReads, openDatabaseReads } from '../truth/database-reads.ts';
import { TruthHistory } from '../truth/judge.ts';
import { makeChanges, requireChanges } from '../truth/make-changes.ts';
import { dishesToChange, planChanges } from '../truth/plan-changes.ts';
import { watchMeters } from '../truth/read-meters.ts';
import { summarizeTruth } from '../truth/summarize.ts';
import { readTap } from '../truth/tap.ts';
import { waitUntilRight } from '../truth/wait-until-right.ts';
import { runArtillery } from './artillery-run.ts';
import { type PlannedManifest, phasesOf, planKey, writeJson, writeManifest } from './manifest.ts';
import type { RehearseOptions } from './options.ts';
import type { PreparedHome } from './prepared-home.ts';
import { watchUsage } from './process-usage.ts';
import { forgetLooks, searchRound } from './rung-knee.ts';
import type { RehearsedServer } from './server.ts';
import { untilSettled } from './settle.ts';
import { startSite } from './site.ts';

/** Longer than the lifetime and the period of every cache of the ladder, twice over. */
const RIGHT_WITHIN_MS = 12_000;

export interface RungOptions {
  readonly rung: Rung;
  readonly planned: PlannedManifest;
  readonly folder: string;
  readonly home: PreparedHome;
  readonly settings: RehearseOptions;
  readonly progress: (what: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Measures one rung: fresh data, its own server, Artillery's crowd, changes of the menu while it reads, and a verdict on every menu
 * that was shown. Leaves the files of rehearsal/results in `folder`, and nothing running.
 * @throws Error in one line when the server or Artillery fails; the signal's reason when told to stop
 */
export async function measureRung(options: RungOptions): Promise<Truth> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true });
  for (const name of ['manifest.json', 'truth.json', 'crowd.json', 'full-house.json'])
    rmSync(join(folder, name), { force: true });
  forgetLooks(folder);
  return withServer(options, async (server, reads) => {
    const { manifest, truth } = await measureLoad(server, reads, options);
    writeJson(join(folder, 'truth.json'), truth);
    // Last, because it says that the rest is whole.
    writeManifest(folder, manifest);
    return truth;
  });
}

/** One round of the search for the knee, on fresh data and a server of its own. @returns what was found, in words */
export const lookAtRung = (options: RungOptions): Promise<string> =>
  withServer(options, (server, reads) =>
    searchRound(server, reads, {
      folder: options.folder,
      plan: planKey(options.planned),
      storeId: options.home.storeId,
      seed: options.settings.seed,
      rounds: options.settings.kneeRounds,
      fullHouse: options.settings.fullHouse,
      progress: options.progress,
      signal: options.signal,
    }),
  );

async function withServer<T>(
  { rung, home, progress, signal }: RungOptions,
  work: (server: RehearsedServer, reads: DatabaseReads) => Promise<T>,
): Promise<T> {
  progress('starting the server on fresh data');
  const copy = await home.copy(rung.name);
  try {
    const server = await startSite(copy, rung, signal);
    let reads: DatabaseReads | undefined;
    try {
      reads = await openDatabaseReads(server.home);
      if (rung.untuned) await reads.dropIndexes();
      progress('waiting until the database is at rest');
      await untilSettled(server, signal);
      return await work(server, reads);
    } catch (error) {
      signal.throwIfAborted();
      throw new Error(`${(error as Error).message} (the server said last: ${server.lastWords()})`, { cause: error });
    } finally {
      progress('stopping the server');
      await reads?.close();
      await server.stop();
    }
  } finally {
    await home.discard(copy);
  }
}

async function measureLoad(
  server: RehearsedServer,
  reads: DatabaseReads,
  options: RungOptions,
): Promise<{ manifest: Manifest; truth: Truth }> {
  const { rung, planned, folder, home, settings, progress, signal } = options;
  const durationMs = (settings.warmupS + settings.durationS) * 1000;
  const dishes = dishesToChange(createRandom(settings.seed), home.menu);
  const plan = rung.changes ? planChanges(dishes, settings.changeEveryMs, durationMs) : [];
  const history = new TruthHistory(dishes);
  const tap = join(folder, 'answers.jsonl');

  progress('waiting for Artillery');
  const artillery = await runArtillery({
    target: server.url,
    folder,
    tap,
    seed: settings.seed,
    storeId: home.storeId,
    phases: phasesOf(settings),
    signal,
  });
  const { beganMs } = artillery;
  const ending = new AbortController();
  const meters = watchMeters({ urls: server.metricsUrls ?? [server.url], databaseReads: reads.count });
  // Artillery's own CPU says nothing: above forty guests a second its timer spins on a whole core whatever it has to do.
  const usage = watchUsage(server);
  const before = await reads.work();
  try {
    const making = makeChanges({
      ...server,
      storeId: home.storeId,
      plan,
      history,
      beganMs,
      signal: AbortSignal.any([signal, ending.signal]),
    });
    await artillery.finish((elapsedMs) => {
      if (elapsedMs >= durationMs) usage.end();
      progress(`the crowd is there: ${Math.round(Math.min(elapsedMs, durationMs) / 1000)} of ${durationMs / 1000} s`);
    });
    const changes = await making;
    requireChanges(changes);
    progress('checking every answer against the truth');
    const atLast = await waitUntilRight(server.url, home.storeId, history, RIGHT_WITHIN_MS, signal);
    const truth = await summarizeTruth({
      answers: existsSync(tap) ? readTap(tap) : [],
      history,
      changes,
      beganMs,
      wrongForEver: atLast === 'wrong',
      meters: await meters.stop(),
    });
    const requests = answersIn(join(folder, 'result.json'));
    if (requests === 0) throw new Error('Artillery did not get a single answer.');
    const used = usage.end();
    const after = await reads.work();
    return {
      truth,
      manifest: {
        ...planned,
        startedAt: new Date(beganMs).toISOString(),
        machine: { ...planned.machine, postgres: reads.version },
        server: {
          ...(used && { cpuSeconds: used.serverS, databaseCpuSeconds: used.databaseS }),
          requests,
          databaseReads: truth.databaseReads,
          databaseStatements: after.statements - before.statements,
          databaseBytes: after.bytes - before.bytes,
        },
      },
    };
  } finally {
    ending.abort();
    await Promise.all([meters.stop(), artillery.stop()]);
    rmSync(tap, { force: true });
  }
}

const answersIn = (result: string): number =>
  JSON.parse(readFileSync(result, 'utf8')).aggregate?.counters?.['http.responses'] ?? 0;
