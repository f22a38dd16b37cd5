import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../crowd/random.ts';
import type { Rung } from '../ladder/rung.ts';
import type { Manifest, Truth } from '../stats/sidecar.ts';
import { type DatabaseReads, openDatabaseReads } from '../truth/database-reads.ts';
import { TruthHistory } from '../truth/judge.ts';
import { makeChanges, requireChanges } from '../truth/make-changes.ts';
import { dishesToChange, planChanges } from '../truth/plan-changes.ts';
import { watchMeters } from '../truth/read-meters.ts';
import { summarizeTruth } from '../truth/summarize.ts';
import { readTap } from '../truth/tap.ts';
import { waitUntilRight } from '../truth/wait-until-right.ts';
import { runArtillery } from './artillery-run.ts';
import { type PlannedManifest, phasesOf, wantsKnee, writeJson, writeManifest } from './manifest.ts';
import type { RehearseOptions } from './options.ts';
import type { PreparedHome } from './prepared-home.ts';
import { watchUsage } from './process-usage.ts';
import { findRungKnee } from './rung-knee.ts';
import { type RehearsedServer, startServer } from './server.ts';

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
 * Measures one rung: fresh data, its own server, Artillery's crowd, changes of the menu while it reads, a verdict on every menu
 * that was shown, and the knee. Leaves the files of rehearsal/stats/sidecar.ts in `folder`, and nothing running.
 * @throws Error in one line when the server or Artillery fails; the signal's reason when told to stop
 */
export async function measureRung(options: RungOptions): Promise<Truth> {
  const { rung, planned, folder, home, settings, progress, signal } = options;
  mkdirSync(folder, { recursive: true });
  for (const name of ['manifest.json', 'truth.json', 'crowd.json']) rmSync(join(folder, name), { force: true });
  progress('starting the server on fresh data');
  const copy = await home.copy(rung.name);
  try {
    const server = await startServer(copy, rung.switches, signal);
    let reads: DatabaseReads | undefined;
    try {
      reads = await openDatabaseReads(server.home);
      const { manifest, truth } = await measureLoad(server, reads, options);
      if (wantsKnee(rung, planned, settings)) {
        const found = await findRungKnee(server, reads, {
          folder,
          storeId: home.storeId,
          seed: settings.seed,
          progress,
          signal,
        });
        truth.loadsPerSecondMax = Math.max(truth.loadsPerSecondMax ?? 0, found.loadsPerSecondMax);
        truth.orders = found.orders;
      }
      writeJson(join(folder, 'truth.json'), truth);
      // Last, because it says that the rest is whole.
      writeManifest(folder, manifest);
      return truth;
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
  const meters = watchMeters({ url: server.url, databaseReads: reads.count });
  // Artillery's own CPU says nothing: above forty guests a second its timer spins on a whole core whatever it has to do.
  const usage = watchUsage(server);
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
