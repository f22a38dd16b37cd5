import { timingSafeEqual } from 'node:crypto';
import { createMac } from '../mac.ts';

const TOKEN_BYTES = 18;

/** Signs and checks guest tokens: a token proves one thing of one store and is verified without a look-up. */
export interface GuestTokens {
  sign(storeId: string, id: string): string;
  verify(token: string, storeId: string, id: string): boolean;
}

/** @param kind what it proves; a token of one kind opens nothing of the other */
export function createGuestTokens(secret: string, kind: 'order' | 'party'): GuestTokens {
  const mac = createMac(secret);
  const sign = (storeId: string, id: string): string =>
    mac(`${kind} ${storeId} ${id}`).toString('base64url', 0, TOKEN_BYTES);
  return {
    sign,
    verify(token, storeId, id) {
      // As text: decoding would also let through what base64 reads over.
      const given = Buffer.from(token);
      const right = Buffer.from(sign(storeId, id));
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}
