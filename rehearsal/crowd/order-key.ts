import type { Random } from './random.ts';

const hex = (bits: number, digits: number) => bits.toString(16).padStart(8, '0').slice(-digits);

/**
 * A UUIDv7 whose random part is drawn from the seed, so that a run's keys can be made again; only its time is the run's own.
 * @param nowMs the moment inside the key, in milliseconds since 1970
 */
export function orderKey(random: Random, nowMs: number): string {
  const time = Math.floor(nowMs).toString(16).padStart(12, '0');
  const first = random.bits();
  const variant = '89ab'[first >>> 30];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(first, 3)}-${variant}${hex(first >>> 12, 3)}-${hex(random.bits(), 8)}${hex(random.bits(), 4)}`;
}
