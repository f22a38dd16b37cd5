import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Linux counts CPU time in hundredths of a second whatever its own clock does. */
const TICKS_PER_SECOND = 100;

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  readonly ticksOfDeadChildren: number;
}

function readRow(pid: number): ProcessRow | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, and may hold anything.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return {
      pid,
      parent: fields[1]!,
      ticks: fields[11]! + fields[12]!,
      ticksOfDeadChildren: fields[13]! + fields[14]!,
    };
  } catch {
    return undefined;
  }
}

/** A process and everything below it that is there now; `but` and its whole tree are left out. None where there is no `/proc`. */
function treeOf(root: number, but?: number): ProcessRow[] {
  if (process.platform !== 'linux') return [];
  const rows: ProcessRow[] = [];
  for (const name of readdirSync('/proc')) {
    const row = /^\d+$/.test(name) ? readRow(Number(name)) : undefined;
    if (row) rows.push(row);
  }
  const found: ProcessRow[] = [];
  const visit = (pid: number) => {
    if (pid === but) return;
    const row = rows.find((each) => each.pid === pid);
    if (row) found.push(row);
    for (const each of rows) if (each.parent === pid) visit(each.pid);
  };
  visit(root);
  return found;
}

/**
 * CPU seconds that a process and everything it started have used so far, ended children included.
 * @param but a process below it whose whole tree is left out
 * @returns undefined where there is no `/proc`
 */
function cpuSeconds(root: number, but?: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const ticks = treeOf(root, but).reduce((sum, row) => sum + row.ticks + row.ticksOfDeadChildren, 0);
  return ticks / TICKS_PER_SECOND;
}

/** The processes of a server, without its Postgres, and those of the Postgres in its home. */
export function processesOf(server: { readonly pid: number; readonly home: string }): {
  readonly server: number[];
  readonly database: number[];
} {
  const postmaster = postmasterPid(server.home);
  const pids = (rows: readonly ProcessRow[]) => rows.map(({ pid }) => pid);
  return {
    server: pids(treeOf(server.pid, postmaster)),
    database: postmaster === undefined ? [] : pids(treeOf(postmaster)),
  };
}

/** The process id of the embedded Postgres in a home. */
function postmasterPid(home: string): number | undefined {
  try {
    return Number(readFileSync(join(home, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}

/** CPU seconds used in a stretch of time. */
export interface Usage {
  readonly serverS: number;
  readonly databaseS: number;
}

/** Watches a server and the Postgres in its home from now until `end` is called first. */
export function watchUsage(server: { pid: number; home: string; morePids?: readonly number[] }): {
  /** The same answer every time; undefined where there is no `/proc`. */
  end(): Usage | undefined;
} {
  const postmaster = postmasterPid(server.home);
  const read = (): Usage | undefined => {
    const own = cpuSeconds(server.pid, postmaster);
    const beside = (server.morePids ?? []).map((pid) => cpuSeconds(pid) ?? 0);
    const serverS = own === undefined ? undefined : beside.reduce((sum, seconds) => sum + seconds, own);
    const databaseS = postmaster === undefined ? 0 : cpuSeconds(postmaster);
    if (serverS === undefined || databaseS === undefined) return undefined;
    return { serverS, databaseS };
  };
  const before = read();
  let used: Usage | undefined;
  return {
    end() {
      const after = used ? undefined : read();
      if (before && after) {
        used = {
          serverS: after.serverS - before.serverS,
          databaseS: after.databaseS - before.databaseS,
        };
      }
      return used;
    },
  };
}
