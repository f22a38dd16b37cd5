import { createHash } from 'node:crypto';

/** About 50 ms on a slow core of today: long enough to see a neighbour, short beside a look. */
const ROUNDS = 400;
const THING = JSON.stringify(
  Array.from({ length: 60 }, (_, n) => ({ id: n, name: { ko: '김치찌개', en: 'Kimchi stew' }, price: 9_000 + n })),
);

/**
 * The calibration load: always the same parsing, writing and hashing, on one core. What it takes says how fast the machine is at this
 * moment, whatever is measured on it.
 * @returns rounds a second
 */
export function measureSpeed(): number {
  const beganMs = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    createHash('sha256')
      .update(JSON.stringify(JSON.parse(THING)))
      .digest();
  }
  return Math.round((ROUNDS * 1000) / (performance.now() - beganMs));
}
