// `npm run screenshots`: the pages' pictures, made by the long browser tests; refuses where they would be pictures of boxes.
import { spawnSync } from 'node:child_process';
import { exitWith, ROOT, run, SetupError } from './node24.mjs';

await exitWith(async () => {
  ensureKoreanFont();
  const env = { ...process.env, MATJIP_SHOTS: 'docs/screenshots' };
  return run(process.execPath, [`${ROOT}/scripts/test.mjs`, '--long', 'test/browser/every-page'], { cwd: ROOT, env });
});

/** Where fontconfig is not there, as on macOS, the system brings fonts of its own. */
function ensureKoreanFont() {
  const { status, stdout } = spawnSync('fc-list', [':lang=ko', 'family'], { encoding: 'utf8' });
  if (status !== 0 || stdout.trim() !== '') return;
  throw new SetupError(
    'This machine has no Korean font, so each letter would be a box in the pictures: run "sudo apt-get install fonts-noto-cjk", or install one in your system\'s way.',
  );
}
