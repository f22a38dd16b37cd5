import { invalidField, type Problem } from '../platform/http/problem.ts';
import { createSigner, type Secret } from '../platform/secrets/signature.ts';
import type { Store } from './queries.ts';

/** 96 bits: nobody guesses that at the speed of an HTTP server, and the QR code stays coarse enough for old cameras. */
const KEY_BYTES = 12;

/** What of a store its tables' keys follow from. */
export type KeyedStore = Pick<Store, 'id' | 'tableGenerations'>;
type AskedStore = Pick<Store, 'id' | 'tableGenerations' | 'tableNames' | 'tableLinks'>;

/**
 * Signs and checks the links of tables: who has a table's key has seen its QR code. A key follows from the secret, the store, the table and
 * how often its link was replaced, so it is verified without a look-up, and replacing one table's link revokes its old print and no other.
 */
export interface TableKeys {
  sign(store: KeyedStore, table: string): string;
  /**
   * Whether somebody may speak for a table: where the store lists its tables it must be one of them, and where they are signed the key of
   * its link is needed.
   * @param key undefined: none was sent
   * @returns what is wrong with `table` or `tableKey`; undefined: nothing is
   */
  refusal(store: AskedStore, table: string, key: string | undefined): Problem | undefined;
}

/** While the secret is rotated links that were printed before are good, and those that are printed now are of the new one. */
export function createTableKeys(secret: Secret): TableKeys {
  const signer = createSigner(secret, KEY_BYTES);
  // The name comes last: nothing that stands in it can be taken for something else.
  const textOf = ({ id, tableGenerations }: KeyedStore, table: string): string =>
    `table ${id} ${tableGenerations[table] ?? 0} ${table}`;
  const sign = (store: KeyedStore, table: string): string => signer.sign(textOf(store, table)).toString('base64url');
  const verify = (store: KeyedStore, table: string, key: string): boolean => {
    const mac = Buffer.from(key, 'base64url');
    // Decoding also lets through what base64 reads over.
    return mac.toString('base64url') === key && signer.isSigned(mac, textOf(store, table));
  };
  return {
    sign,
    refusal(store, table, key) {
      const { tableNames, tableLinks } = store;
      // Nobody could bring it to any other.
      if (tableNames !== null && !tableNames.includes(table)) {
        const allowed = tableNames.length === 0 ? 'no table: this store has a counter only' : 'a table of this store';
        return invalidField('table', 'is not known here', allowed);
      }
      if (tableLinks === 'open' || (key !== undefined && verify(store, table, key))) return undefined;
      const problem = key === undefined ? 'is missing' : "is not this table's, or was replaced";
      return invalidField('tableKey', problem, 'what the QR code on the table holds behind k=');
    },
  };
}
