import { createHmac, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 18;

/** Signs and checks guest tokens: a token proves one order of one store and is verified without a look-up. */
export interface GuestTokens {
  sign(storeId: string, orderId: string): string;
  verify(token: string, storeId: string, orderId: string): boolean;
}

export function createGuestTokens(secret: string): GuestTokens {
  const digest = (storeId: string, orderId: string): Buffer =>
    createHmac('sha256', secret).update(`order ${storeId} ${orderId}`).digest().subarray(0, TOKEN_BYTES);
  return {
    sign: (storeId, orderId) => digest(storeId, orderId).toString('base64url'),
    verify(token, storeId, orderId) {
      const given = Buffer.from(token, 'base64url');
      return given.length === TOKEN_BYTES && timingSafeEqual(given, digest(storeId, orderId));
    },
  };
}
