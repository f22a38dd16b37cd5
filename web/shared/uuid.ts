/**
 * A new UUIDv7 (RFC 9562 §5.7). `crypto.randomUUID` would be version 4, and needs HTTPS besides, which a restaurant's
 * own server on the local network often hasn't.
 * @param nowMs the moment inside the id, in milliseconds since 1970, by the server's clock
 */
export function uuidV7(nowMs: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const hex = Math.floor(nowMs).toString(16).padStart(12, '0') + random.slice(12);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
