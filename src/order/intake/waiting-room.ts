/** What the waiting room needs to know of who waits. */
export interface Waiting {
  readonly storeId: string;
  /** Who sent it: the client, and within it the table. Empty: nobody is told apart. */
  readonly from: readonly string[];
  /** When nobody wants the answer any more, on the clock of `nowMs`. */
  readonly deadlineMs: number;
}

/** Orders that wait for their group, store by store. */
export interface WaitingRoom<W extends Waiting> {
  readonly size: number;
  /** Orders of one store. */
  sizeOf(storeId: string): number;
  /** Stores with somebody waiting, the one whose turn is next first. */
  stores(): Iterable<string>;
  /** Of them. */
  readonly storeCount: number;
  enter(waiter: W): void;
  /** Lets in again who was taken out in vain: served before the others of the store. */
  putBack(storeId: string, waiters: readonly W[]): void;
  /**
   * The next of a store, one of each sender in turn; then it is the other stores' turn. Who is past the deadline is not among
   * them: `onExpired` hears of each.
   */
  take(storeId: string, max: number, nowMs: number): W[];
  /** Lets go whomever this is true of. @returns them, in no particular order */
  drop(isOver: (waiter: W) => boolean): W[];
}

/**
 * Stores take turns, and within a store its clients and their tables do, so that whoever sends many waits behind his own.
 * How many are let in is not decided here.
 */
export function createWaitingRoom<W extends Waiting>(onExpired: (waiter: W) => void): WaitingRoom<W> {
  interface StoreQueue {
    readonly returned: W[];
    readonly turns: Turns<W>;
  }
  // A map keeps the order in which stores came, and a store that had its turn comes again: a ring.
  const stores = new Map<string, StoreQueue>();
  let size = 0;

  const sizeOf = (queue: StoreQueue | undefined): number => (queue ? queue.returned.length + queue.turns.size : 0);

  function queueOf(storeId: string): StoreQueue {
    let queue = stores.get(storeId);
    if (!queue) {
      queue = { returned: [], turns: createTurns() };
      stores.set(storeId, queue);
    }
    return queue;
  }

  return {
    get size() {
      return size;
    },
    sizeOf: (storeId) => sizeOf(stores.get(storeId)),
    stores: () => stores.keys(),
    get storeCount() {
      return stores.size;
    },
    enter(waiter) {
      queueOf(waiter.storeId).turns.push(waiter.from, waiter);
      size += 1;
    },
    putBack(storeId, waiters) {
      queueOf(storeId).returned.unshift(...waiters);
      size += waiters.length;
    },
    take(storeId, max, nowMs) {
      const queue = stores.get(storeId);
      if (!queue) return [];
      const taken: W[] = [];
      while (taken.length < max) {
        const waiter = queue.returned.shift() ?? queue.turns.shift();
        if (!waiter) break;
        size -= 1;
        if (waiter.deadlineMs <= nowMs) onExpired(waiter);
        else taken.push(waiter);
      }
      stores.delete(storeId);
      if (sizeOf(queue) > 0) stores.set(storeId, queue);
      return taken;
    },
    drop(isOver) {
      const over: W[] = [];
      const keep = (waiter: W): boolean => !isOver(waiter) || over.push(waiter) === 0;
      for (const [storeId, queue] of stores) {
        const returned = queue.returned.splice(0).filter(keep);
        queue.returned.push(...returned);
        queue.turns.filter(keep);
        if (sizeOf(queue) === 0) stores.delete(storeId);
      }
      size -= over.length;
      return over;
    },
  };
}

/** A queue of queues: what is pushed under different keys comes out one of each in turn. */
interface Turns<T> {
  readonly size: number;
  push(path: readonly string[], item: T): void;
  shift(): T | undefined;
  filter(keep: (item: T) => boolean): void;
}

function createTurns<T>(): Turns<T> {
  const inner = new Map<string, Turns<T>>();
  let items: T[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    push([key, ...path], item) {
      size += 1;
      if (key === undefined) {
        items.push(item);
        return;
      }
      let next = inner.get(key);
      if (!next) {
        next = createTurns();
        inner.set(key, next);
      }
      next.push(path, item);
    },
    shift() {
      if (size === 0) return undefined;
      size -= 1;
      if (items.length > 0) return items.shift();
      const [key, next] = inner.entries().next().value!;
      inner.delete(key);
      const item = next.shift();
      if (next.size > 0) inner.set(key, next);
      return item;
    },
    filter(keep) {
      items = items.filter(keep);
      size = items.length;
      for (const [key, next] of inner) {
        next.filter(keep);
        size += next.size;
        if (next.size === 0) inner.delete(key);
      }
    },
  };
}
