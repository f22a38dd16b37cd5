import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { atEndOf, type Lifetime } from '../../test/support/lifetime.ts';

/** A disk of its own, in memory, that can be full. */
export interface SmallDisk {
  readonly folder: string;
  /** Until nothing fits any more. */
  fill(): void;
  free(): void;
}

/** @returns why none can be made here */
export function noSmallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a tmpfs is mounted by root on Linux only';
  return spawnSync('mount', ['--version']).status === 0 ? undefined : 'there is no mount';
}

const MIB = 2 ** 20;
const LEAST_BYTES = 512;

export function mountSmallDisk(life: Lifetime, at: string, sizeMiB: number): SmallDisk {
  mkdirSync(at, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=755`, 'matjip-faults', at]);
  atEndOf(life, async () => void execFileSync('umount', ['--lazy', at]));
  const ballast = join(at, 'ballast');
  return {
    folder: at,
    fill() {
      const descriptor = openSync(ballast, 'w');
      // Large pieces first, then smaller ones, as long as something fits.
      for (let bytes = MIB; bytes >= LEAST_BYTES; ) {
        try {
          if (writeSync(descriptor, Buffer.alloc(bytes)) < bytes) bytes /= 2;
        } catch {
          bytes /= 2;
        }
      }
      closeSync(descriptor);
    },
    free: () => rmSync(ballast),
  };
}
