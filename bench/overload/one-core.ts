import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Server, database and what stands in front of them share the first core; the crowd has the second. */
export const SERVER_CORE = 0;
export const CROWD_CORE = 1;

/**
 * What starts the crowd's process on its core. A real-time priority was tried against noise of the machine: it starves what the
 * kernel does for the connections on that core, and with it the server.
 */
export const crowdCommand = (): string[] => ['taskset', '-c', String(CROWD_CORE), process.execPath];

/** Puts a running process and everything it has started on one core; what it starts later stays there. */
export function pinTree(root: number, core: number): void {
  spawnSync('taskset', ['-a', '-c', '-p', String(core), String(root)]);
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    if (parentOf(Number(name)) === root) pinTree(Number(name), core);
  }
}

/** The process id of the embedded Postgres in a home. */
export const postmasterOf = (home: string): number =>
  Number(readFileSync(join(home, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);

/** Resident memory in MiB; 0 for a process that is gone. */
export function residentMiB(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

export function parentOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, and may hold anything.
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
