import { randomFillSync } from 'node:crypto';
import { uuidV7Text } from '../contract/uuid.ts';

const POOL_BYTES = 4096;
const pool = Buffer.alloc(POOL_BYTES);
let offset = POOL_BYTES;

/**
 * A new UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then 74 random bits. Made here and not in the database, so
 * that nodes need no coordination; random bytes are drawn in blocks because one system call an id would cost more
 * than all the rest.
 * @param nowMs the moment inside the id, in milliseconds since 1970
 */
export function newId(nowMs: number = Date.now()): string {
  if (offset === POOL_BYTES) {
    randomFillSync(pool);
    offset = 0;
  }
  const hex = pool.toString('hex', offset, offset + 10);
  offset += 10;
  if (offset + 10 > POOL_BYTES) offset = POOL_BYTES;
  return uuidV7Text(nowMs, hex);
}

/** The moment inside a UUIDv7, in milliseconds since 1970. */
export function idTimeMs(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** A UUID of any version as it is written here, in lower case; for expressions that hold one among other things. */
export const UUID_TEXT = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const UUID = new RegExp(`^${UUID_TEXT}$`);

/** Whether a text is a UUID in lower case: what comes in another is lowered by whoever reads it. */
export const isUuid = (text: string): boolean => UUID.test(text);
