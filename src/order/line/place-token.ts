import { createSigner, type Secret } from '../../platform/secrets/signature.ts';
import type { OrderRef } from '../ports.ts';

/** One order's place in its store's line: the moment in which it came. */
export interface Place extends OrderRef {
  /** Milliseconds since 1970, by the database's clock, to the microsecond. */
  readonly atMs: number;
}

/** Signs and checks places: any process knows by the token alone whose it is and since when, and asks nobody. */
export interface PlaceTokens {
  sign(place: Place): string;
  /** @returns undefined for what was not signed here, or for another store */
  read(token: string, storeId: string): Place | undefined;
}

const ID_BYTES = 16;
/** Of microseconds. */
const TIME_BYTES = 7;
/** 104 bits: nobody guesses that while a line lasts. With these the token has 48 letters and no padding. */
const MAC_BYTES = 13;
const BYTES = ID_BYTES + TIME_BYTES + MAC_BYTES;
/** Numbers are read in two parts: the low three bytes, and the rest. */
const LOW = 2 ** 24;
const TOKEN = new RegExp(`^[\\w-]{${(BYTES * 4) / 3}}$`);

export function createPlaceTokens(secret: Secret): PlaceTokens {
  const signer = createSigner(secret, MAC_BYTES);
  /** Of the token that is being signed. */
  const bytes = Buffer.alloc(BYTES);

  return {
    sign({ storeId, id, atMs }) {
      bytes.write(id.replaceAll('-', ''), 0, 'hex');
      const us = Math.round(atMs * 1_000);
      bytes.writeUIntBE(Math.floor(us / LOW), ID_BYTES, 4);
      bytes.writeUIntBE(us % LOW, ID_BYTES + 4, 3);
      signer.sign(`line ${storeId} `, bytes.subarray(0, ID_BYTES + TIME_BYTES)).copy(bytes, ID_BYTES + TIME_BYTES);
      return bytes.toString('base64url');
    },
    read(token, storeId) {
      if (!TOKEN.test(token)) return undefined;
      const given = Buffer.from(token, 'base64url');
      const head = given.subarray(0, ID_BYTES + TIME_BYTES);
      if (!signer.isSigned(given.subarray(ID_BYTES + TIME_BYTES), `line ${storeId} `, head)) return undefined;
      const hex = head.toString('hex', 0, ID_BYTES);
      const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
      return { storeId, id, atMs: (head.readUIntBE(ID_BYTES, 4) * LOW + head.readUIntBE(ID_BYTES + 4, 3)) / 1_000 };
    },
  };
}
