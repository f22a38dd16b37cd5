import type { WaitlistState } from '../contract/index.ts';
import type { Db } from '../platform/db/pool.ts';
import { lockHead, makeHead, writeHead } from './parties.ts';
import type { Announcer } from './ports.ts';

/** Opens, pauses or closes a line. Who waits stays in it and is called as before. */
export const createSetLineState =
  (db: Db, announcer: Announcer) =>
  (storeId: string, state: WaitlistState): Promise<void> =>
    db.transaction(async (tx) => {
      await makeHead(tx, storeId);
      const head = (await lockHead(tx, storeId))!;
      if (head.state === state) return;
      await Promise.all([
        writeHead(tx, storeId, { ...head, state }),
        announcer.announce(tx, [{ kind: 'waitlist', storeId, version: head.version + 1, moves: [] }]),
      ]);
    });
