import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPostmaster } from '../../src/platform/db/embedded/postmaster.ts';
import { ROOT } from '../support/documents.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN_KEY, SECRET } from '../support/keys.ts';
import { readyHome } from '../support/ready-home.ts';

/** Parents by process; whoever is dead and not yet taken notice of is gone. */
function processes(): Map<number, number> {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state = 'Z']) => !state.startsWith('Z'));
  return new Map(rows.map(([pid, parent]) => [Number(pid), Number(parent)]));
}

/** A process and all that it started and that they started. */
function familyOf(pid: number, all = processes()): number[] {
  return [pid, ...[...all].filter(([, parent]) => parent === pid).flatMap(([child]) => familyOf(child, all))];
}

// npm starts the same launcher in the same way; killed itself, it is seen by its script within a second.
const STARTED_BY: Readonly<Record<string, readonly string[]>> = {
  'the `matjip` that started it': [`${ROOT}/bin/matjip.mjs`, 'serve'],
  'its first process': [`${ROOT}/src/main.ts`, 'serve'],
};

for (const [who, args] of Object.entries(STARTED_BY)) {
  test(`when ${who} is killed, its workers and its Postgres end as well`, async (t) => {
    const home = await readyHome();
    t.after(() => rm(home, { recursive: true, force: true }));
    const child: ChildProcess = spawn(process.execPath, args, {
      env: { ...process.env, PORT: '0', WORKERS: '2', OVERLOAD: 'off', MATJIP_HOME: home, SECRET, ADMIN_KEY },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    t.after(() => child.kill('SIGKILL'));
    await eventually(() => /stores {3}http/.test(said), 'it serves');
    const family = familyOf(child.pid!);
    // The one that was started, perhaps another that it started, two workers.
    assert.ok(family.length >= 3, String(family));
    const postmaster = readPostmaster(join(home, 'postgres'))!;
    const left = () => [...family, postmaster.pid].filter((pid) => processes().has(pid));
    t.after(() => {
      for (const pid of left()) process.kill(pid, 'SIGKILL');
    });
    child.kill('SIGKILL');
    await eventually(() => left().length === 0, 'each of them and Postgres is gone');
  });
}
