import { uuidV7Text } from '../../src/contract/uuid.ts';
import type { Random } from './random.ts';

const hex = (bits: number, digits: number) => bits.toString(16).padStart(8, '0').slice(-digits);

/**
 * A UUIDv7 whose random part is drawn from the seed, so that a run's keys can be made again; only its time is the run's own.
 * @param nowMs the moment inside the key, in milliseconds since 1970
 */
export function orderKey(random: Random, nowMs: number): string {
  return uuidV7Text(nowMs, hex(random.bits(), 8) + hex(random.bits(), 8) + hex(random.bits(), 4));
}
