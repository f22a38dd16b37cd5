import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ARTILLERY, ARTILLERY_FOLDER, ensureArtillery, QUIET } from './artillery.ts';

/** Runs Artillery with the arguments given, in this terminal, with our reporter unless another is named. */
await ensureArtillery(console.error);
const child = spawn(process.execPath, [ARTILLERY, ...process.argv.slice(2)], {
  env: { CUSTOM_REPORTERS: join(ARTILLERY_FOLDER, 'reporter.mjs'), ...process.env, ...QUIET },
  stdio: 'inherit',
});
// A Ctrl-C reaches Artillery by itself; it then writes what it has, and we end with it.
process.on('SIGINT', () => {});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
