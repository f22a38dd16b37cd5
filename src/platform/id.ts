import { randomFillSync } from 'node:crypto';

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
  const time = nowMs.toString(16).padStart(12, '0');
  const variant = '89ab'[Number.parseInt(hex[3]!, 16) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`;
}

/** The moment inside a UUIDv7, in milliseconds since 1970. */
export function idTimeMs(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
