import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findRungs, type PlacedRung } from '../ladder/ladders.ts';
import { sayScaling } from '../plan/capacity.ts';
import { collectMeasured, MEASURED, type MeasuredRung, SCALING } from '../plan/measured.ts';
import { ensureArtillery } from './artillery.ts';
import { compareWithExpected } from './expected.ts';
import { FULL_HOUSE_TAKES_S } from './full-house.ts';
import { hasKnee, isMeasured, lookAround, planKey, planManifest, wantsKnee, writeJson } from './manifest.ts';
import { lookAtRung, measureRung, type RungOptions } from './measure-rung.ts';
import { type RehearseOptions, readOptions, USAGE, UsageError } from './options.ts';
import { prepareHome } from './prepared-home.ts';
import { createProgress } from './progress.ts';
import { roundsDone, searchTakesS } from './rung-knee.ts';
import { measureScaling, SCALING_TAKES_MIN } from './scaling.ts';
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
    if (options.scaling) {
      await scale(options, folder, stopping.signal);
      return OK;
    }
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

/** What `matjip plan` reads. @returns the rungs that carry the series for the law of scaling */
function writeMeasured(out: string): MeasuredRung[] {
  const measured = existsSync(out) ? collectMeasured(out) : undefined;
  if (measured) writeJson(join(out, MEASURED), measured);
  return measured?.rungs.filter(({ scaling }) => scaling) ?? [];
}

/** Measures what more cores carry, of the rung that a shop runs; {@link collectMeasured} gives it to every rung with the same switches. */
async function scale(options: RehearseOptions, folder: string, signal: AbortSignal): Promise<void> {
  const { rung } = findRungs(['schedule-batch'])[0]!;
  const { machine } = lookAround('none');
  process.stderr.write(`This takes about ${SCALING_TAKES_MIN} minutes.\n`);
  const progress = createProgress('[scaling]');
  progress.now('preparing the data');
  const home = await prepareHome(folder, options.history, signal);
  const about = { home, switches: rung.switches, machine: `${machine.model}, ${machine.cpus} CPU`, seed: options.seed };
  const series = await measureScaling({ ...about, progress: progress.now, signal });
  mkdirSync(options.out, { recursive: true });
  writeJson(join(options.out, SCALING), series);
  progress.done(`${series.points.length} looks at ${new Set(series.points.map(({ nodes }) => nodes)).size} sizes`);
  const { label } = rung;
  for (const line of sayScaling(label, series.points)) process.stdout.write(`${line[options.lang]}\n`);
  const rungs = writeMeasured(options.out).map(({ name }) => name);
  const where =
    rungs.length > 0
      ? `${join(options.out, MEASURED)}: ${rungs.join(', ')}`
      : `${join(options.out, SCALING)} (no rung is measured there yet)`;
  process.stdout.write(`${where}\n`);
}

/**
 * Writes report.html, and report.md and report.json beside it, of all rungs that are measured. Two ladders are two questions: their rungs do
 * not stand on each other, so each gets its own (report-cache.html, report-strategy.html).
 * @returns whether it could
 */
async function report(options: RehearseOptions): Promise<boolean> {
  const { out, rungs } = options;
  writeMeasured(out);
  const ladders = [...new Set(rungs.map(({ ladder }) => ladder))];
  let isWritten = false;
  for (const ladder of ladders) {
    const own = { ...options, rungs: rungs.filter((placed) => placed.ladder === ladder) };
    const name = ladders.length === 1 ? 'report' : `report-${ladder.name}`;
    const results = measuredResults(own);
    if (results.length === 0) continue;
    if (!(await reportOf(results, name, own))) return false;
    isWritten = true;
  }
  return isWritten;
}

async function reportOf(results: readonly string[], name: string, { out, lang }: RehearseOptions): Promise<boolean> {
  const { reportCommand } = await import('../report/command.ts');
  const file = (extension: string) => join(out, `${name}.${extension}`);
  const written = ['-o', file('html'), '--md', file('md'), '--json', file('json')];
  const code = await reportCommand([...results, ...written, '--lang', lang]);
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

/**
 * First Artillery's crowd at each rung, then the looks for the knees. Rounds go round all rungs before they begin again, so that a machine
 * that grows slower does so for all of them.
 * @returns how many runs failed
 */
async function climb(options: RehearseOptions, folder: string, signal: AbortSignal): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const surroundings = lookAround(await ensureArtillery(say, signal));
  const planOf = (placed: PlacedRung, repeat: number) => planManifest(placed, repeat, options, surroundings);
  const runs = Array.from({ length: options.repeat }, (_, index) => index)
    .flatMap((index) => options.rungs.map((placed) => ({ placed, ...runsOf(options, placed.rung.name)[index]! })))
    .map((run) => ({ ...run, planned: planOf(run.placed, run.repeat) }));
  const isDone = ({ folder: results, planned }: (typeof runs)[number]) =>
    !options.fresh && isMeasured(results, planned);
  const knees = runs.filter(({ placed, planned }) => wantsKnee(placed.rung, planned, options));
  const searched = knees.filter((run) => !(isDone(run) && hasKnee(run.folder, run.planned)));
  const open = runs.filter((run) => !isDone(run));
  if (open.length + searched.length > 0) say(sayDuration(options, open.length, searched.length));

  let home: Awaited<ReturnType<typeof prepareHome>> | undefined;
  const failed = new Set<string>();
  const measure = async (
    title: string,
    { placed, planned, folder: results }: (typeof runs)[number],
    work: (rung: RungOptions) => Promise<string>,
  ) => {
    if (failed.has(results)) return;
    const progress = createProgress(title);
    progress.now('preparing the data');
    home ??= await prepareHome(folder, options.history, signal);
    try {
      const about = { rung: placed.rung, planned, folder: results, home, settings: options };
      progress.done(await work({ ...about, progress: progress.now, signal }));
    } catch (error) {
      signal.throwIfAborted();
      failed.add(results);
      progress.done(`failed: ${(error as Error).message}`);
    }
  };

  for (const [index, run] of runs.entries()) {
    const { placed, repeat } = run;
    const title = `[${index + 1}/${runs.length}] ${placed.rung.name}${repeat > 1 ? ` (repeat ${repeat})` : ''}`;
    if (!open.includes(run)) createProgress(title).done('is measured already (--fresh measures again)');
    else {
      await measure(title, run, async (rung) =>
        compareWithExpected(placed.rung.expect, await measureRung(rung), options.lang),
      );
    }
  }
  for (let round = 1; round <= options.kneeRounds; round++) {
    for (const run of searched) {
      if (roundsDone({ folder: run.folder, plan: planKey(run.planned) }) >= round) continue;
      await measure(`[knee, round ${round}/${options.kneeRounds}] ${run.placed.rung.name}`, run, lookAtRung);
    }
  }
  return failed.size;
}

/** Starting a server and Artillery, and judging what was shown. */
const RUN_TAKES_S = 15;

function sayDuration(options: RehearseOptions, runs: number, knees: number): string {
  const seconds =
    runs * (options.warmupS + options.durationS + RUN_TAKES_S) +
    knees * (searchTakesS(options.kneeRounds) + (options.fullHouse ? FULL_HOUSE_TAKES_S : 0));
  return `This takes about ${Math.ceil(seconds / 60)} minutes.`;
}
