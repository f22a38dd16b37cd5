import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureArtillery } from './artillery.ts';
import { compareWithExpected } from './expected.ts';
import { isMeasured, lookAround, planManifest, wantsKnee } from './manifest.ts';
import { measureRung } from './measure-rung.ts';
import { type RehearseOptions, readOptions, USAGE, UsageError } from './options.ts';
import { prepareHome } from './prepared-home.ts';
import { createProgress } from './progress.ts';
import { ladderTable } from './table.ts';

const OK = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/**
 * `matjip rehearse`: climbs the rungs, then writes the report. Ctrl-C ends it within seconds; what is measured by then is kept,
 * and not measured again by the next rehearsal with the same options.
 * @returns the exit code: 0, 1 when a rung could not be measured or it was stopped, 2 for a wrong option
 */
export async function rehearseCommand(args: string[]): Promise<number> {
  let options: RehearseOptions | undefined;
  try {
    options = readOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n(--help shows what is possible)\n`);
    return WRONG_USAGE;
  }
  if (!options) {
    process.stdout.write(USAGE);
    return OK;
  }
  const stopping = new AbortController();
  const stop = () => stopping.abort(new Error('Stopped. What is measured stays; the same command goes on from here.'));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const folder = await mkdtemp(join(tmpdir(), 'matjip-rehearsal-'));
  try {
    const failed = await climb(options, folder, stopping.signal);
    return (await report(options)) && failed === 0 ? OK : FAILED;
  } catch (error) {
    const reason = stopping.signal.aborted ? (stopping.signal.reason as Error) : (error as Error);
    process.stderr.write(`\n${reason.message}\n`);
    return FAILED;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes report.html, and report.md and report.json beside it, of all rungs that are measured. @returns whether it could */
async function report(options: RehearseOptions): Promise<boolean> {
  const { out, lang } = options;
  const results = measuredResults(options);
  if (results.length === 0) return false;
  const { reportCommand } = await import('../report/command.ts');
  const file = (extension: string) => join(out, `report.${extension}`);
  const code = await reportCommand([
    ...results,
    '-o',
    file('html'),
    '--md',
    file('md'),
    '--json',
    file('json'),
    '--lang',
    lang,
  ]);
  if (code === OK) process.stdout.write(`\n${ladderTable(file('json'), lang)}\n\n${resolve(file('html'))}\n`);
  return code === OK;
}

/** A rung's first run lies in its folder, a repeat in `repeat-2` and so on below it. */
function runsOf({ out, repeat }: RehearseOptions, rung: string): { repeat: number; folder: string }[] {
  return Array.from({ length: repeat }, (_, index) => ({
    repeat: index + 1,
    folder: index === 0 ? join(out, rung) : join(out, rung, `repeat-${index + 1}`),
  }));
}

/** Of exactly the runs that were asked for: repeats of an earlier rehearsal with other options may still lie below a rung. */
export function measuredResults(options: RehearseOptions): string[] {
  return options.rungs
    .flatMap(({ rung }) => runsOf(options, rung.name))
    .filter(({ folder }) => existsSync(join(folder, 'manifest.json')))
    .map(({ folder }) => join(folder, 'result.json'));
}

/** @returns how many runs failed */
async function climb(options: RehearseOptions, folder: string, signal: AbortSignal): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const surroundings = lookAround(await ensureArtillery(say, signal));
  // Repeats go round all rungs before they begin again, so that a machine that grows slower does so for all of them.
  const runs = Array.from({ length: options.repeat }, (_, index) => index).flatMap((index) =>
    options.rungs.map((placed) => ({ placed, ...runsOf(options, placed.rung.name)[index]! })),
  );
  let home: Awaited<ReturnType<typeof prepareHome>> | undefined;
  let failed = 0;
  for (const [index, { placed, repeat, folder: results }] of runs.entries()) {
    const title = `[${index + 1}/${runs.length}] ${placed.rung.name}${repeat > 1 ? ` (repeat ${repeat})` : ''}`;
    const progress = createProgress(title);
    const planned = planManifest(placed, repeat, options, surroundings);
    if (!options.fresh && isMeasured(results, planned, wantsKnee(placed.rung, planned, options))) {
      progress.done('is measured already (--fresh measures again)');
      continue;
    }
    progress.now('preparing the data');
    home ??= await prepareHome(folder, signal);
    try {
      const truth = await measureRung({
        rung: placed.rung,
        planned,
        folder: results,
        home,
        settings: options,
        progress: progress.now,
        signal,
      });
      progress.done(compareWithExpected(placed.rung.expect, truth, options.lang));
    } catch (error) {
      signal.throwIfAborted();
      failed += 1;
      progress.done(`failed: ${(error as Error).message}`);
    }
  }
  return failed;
}
