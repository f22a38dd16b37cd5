import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { NODE, ROOT, SetupError } from './node24.mjs';
import { notWritable, once } from './once.mjs';

/** Installs the dependencies if others, or none, are there than the lock file asks for. */
export async function ensureInstalled() {
  await once(isInstalled, async () => {
    process.stderr.write('Installing the dependencies; this takes a minute, once.\n');
    const { code, said } = await npmCi();
    if (code !== 0) throw new SetupError(explain(said));
  });
}

/** npm notes what it installed when it is done, so a half install does not look like a whole one. */
function isInstalled() {
  if (!existsSync(NODE)) return false;
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  return Object.entries(wanted).every(
    ([path, { version, optional, peer }]) =>
      path === '' || installed[path]?.version === version || ((optional || peer) && !installed[path]),
  );
}

function readPackages(lockFile) {
  try {
    return JSON.parse(readFileSync(join(ROOT, lockFile), 'utf8')).packages;
  } catch {
    return {};
  }
}

/** Three tries within half a minute: npm's own patience of several minutes looks like a hang. */
const PATIENCE = ['--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000'];

function npmCi() {
  // npm must not run on the Node that it is about to replace.
  const PATH = process.env.PATH.split(delimiter)
    .filter((folder) => !folder.startsWith(join(ROOT, 'node_modules')))
    .join(delimiter);
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...PATIENCE], {
      cwd: ROOT,
      env: { ...process.env, PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said = (said + text).slice(-20_000);
      });
    }
    const stop = (signal) => {
      child.kill(signal);
      process.exit(1);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
    child.once('error', () => reject(new SetupError('npm is not found: install Node.js 20.19 or newer with npm.')));
    child.once('exit', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
      resolve({ code, said });
    });
  });
}

function explain(said) {
  if (/\b(EACCES|EPERM|EROFS)\b/.test(said)) return notWritable({ code: 'EACCES' }).message;
  if (/\bENOSPC\b/.test(said)) return notWritable({ code: 'ENOSPC' }).message;
  if (/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED)\b/.test(said)) {
    return 'The npm registry cannot be reached, and the dependencies are not installed yet: connect to the network and try again.';
  }
  const lines = said
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line) && !/A complete log|^npm \S+\s*$/.test(line));
  return `The dependencies could not be installed: ${lines.slice(0, 3).join(' | ') || said.trim().split('\n').at(-1)}`;
}
