import { createSigner, type Secret } from '../../secrets/signature.ts';

const TOKEN_BYTES = 18;

/** Signs and checks guest tokens: a token proves one thing of one store and is verified without a look-up. */
export interface GuestTokens {
  sign(storeId: string, id: string): string;
  verify(token: string, storeId: string, id: string): boolean;
}

/** @param kind what it proves; a token of one kind opens nothing of the other */
export function createGuestTokens(secret: Secret, kind: 'order' | 'party'): GuestTokens {
  const signer = createSigner(secret, TOKEN_BYTES);
  return {
    sign: (storeId, id) => signer.sign(`${kind} ${storeId} ${id}`).toString('base64url'),
    verify(token, storeId, id) {
      const mac = Buffer.from(token, 'base64url');
      // Decoding also lets through what base64 reads over.
      return mac.toString('base64url') === token && signer.isSigned(mac, `${kind} ${storeId} ${id}`);
    },
  };
}
