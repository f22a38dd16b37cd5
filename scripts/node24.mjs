import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's own folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node that npm installs with the other dependencies; the one outside may be as old as 20. */
export const NODE = join(ROOT, 'node_modules/node/bin/node');

/** The end of a run that a person can do something about: one line, no stack. */
export class SetupError extends Error {}

/**
 * Runs a program in this terminal and passes on the signals that are meant for it.
 * @returns its exit code, or 128 + the number of the signal that ended it, as shells count
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    const npmWatch = watchNpm(() => forward('SIGTERM'));
    const done = () => {
      clearInterval(npmWatch);
      for (const signal of signals) process.off(signal, forward);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      done();
      resolve(code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9 }[signal] ?? 15));
    });
  });
}

const LOOK_EVERY_MS = 1_000;

/** npm passes on every signal but the one that nobody hears: killed itself, it leaves its script behind, whose parent is another then. */
function watchNpm(gone) {
  const isNpms = process.env.npm_lifecycle_script?.includes(basename(process.argv[1]));
  const npm = process.ppid;
  return isNpms ? setInterval(() => process.ppid !== npm && gone(), LOOK_EVERY_MS).unref() : undefined;
}

/**
 * Runs TypeScript, or any script, on the installed Node 24. When this process is killed the channel between the two closes: what serves
 * or works ends then (`graceful-shutdown.ts`).
 */
export function runNode(args, options) {
  if (!existsSync(NODE)) throw new SetupError('The dependencies are not installed: run "npm start" or "npm ci".');
  return run(NODE, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], ...options });
}

/** Ends this process with the code that `main` resolves to, or with 1 and one line for an error. */
export async function exitWith(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    const expected = error instanceof SetupError || process.env.LOG_LEVEL !== 'debug';
    process.stderr.write(`${expected ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
