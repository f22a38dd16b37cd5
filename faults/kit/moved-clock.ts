import { existsSync, writeFileSync } from 'node:fs';

/** Where Debian and its children put the library for programs of several threads. */
const PLACES = ['x86_64', 'aarch64'].map((arch) => `/usr/lib/${arch}-linux-gnu/faketime/libfaketimeMT.so.1`);

/** @returns why no clock can be moved here */
export function noMovedClock(): string | undefined {
  return PLACES.some(existsSync) ? undefined : 'libfaketime is not installed: apt-get install faketime';
}

/** The clock of whole processes, whatever they are written in, and of all that they start. Their timers go on as ever. */
export interface MovedClock {
  /** For the environment of a process. */
  readonly env: Readonly<Record<string, string>>;
  /** Moves it again, for those that run already within a second. */
  move(offMs: number): void;
}

/** By libfaketime. @param file where it reads by how much, a path of nobody else's */
export function moveClock(file: string, offMs: number): MovedClock {
  const move = (ms: number) =>
    writeFileSync(file, `${ms < 0 ? '-' : '+'}${Math.abs(Math.round(ms / 1_000))}s\n`, { mode: 0o644 });
  move(offMs);
  return {
    env: {
      LD_PRELOAD: PLACES.find(existsSync)!,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    move,
  };
}
