import { uuidV7Text } from '../../../src/contract/uuid.ts';

/**
 * A new UUIDv7 (RFC 9562 §5.7). `crypto.randomUUID` would be version 4, and needs HTTPS besides, which a restaurant's
 * own server on the local network often hasn't.
 * @param nowMs the moment inside the id, in milliseconds since 1970, by the server's clock
 */
export function uuidV7(nowMs: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return uuidV7Text(nowMs, Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
}
