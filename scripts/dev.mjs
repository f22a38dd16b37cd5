// `npm run dev`: serves, builds the pages when they change, and starts the server again when anything did.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { exitWith, NODE, ROOT } from './node24.mjs';
import { ensurePages } from './pages.mjs';

const WATCHED = ['src', 'migrations', 'demo', 'dist/web'];
/** An editor that saves several files at once should cost one start. */
const SETTLE_MS = 300;

await exitWith(async () => {
  await ensureInstalled();
  await ensurePages();
  const vite = [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--config', join(ROOT, 'web/vite.config.ts')];
  const pages = spawn(NODE, [...vite, '--watch', '--logLevel', 'warn'], { stdio: ['ignore', 'inherit', 'inherit'] });
  await serveUntilStopped();
  pages.kill();
  return 0;
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
