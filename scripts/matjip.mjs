// Sets this clone up if need be, then runs `matjip` with the arguments given. This is what `npm start` does.
import { ensureInstalled } from './install.mjs';
import { exitWith, ROOT, runNode } from './node24.mjs';
import { ensurePages } from './pages.mjs';

await exitWith(async () => {
  await ensureInstalled();
  await ensurePages();
  return runNode([`${ROOT}/src/main.ts`, ...process.argv.slice(2)]);
});
