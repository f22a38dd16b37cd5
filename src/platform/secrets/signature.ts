import { timingSafeEqual } from 'node:crypto';
import { createMac, type Mac } from './hmac.ts';

/** What signs; with a second one, the secret before it, while `SECRET` is rotated. */
export type Secret = string | readonly [current: string, previous: string];

/** Signs with the current secret, and believes for now what the one before it signed. */
export interface Signer {
  /** @returns the first `bytes` of an HMAC-SHA256 of the text and the bytes after it */
  sign(text: string, tail?: Uint8Array): Buffer;
  isSigned(mac: Buffer, text: string, tail?: Uint8Array): boolean;
}

/** @param bytes of a signature: 12 or more, as nobody guesses 96 bits */
export function createSigner(secret: Secret, bytes: number): Signer {
  const [current, previous] = (typeof secret === 'string' ? [secret] : secret).map(createMac) as [Mac, Mac?];
  const isOf = (macOf: Mac, mac: Buffer, text: string, tail?: Uint8Array): boolean =>
    mac.length === bytes && timingSafeEqual(mac, macOf(text, tail).subarray(0, bytes));
  return {
    sign: (text, tail) => current(text, tail).subarray(0, bytes),
    isSigned: (mac, text, tail) =>
      isOf(current, mac, text, tail) || (previous !== undefined && isOf(previous, mac, text, tail)),
  };
}
