import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { globSync, statSync } from 'node:fs';
import { access, chmod, constants, mkdtemp, rm, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type EventData, run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { endLeftovers } from './leftovers.ts';
import { SHARED_POSTGRES, startTestPostgres } from './postgres-server.ts';
import { makeReadyHome, READY_HOME } from './ready-home.ts';

/**
 * What hangs fails by name rather than holding up the run. A test on a machine of a tenth of the usual speed, busy with
 * other work, is far below this; a file ends itself before the runner would kill it (`end-of-file.ts`).
 */
const TEST_MAX_MS = { short: 5 * 60_000, long: 30 * 60_000 };
const FILE_MAX_MS = { short: 15 * 60_000, long: 4 * 60 * 60_000 };
const END_OF_FILE = fileURLToPath(new URL('end-of-file.ts', import.meta.url));
/** Linux keeps this folder in memory. */
const MEMORY = '/dev/shm';
/** A run's databases, browsers and compiled modules are a third of it at most. */
const MEMORY_MIN = 6 * 2 ** 30;
const FOLDERS = '{src,web,rehearsal,bench,scripts,test}';
/** Named by itself such a file has its time, too. */
const LONG = '.long.test.ts';
/** Two threads beside two others that never rest get one. */
const ENOUGH_CORES = 0.75;
const CORES_A_FILE = 0.25;
/** Many periods of a quota. */
const LOOK_FOR_CORES_MS = 1_000;
const SLOWEST_SHOWN = 10;
/** Of some three hundred files. A machine on which more have a bad moment has a cause of its own, and so has a fault that more show. */
const SECOND_TRIES_MAX = 8;

/**
 * Runs tests on one shared Postgres, which lives as long as the run.
 * @param args `--long` for the long tests; `--second-try`, which all the short ones together have anyway, runs up to eight files that failed
 *   once more, alone, and names those that pass then as unsteady; `--test-name-pattern` as of `node --test`; what remains are files and folders
 * @returns the exit code
 */
async function runTests(args: string[]): Promise<number> {
  const { values, positionals: paths } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      long: { type: 'boolean', default: false },
      'second-try': { type: 'boolean', default: false },
      'test-name-pattern': { type: 'string', multiple: true },
    },
  });
  const files = (paths.length > 0 ? paths : [FOLDERS]).flatMap((path) => filesIn(path, values.long));
  const kind = files.some((file) => file.endsWith(LONG)) ? 'long' : 'short';
  const triesAgain = values['second-try'] || (paths.length === 0 && kind === 'short');
  if (files.length === 0) throw new Error(`There are no tests in ${paths.join(', ') || 'this clone'}.`);

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  process.env.TMPDIR = await roomyFolder();
  // Everything that a test starts knows this folder, and by it is found if it is left behind.
  const folder = await mkdtemp(join(tmpdir(), 'matjip-run-'));
  await chmod(folder, 0o755);
  // A run within a run has that of the outer one. It is no part of that folder: what lives as long as the run knows it, too.
  const ready = process.env[READY_HOME] === undefined ? await makeReadyHome() : undefined;
  process.env[READY_HOME] ??= ready;
  const postgres = await startTestPostgres();
  const citusTemplate = `test_template_${process.pid}`;
  const busyOf = watchCores();
  try {
    const runFiles = (files: readonly string[], concurrency: number) =>
      runOnce({
        files: [...files],
        concurrency,
        timeout: FILE_MAX_MS[kind],
        execArgv: [`--test-timeout=${TEST_MAX_MS[kind]}`, '--import', END_OF_FILE],
        env: {
          ...process.env,
          [SHARED_POSTGRES]: postgres.url,
          ...(process.env.CITUS_URL && { MATJIP_TEST_CITUS_TEMPLATE: citusTemplate }),
          TMPDIR: folder,
          // Each file and each process that it starts loads the same modules; compiled once, they take a third less.
          NODE_COMPILE_CACHE: join(folder, 'compiled'),
          MATJIP_TEST_FILE_MAX_MS: String(FILE_MAX_MS[kind]),
        },
        signal: stop.signal,
        ...(values['test-name-pattern'] && { testNamePatterns: values['test-name-pattern'] }),
      });
    const first = await runFiles(inOrder(files), kind === 'long' ? 1 : await filesAtOnce());
    let passed = first.success;
    const filesTook = first.files.toSorted((one, other) => other.duration_ms - one.duration_ms);
    process.stdout.write(
      `ℹ the machine's cores were busy for ${busyOf()} % of the time; the slowest of ${filesTook.length} files:\n`,
    );
    for (const { file, duration_ms: ms } of filesTook.slice(0, SLOWEST_SHOWN)) {
      process.stdout.write(`ℹ ${(ms / 1_000).toFixed(1).padStart(7)} s  ${relative(process.cwd(), file!)}\n`);
    }
    const failed = filesTook.filter(({ success }) => !success);
    if (triesAgain && failed.length > 0 && failed.length <= SECOND_TRIES_MAX && !stop.signal.aborted) {
      process.stdout.write('\nℹ what failed beside others is tried once more, alone:\n');
      const second = await runFiles(
        failed.map(({ file }) => file!),
        1,
      );
      for (const { file, success } of second.files) {
        const words = success ? 'is unsteady: it failed beside others and passed alone' : 'failed alone as well';
        process.stdout.write(`⚠ ${relative(process.cwd(), file!)} ${words}\n`);
      }
      const total = (count: 'tests' | 'passed' | 'cancelled' | 'skipped' | 'todo') =>
        first.counts[count] - failed.reduce((sum, { counts }) => sum + counts[count], 0) + second.counts[count];
      const [tests, pass, cancelled] = [total('tests'), total('passed'), total('cancelled')];
      const fail = tests - pass - cancelled - total('skipped') - total('todo');
      process.stdout.write(`ℹ tests ${tests}\nℹ pass ${pass}\nℹ fail ${fail}\nℹ cancelled ${cancelled}\n`);
      // A file that fell over without a count of its own is no second try's.
      passed = second.success && fail === 0 && cancelled === 0;
    }
    const leftovers = await endLeftovers(folder);
    for (const leftover of leftovers) process.stdout.write(`✖ ${leftover}\n`);
    return passed && leftovers.length === 0 && !stop.signal.aborted ? 0 : 1;
  } finally {
    await postgres.stop();
    if (process.env.CITUS_URL) await dropOnCitus(citusTemplate);
    for (const each of [folder, ready]) if (each) await rm(each, { recursive: true, force: true });
  }
}

async function dropOnCitus(template: string): Promise<void> {
  // Needed by a run on a cluster alone.
  const { citusNodes, dropCitusDatabase } = await import('./citus.ts');
  await dropCitusDatabase(await citusNodes(), template);
}

interface Outcome extends Pick<EventData.TestSummary, 'success' | 'counts'> {
  readonly files: readonly EventData.TestSummary[];
}

/** Runs files and prints what they say. */
async function runOnce(options: Parameters<typeof run>[0]): Promise<Outcome> {
  const results = run(options);
  const files: EventData.TestSummary[] = [];
  let whole: EventData.TestSummary | undefined;
  results.on('test:summary', (summary: EventData.TestSummary) => {
    if (summary.file === undefined) whole = summary;
    else files.push(summary);
  });
  for await (const text of results.compose(spec)) process.stdout.write(text);
  if (!whole) throw new Error('The tests ended without a summary.');
  return { success: whole.success, counts: whole.counts, files };
}

/**
 * Those of `test/` first: they start servers and browsers, and what is left for the end should be short. By a hash of their names, so
 * that a folder's files, which all compute or all wait, do not run beside each other.
 */
function inOrder(files: readonly string[]): string[] {
  const place = (file: string) => {
    const hash = createHash('sha1').update(file).digest('hex');
    return relative(process.cwd(), file).startsWith('test/') ? `0${hash}` : `1${hash}`;
  };
  const places = new Map(files.map((file) => [file, place(file)]));
  return files.toSorted((one, other) => (places.get(one)! < places.get(other)! ? -1 : 1));
}

/**
 * Many files wait more than they compute: two more than the machine has cores keep it busy. Where less than one core can be had (a quota,
 * much other work) they would only starve each other: a guest's 503 after 3 s is then right, and no test's fault.
 */
async function filesAtOnce(): Promise<number> {
  const cores = await coresToBeHad();
  if (cores >= ENOUGH_CORES) return availableParallelism() + 2;
  process.stdout.write(`ℹ only ${cores.toFixed(2)} cores can be had: fewer files at once\n`);
  return Math.max(1, Math.round(cores / CORES_A_FILE));
}

/** @returns the processor time a second that as many busy threads as there are cores get just now */
async function coresToBeHad(): Promise<number> {
  const look = `const untilMs = performance.now() + ${LOOK_FOR_CORES_MS}; while (performance.now() < untilMs);`;
  const [fromMs, before] = [performance.now(), process.cpuUsage()];
  await Promise.all(
    Array.from({ length: availableParallelism() }, () => once(new Worker(look, { eval: true }), 'exit')),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / (performance.now() - fromMs);
}

/** @returns asked later, how much of the time since then the machine's cores did not rest, whoever used them */
function watchCores(): () => number {
  const look = () => {
    const times = cpus().map((core) => core.times);
    const all = times.flatMap((each) => Object.values(each)).reduce((sum, ms) => sum + ms, 0);
    return { all, idle: times.reduce((sum, { idle }) => sum + idle, 0) };
  };
  const before = look();
  return () => {
    const now = look();
    return Math.round(100 * (1 - (now.idle - before.idle) / (now.all - before.all)));
  };
}

/** In memory where there is plenty: hundreds of databases come and go, and waiting for a disk proves nothing about Matjip. */
async function roomyFolder(): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(MEMORY);
    await access(MEMORY, constants.W_OK);
    if (bavail * bsize > MEMORY_MIN && freemem() > MEMORY_MIN) return MEMORY;
  } catch {}
  return tmpdir();
}

/** The tests of a folder that are long, or all others; a file that is named itself is run in any case. */
function filesIn(path: string, isLong: boolean): string[] {
  if (path !== FOLDERS && !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return globSync(path);
  return globSync(`${path}/**/*.test.ts`).filter((file) => file.endsWith(LONG) === isLong);
}

try {
  process.exit(await runTests(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
