/**
 * Holds processes to a share of the machine, by the kernel: Linux' control groups, version 1 (`cpu.cfs_quota_us`) and version 2 (`cpu.max`).
 * The kernel's words are in Documentation/scheduler/sched-bwc.rst and Documentation/admin-guide/cgroup-v2.rst.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The quota is handed out anew so often, in microseconds. The kernel charges at its ticks, which are 1 to 4 ms: an eighth of 10 ms came out
 * at 1.25 times what it should be, so an eighth has to be more than a tick. With the usual 100 ms a node of an eighth stands still for 88 at
 * a time, and every wait of a clock's length (a batch that gathers, a time-out) is another one at that size than at the others.
 */
export const PERIOD_US = 40_000;
/** The kernel's smallest quota. */
const QUOTA_US_MIN = 1_000;

export interface CpuQuota {
  /** From now on these processes, and whatever they start, share the quota. One that has ended meanwhile is passed over. */
  take(pids: readonly number[]): void;
  /** @param cores all of them together get; undefined: as much as there is */
  hold(cores: number | undefined): void;
  /** Removes the group, after its processes have ended. */
  end(): void;
}

/** Why this machine holds nobody to a share. */
export class NoQuota extends Error {}

interface Places {
  /** Where control groups are mounted. */
  readonly root?: string;
  /** In which groups this process is, as `/proc/self/cgroup` says it. */
  readonly own?: string;
}

/**
 * Makes a group without a bound.
 * @param name of the group, no other's
 * @throws NoQuota with the reason: no Linux, no right to make groups, or the `cpu` controller is not handed down to where this process is
 */
export function makeCpuQuota(name: string, { root = '/sys/fs/cgroup', own }: Places = {}): CpuQuota {
  const text = own ?? readOwn();
  const group = versionOne(root, text) ?? versionTwo(root, text);
  if (!group) {
    throw new NoQuota(
      'no control group with the cpu controller is mounted here, or it is not handed down to this process',
    );
  }
  const folder = join(group.parent, name);
  try {
    mkdirSync(folder);
  } catch (error) {
    throw new NoQuota(`no control group can be made in ${group.parent}: ${(error as Error).message}`);
  }
  const write = (file: string, content: string) => writeFileSync(join(folder, file), content);
  return {
    take(pids) {
      for (const pid of pids) {
        try {
          write('cgroup.procs', `${pid}`);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
        }
      }
    },
    hold(cores) {
      const quotaUs = cores === undefined ? undefined : Math.round(cores * PERIOD_US);
      if (quotaUs !== undefined && quotaUs < QUOTA_US_MIN) {
        throw new RangeError(`${cores} cores: the kernel holds nobody to less than ${QUOTA_US_MIN / PERIOD_US}`);
      }
      for (const [file, content] of group.bound(quotaUs)) write(file, content);
    },
    end: () => rmdirSync(folder),
  };
}

function readOwn(): string {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8');
  } catch {
    throw new NoQuota('this system has no control groups; they are Linux’ own');
  }
}

interface Group {
  readonly parent: string;
  readonly bound: (quotaUs: number | undefined) => readonly (readonly [file: string, content: string])[];
}

/** Lines are `id:controllers:path`. */
const linesOf = (own: string): { controllers: string; path: string }[] =>
  [...own.matchAll(/^\d+:([^:\n]*):(.*)$/gm)].map(([, controllers, path]) => ({
    controllers: controllers!,
    path: path!,
  }));

function versionOne(root: string, own: string): Group | undefined {
  const line = linesOf(own).find(({ controllers }) => controllers.split(',').includes('cpu'));
  if (!line) return undefined;
  // A container may see the path from outside; then the mount itself is its own group.
  const mount = [line.controllers, 'cpu'].map((each) => join(root, each)).find((folder) => existsSync(folder));
  if (!mount) return undefined;
  const parent = [join(mount, line.path), mount].find(
    (folder) => existsSync(join(folder, 'cpu.cfs_quota_us')) || folder === mount,
  );
  return {
    parent: parent!,
    bound: (quotaUs) => [
      ['cpu.cfs_period_us', `${PERIOD_US}`],
      ['cpu.cfs_quota_us', `${quotaUs ?? -1}`],
    ],
  };
}

/** The nearest group above this process that hands the `cpu` controller down; the process itself cannot have children there that are held. */
function versionTwo(root: string, own: string): Group | undefined {
  const line = linesOf(own).find(({ controllers }) => controllers === '');
  if (!line) return undefined;
  for (let path = line.path; ; path = dirname(path)) {
    const control = join(root, path, 'cgroup.subtree_control');
    if (existsSync(control) && /\bcpu\b/.test(readFileSync(control, 'utf8'))) {
      return { parent: join(root, path), bound: (quotaUs) => [['cpu.max', `${quotaUs ?? 'max'} ${PERIOD_US}`]] };
    }
    if (path === dirname(path)) return undefined;
  }
}
