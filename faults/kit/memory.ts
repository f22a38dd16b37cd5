import { readFileSync } from 'node:fs';

const KIB_PER_MIB = 1024;

/** What these processes have in memory together; one that is gone has nothing. */
export function memoryMiB(pids: readonly number[]): number {
  const kib = pids.map((pid) => {
    try {
      return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return kib.reduce((sum, each) => sum + each, 0) / KIB_PER_MIB;
}
