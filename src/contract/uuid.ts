/**
 * A UUIDv7 (RFC 9562 §5.7) as text: 48 bits of milliseconds, then 74 random ones.
 * @param nowMs the moment inside the id, in milliseconds since 1970
 * @param random 20 hex digits in lower case, by whatever chance the caller has
 */
export function uuidV7Text(nowMs: number, random: string): string {
  const time = Math.floor(nowMs).toString(16).padStart(12, '0');
  const variant = '89ab'[Number.parseInt(random[3]!, 16) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}
