import type { FastifyRequest } from 'fastify';
import { UUID_V7_PATTERN } from '../../../contract/index.ts';
import type { Clock } from '../../clock.ts';
import { idTimeMs } from '../../id.ts';
import { invalidField } from '../problem.ts';

const UUID_V7 = new RegExp(UUID_V7_PATTERN);
const ALLOWED = 'a UUIDv7 made within the last or next 24 hours';

/** The Idempotency-Key of a request, in lower case: it becomes the id of what is made. @throws Problem `invalid` */
export type KeyOf = (request: Pick<FastifyRequest, 'headers'>) => string;

/** @param skewMs how far a key's time may be off: an id of another month would be filed where nobody looks for it */
export const createKeyOf =
  (now: Clock, skewMs: number): KeyOf =>
  ({ headers }) =>
    checkKey(headers['idempotency-key'], now(), skewMs);

function checkKey(key: unknown, nowMs: number, skewMs: number): string {
  if (typeof key !== 'string' || key === '') throw invalidField('Idempotency-Key', 'is missing', ALLOWED);
  if (!UUID_V7.test(key)) throw invalidField('Idempotency-Key', 'is not a UUIDv7', ALLOWED);
  if (Math.abs(idTimeMs(key) - nowMs) > skewMs) {
    throw invalidField('Idempotency-Key', `has the time ${new Date(idTimeMs(key)).toISOString()} inside`, ALLOWED);
  }
  return key.toLowerCase();
}
