import { UUID_V7_PATTERN } from '../../contract/index.ts';
import { idTimeMs } from '../id.ts';
import { invalidField } from './problem.ts';

const UUID_V7 = new RegExp(UUID_V7_PATTERN);
const ALLOWED = 'a UUIDv7 made within the last or next 24 hours';

/**
 * Checks an Idempotency-Key, which becomes the id of what is made.
 * @param skewMs how far its time may be off: an id of another month would be filed where nobody looks for it
 * @throws Problem `invalid`
 */
export function checkIdempotencyKey(key: unknown, nowMs: number, skewMs: number): string {
  if (typeof key !== 'string' || key === '') throw invalidField('Idempotency-Key', 'is missing', ALLOWED);
  if (!UUID_V7.test(key)) throw invalidField('Idempotency-Key', 'is not a UUIDv7', ALLOWED);
  if (Math.abs(idTimeMs(key) - nowMs) > skewMs) {
    throw invalidField('Idempotency-Key', `has the time ${new Date(idTimeMs(key)).toISOString()} inside`, ALLOWED);
  }
  return key.toLowerCase();
}
