/** Loaded before each test file: ends it when it is done and does not end by itself, and says what kept it. */
import { relative } from 'node:path';
import { after, afterEach, beforeEach } from 'node:test';
import { TEST_FILE } from './leftovers.ts';

/** After the last test; enough for hooks that stop servers on a slow machine. */
const END_WITHIN_MS = Number(process.env.MATJIP_TEST_GRACE_MS ?? 180_000);
/** So long before the runner would kill the file without a word. */
const BEFORE_KILL_MS = 30_000;
const FILE_MAX_MS = Number(process.env.MATJIP_TEST_FILE_MAX_MS ?? 15 * 60_000);

const file = relative(process.cwd(), process.argv[1] ?? '');
// Whatever this file starts says whose it is.
process.env[TEST_FILE] = file;

const underWay = new Set<string>();
beforeEach((t) => void underWay.add(t.name));
afterEach((t) => void underWay.delete(t.name));

function endFile(why: string): void {
  const counts = Map.groupBy(process.getActiveResourcesInfo(), (name) => name);
  const kept = [...counts].map(([name, { length }]) => (length > 1 ? `${length} × ${name}` : name));
  process.stderr.write(`${file} ${why}. It was ended; what kept it: ${kept.join(', ') || 'a promise'}.\n`);
  process.exit(1);
}

setTimeout(
  () => endFile(`was not done: ${[...underWay].join('; ') || 'no test'} under way`),
  FILE_MAX_MS - BEFORE_KILL_MS,
).unref();
after(() => {
  setTimeout(() => endFile(`did not end within ${END_WITHIN_MS / 1_000} s of its last test`), END_WITHIN_MS).unref();
});

// The runner holds the other end: when it is gone nobody reads the results.
process.stdin.once('end', () => process.exit(1)).resume();
(process.stdin as unknown as { unref(): void }).unref();
