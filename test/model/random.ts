import { seeded } from '../../rehearsal/stats/seeded.ts';

/** Choices that a seed repeats. */
export interface Random {
  /** A whole number, both ends included. */
  between(min: number, max: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** So many different ones. */
  some<T>(from: readonly T[], count: number): T[];
}

/** Mulberry32: small, fast, and good enough to choose what people do. */
export function createRandom(seed: number): Random {
  const next = seeded(seed);
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  const pick = <T>(from: readonly T[]): T => from[between(0, from.length - 1)]!;
  return {
    between,
    chance: (share) => next() < share,
    pick,
    some(from, count) {
      const left = [...from];
      return Array.from({ length: count }, () => left.splice(between(0, left.length - 1), 1)[0]!);
    },
  };
}
