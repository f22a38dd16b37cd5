/** An order that a service worker may send: the very request, as the page sends it. */
export interface StoredOrder {
  /** The `Idempotency-Key`. */
  readonly key: string;
  readonly url: string;
  readonly body: string;
  readonly place?: string | undefined;
  /** Milliseconds since 1970. */
  readonly madeAtMs: number;
}

const NAME = 'matjip';
const ORDERS = 'orders';

const settled = <T>(asked: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

async function orders(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(ORDERS, { keyPath: 'key' });
  const db = await settled(opening);
  return db.transaction(ORDERS, mode).objectStore(ORDERS);
}

/** What page and service worker both see; they share no other storage. @throws DOMException where storage is blocked */
export const storeOrder = async (order: StoredOrder) => settled((await orders('readwrite')).put(order));
export const forgetOrder = async (key: string) => settled((await orders('readwrite')).delete(key));
export const storedOrders = async (): Promise<StoredOrder[]> => settled((await orders('readonly')).getAll());
