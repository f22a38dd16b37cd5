import { createHmac, timingSafeEqual } from 'node:crypto';

export const SIGNATURE_HEADER = 'sandbox-signature';

/** A notification that is older, or from so far ahead, is refused: it may be an old one that somebody sends again. */
export const TOLERANCE_S = 300;

const digest = (secret: string, timestampS: number, body: Buffer): Buffer =>
  createHmac('sha256', secret).update(`${timestampS}.`).update(body).digest();

/** HMAC-SHA256 over `<timestamp>.<body>`, so that neither can be changed without the other. */
export const sign = (secret: string, timestampS: number, body: Buffer): string =>
  `t=${timestampS},v1=${digest(secret, timestampS, body).toString('hex')}`;

/** @returns why it is not genuine; undefined: it is */
export function whyNotGenuine(secret: string, header: unknown, body: Buffer, nowMs: number): string | undefined {
  if (typeof header !== 'string') return 'is missing';
  const [, time, hex] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (!time || !hex) return 'is none';
  if (!timingSafeEqual(digest(secret, Number(time), body), Buffer.from(hex, 'hex'))) return 'is not of this body';
  return Math.abs(nowMs / 1_000 - Number(time)) > TOLERANCE_S ? 'is too old, or of the future' : undefined;
}
