import type { LiveMessage } from '../../src/contract/index.ts';
import { afterCommit } from '../../src/platform/db/after-commit.ts';
import type { Db } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { createJoinLine, createMoveParty, createSetAside } from '../../src/waitlist/index.ts';
import type { LineChange, Places } from '../../src/waitlist/line/places.ts';
import type { Action } from '../../src/waitlist/rules.ts';
import { newStore } from './hall.ts';

export interface SceneParty {
  readonly id: string;
  readonly size: number;
}

/** A line in a real Postgres, whose changes the test tells to whom it likes, when it likes. */
export interface Scene {
  readonly storeId: string;
  join(size?: number): Promise<SceneParty & { readonly number: number }>;
  /** @param party undefined, for a call: the first who waits. @returns whose state and place changed */
  move(party: SceneParty | undefined, action: Action): Promise<SceneParty>;
  /** The clock's job, when every call is over. */
  callsOver(): Promise<void>;
  /** The changes that have committed and were not taken by the test yet. */
  take(): LineChange[];
  /** Who waits, in the order of the line, by the truth. */
  waiting(): Promise<SceneParty[]>;
}

/** @param of another process's line; unset: a new store's */
export async function openScene(db: Db, of?: Scene): Promise<Scene> {
  const storeId = of?.storeId ?? (await newStore(db));
  // One moment, so that no business day ends in the middle of a test.
  const nowMs = Date.now();
  const now = () => nowMs;
  const store = { id: storeId, timeZone: 'Asia/Seoul', dayStartsHour: 4 };
  const changes: LineChange[] = [];
  const announcer = {
    async announce(tx: Parameters<typeof afterCommit>[0], messages: readonly LiveMessage[]) {
      afterCommit(tx, () => changes.push(...(messages as LineChange[])));
    },
  };
  const bounds = { waitingMax: 50_000, groupMax: 50, joiningMax: 2_000 };
  const join = createJoinLine({ db, announcer, now, bounds });
  const move = createMoveParty({ db, announcer, now });
  return {
    storeId,
    join: async (size = 2) => (await join(store, { id: newId(), size, name: null })).party,
    move: (party, action) => move(store, party?.id, action),
    callsOver: createSetAside(db, announcer, () => nowMs + 6 * 60_000),
    take: () => changes.splice(0),
    async waiting() {
      const { rows } = await db.query<SceneParty>(
        `SELECT id, size FROM party WHERE store_id = $1 AND state = 'waiting' ORDER BY position`,
        [storeId],
      );
      return rows;
    },
  };
}

/** Tells each change once, in this order. */
export async function tell(places: Places, changes: readonly LineChange[]): Promise<void> {
  for (const change of changes) await places.moved(change);
}
