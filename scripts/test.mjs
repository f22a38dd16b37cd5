// Brings what the tests need, then runs them: all but the long ones, or `--long`, or the files and folders given.
import { ensureInstalled } from './install.mjs';
import { exitWith, ROOT, runNode } from './node24.mjs';
import { ensurePages } from './pages.mjs';
import { ensurePrograms } from './programs.mjs';

await exitWith(async () => {
  await ensureInstalled();
  ensurePrograms();
  await ensurePages();
  return runNode([`${ROOT}/test/support/run.ts`, ...process.argv.slice(2)]);
});
