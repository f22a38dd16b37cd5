import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The process that uses a home at the moment. */
export interface Holder {
  readonly pid: number;
}

/**
 * Takes the home for this process. The lock is a file with our pid and, so that a later process with the same pid is
 * not taken for us, our start time.
 * @returns how to let go, or who holds it
 */
export function takeHome(home: string): { release: () => void } | { holder: Holder } {
  const path = join(home, 'lock');
  const mine = `${path}.${process.pid}`;
  const identity = identityOf(process.pid);
  writeFileSync(mine, identity);
  try {
    for (;;) {
      try {
        linkSync(mine, path);
        return { release: () => rmSync(path, { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readHolder(path);
      if (holder) return { holder };
      setAside(path);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Only one of several processes can move the stale file; if it caught a fresh one instead, it puts it back. */
function setAside(path: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readHolder(aside)) linkSync(aside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readHolder(path: string): Holder | undefined {
  let identity: string;
  try {
    identity = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const pid = Number.parseInt(identity, 10);
  return pid > 0 && isAlive(pid) && identityOf(pid) === identity ? { pid } : undefined;
}

/** Whether a process with this id runs, whoever owns it. One that has ended and waits to be reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !['Z', 'X'].includes(statOf(pid)[STATE] ?? '');
}

/** A process's id with its start time where the system tells it. */
function identityOf(pid: number): string {
  return `${pid} ${statOf(pid)[START_TICKS] ?? ''}`.trim();
}

const STATE = 0;
const START_TICKS = 19;

/** Linux' fields about a process, behind its name in brackets, which may itself hold blanks; elsewhere none. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
