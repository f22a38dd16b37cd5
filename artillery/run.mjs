/*
 * Artillery on the Node that npm installed, itself installed at its first use, with our reporter:
 *
 *   npm run artillery -- run ./artillery/api-test.yml -o ./artillery/no-cache/result.json
 *
 * Your own `artillery` does as well; then set CUSTOM_REPORTERS=./artillery/reporter.mjs for whole distributions.
 */
import { ensureInstalled } from '../scripts/install.mjs';
import { exitWith, ROOT, runNode } from '../scripts/node24.mjs';

await exitWith(async () => {
  await ensureInstalled();
  return runNode([`${ROOT}/rehearsal/rehearse/artillery-by-hand.ts`, ...process.argv.slice(2)]);
});
