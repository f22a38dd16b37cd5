import { businessDay, type Clock } from '../platform/clock.ts';
import { createBatcher } from '../platform/concurrency/batcher.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import type { Problem } from '../platform/http/problem.ts';
import { type Admitted, admit, type Joining } from './admit.ts';
import { insertParties, lockHead, makeHead, type Party, readParties, writeHead } from './parties.ts';
import type { Announcer, LineStore } from './ports.ts';

export interface JoinLineDeps {
  readonly db: Db;
  readonly announcer: Announcer;
  readonly now: Clock;
  readonly bounds: {
    /** Of one line. */
    readonly waitingMax: number;
    /** Parties of one transaction, and of one announcement. */
    readonly groupMax: number;
    /** Of one store that wait for their transaction. */
    readonly joiningMax: number;
  };
}

/** @throws Problem `waitlist-closed`, `key-reused`, `busy` */
export type JoinLine = (store: LineStore, joining: Joining) => Promise<Exclude<Admitted, { kind: 'refused' }>>;

/**
 * Lets parties into lines. Those of one store who come while others are let in share the next transaction: a crowd at the opening is
 * a few commits. Whoever comes again with the same key is the same party.
 */
export function createJoinLine({ db, announcer, now, bounds }: JoinLineDeps): JoinLine {
  const stores = new Map<string, { users: number; readonly join: (joining: Joining) => Promise<Admitted> }>();

  async function take(tx: Queryable, store: LineStore, joining: readonly Joining[]): Promise<Admitted[]> {
    const refs = joining.map(({ id }) => ({ storeId: store.id, id }));
    let [head, found] = await Promise.all([lockHead(tx, store.id), readParties(tx, refs)]);
    if (!head) {
      await makeHead(tx, store.id);
      [head, found] = await Promise.all([lockHead(tx, store.id), readParties(tx, refs)]);
    }
    const nowMs = now();
    const line = {
      storeId: store.id,
      head: head!,
      today: businessDay(nowMs, store.timeZone, store.dayStartsHour),
      nowMs,
      waitingMax: bounds.waitingMax,
    };
    const existing = new Map(found.flatMap((party) => (party ? [[party.id, party] as const] : [])));
    const { outcomes, head: next } = admit(line, joining, existing);
    const joined = outcomes.flatMap((outcome): Party[] => (outcome.kind === 'joined' ? [outcome.party] : []));
    if (joined.length > 0) {
      await Promise.all([
        insertParties(tx, joined),
        writeHead(tx, store.id, next),
        announcer.announce(tx, [
          {
            kind: 'waitlist',
            storeId: store.id,
            version: next.version + 1,
            moves: joined.map(({ id, size, position }) => ({ id, size, position })),
          },
        ]),
      ]);
    }
    return outcomes;
  }

  const joinOf = (store: LineStore) =>
    createBatcher<Joining, Admitted>(
      async (joining) => {
        const outcomes = await db.transaction((tx) => take(tx, store, joining));
        return outcomes.map((value) => ({ status: 'fulfilled', value }));
      },
      { sizeMax: bounds.groupMax, waitingMax: bounds.joiningMax },
    );

  return async (store, joining) => {
    const known = stores.get(store.id) ?? { users: 0, join: joinOf(store) };
    stores.set(store.id, known);
    known.users += 1;
    try {
      const outcome = await known.join(joining);
      if (outcome.kind === 'refused') throw outcome.problem satisfies Problem;
      return outcome;
    } finally {
      known.users -= 1;
      if (known.users === 0) stores.delete(store.id);
    }
  };
}
