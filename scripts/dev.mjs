// `npm run dev`: serves, builds the pages when they change, starts the server again when anything did, and open pages load themselves anew.
import { spawn } from 'node:child_process';
import { existsSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureInstalled } from './install.mjs';
import { exitWith, NODE, ROOT, SetupError } from './node24.mjs';
import { forgetPages } from './pages.mjs';

const WATCHED = ['src', 'migrations', 'demo', 'dist/web'];
/** An editor that saves several files at once should cost one start. */
const SETTLE_MS = 300;
/** Written by each build of the pages that watches, see `web/build-plugins.ts`. */
const BUILT = join(ROOT, 'dist/web/assets/built.txt');

await exitWith(async () => {
  await ensureInstalled();
  forgetPages();
  rmSync(BUILT, { force: true });
  const vite = [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--config', join(ROOT, 'web/vite.config.ts')];
  // What was built before stays until the new is there, so that the server always finds pages.
  const watching = ['--watch', '--emptyOutDir', 'false', '--logLevel', 'warn'];
  const pages = spawn(NODE, [...vite, ...watching], { stdio: ['ignore', 'inherit', 'inherit'] });
  // Pages that were built before have nothing in them that loads them anew.
  while (!existsSync(BUILT)) {
    if (pages.exitCode !== null) throw new SetupError('The pages could not be built.');
    await delay(100);
  }
  await serveUntilStopped();
  pages.kill();
  // A recursive watcher keeps the process for ever, whatever unref() says of it (seen with Node 24 on Linux).
  process.exit(0);
});

function serveUntilStopped() {
  let server;
  let state = 'serving';
  let timer;
  return new Promise((resolve) => {
    const start = () => {
      state = 'serving';
      server = spawn(NODE, [join(ROOT, 'src/main.ts'), 'serve', '--demo'], { stdio: 'inherit' });
      server.once('exit', () => {
        if (state === 'stopping') return resolve();
        if (state === 'restarting') return start();
        state = 'ended';
        console.log('The server ended; it starts again at the next change.');
      });
    };
    const restart = () => {
      if (state === 'ended') return start();
      if (state !== 'serving') return;
      state = 'restarting';
      server.kill('SIGTERM');
    };
    for (const folder of WATCHED) {
      watch(join(ROOT, folder), { recursive: true }, () => {
        clearTimeout(timer);
        timer = setTimeout(restart, SETTLE_MS);
      }).unref();
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        const wasEnded = state === 'ended';
        state = 'stopping';
        clearTimeout(timer);
        if (wasEnded) resolve();
        else server.kill('SIGTERM');
      });
    }
    start();
  });
}
