import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { SHARED_POSTGRES, startTestPostgres } from './postgres-server.ts';

/** A test that hangs fails by name rather than holding up the run; a busy machine is ten times as slow as an idle one. */
const TIMEOUT_MS = { short: 180_000, long: 30 * 60_000 };
const FOLDERS = '{src,web,rehearsal,bench,scripts,test}';

/**
 * Runs tests on one shared Postgres, which lives as long as the run.
 * @param args `--long` for the long tests; other options go to `node --test`; what remains are files and folders
 * @returns the exit code
 */
async function runTests(args: readonly string[]): Promise<number> {
  const isLong = args.includes('--long');
  const options = args.filter((arg) => arg.startsWith('--') && arg !== '--long');
  const paths = args.filter((arg) => !arg.startsWith('--'));
  const files = paths.length > 0 ? paths.flatMap(filesIn) : globSync(`${FOLDERS}/**/*.test.ts`);
  const chosen = paths.length > 0 ? files : files.filter((file) => file.endsWith('.long.test.ts') === isLong);
  if (chosen.length === 0) throw new Error(`There are no tests in ${paths.join(', ') || 'this clone'}.`);

  const postgres = await startTestPostgres();
  try {
    const child = spawn(
      process.execPath,
      [
        '--test',
        `--test-concurrency=${isLong ? 1 : Math.max(2, availableParallelism())}`,
        `--test-timeout=${TIMEOUT_MS[isLong ? 'long' : 'short']}`,
        ...options,
        ...chosen.sort(),
      ],
      { stdio: 'inherit', env: { ...process.env, [SHARED_POSTGRES]: postgres.url } },
    );
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    await postgres.stop();
  }
}

function filesIn(path: string): string[] {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? globSync(`${path}/**/*.test.ts`) : globSync(path);
}

try {
  process.exitCode = await runTests(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
