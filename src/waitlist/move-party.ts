import { STEP_PLACES, STEPS_BACK_MAX } from '../contract/index.ts';
import { businessDay, type Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { type Head, lockHead, type Party, readParties, readWaiting, writeHead, writeParties } from './parties.ts';
import type { Announcer, LineStore } from './ports.ts';
import { type Action, lineDay, stateAfter, stepBehind } from './rules.ts';

export interface MovePartyDeps {
  readonly db: Db;
  readonly announcer: Announcer;
  readonly now: Clock;
}

export interface MoveOptions {
  /** Of a step back: how many the page shows as left; another number means that a tap was taken already. */
  readonly stepsLeft?: number | undefined;
}

/** A party that could not be moved, because it is elsewhere by now. */
export class PartyMoved extends Error {
  override readonly name = 'PartyMoved';
  readonly party: Party;
  constructor(party: Party) {
    super(`It is ${party.state}.`);
    this.party = party;
  }
}

/**
 * Calls, seats, sets aside, lets go or lets step back: whatever races whatever, each in its turn under the line's lock. What is done
 * already is answered again and changes nothing.
 * @param id unset, for a call: the first who waits
 * @throws Problem `not-found`, `no-steps-left`; PartyMoved when it is in a state that does not allow it
 */
export function createMoveParty({ db, announcer, now }: MovePartyDeps) {
  return (store: LineStore, id: string | undefined, action: Action, options: MoveOptions = {}): Promise<Party> =>
    db.transaction(async (tx) => {
      const [head, party] = await Promise.all([
        lockHead(tx, store.id),
        id === undefined
          ? readWaiting(tx, store.id, { after: Number.MIN_SAFE_INTEGER, limit: 1 }).then(([first]) => first)
          : readParties(tx, [{ storeId: store.id, id }]).then(([found]) => found),
      ]);
      if (!head || !party) {
        throw new Problem('not-found', { detail: id === undefined ? 'Nobody waits.' : 'There is no such party.' });
      }
      const to = stateAfter(action, party.state);
      const nowMs = now();
      const isOfToday = party.day === lineDay(head, businessDay(nowMs, store.timeZone, store.dayStartsHour));
      // Yesterday's guests cannot come back into today's line.
      if (!to || (!isOfToday && (to === 'called' || to === 'waiting'))) throw new PartyMoved(party);
      if (action === 'step-back') return stepBack(tx, head, party, options);
      if (to === party.state) return party;
      const isEnd = to !== 'called';
      const moved: Party = {
        ...party,
        state: to,
        calledAt: to === 'called' ? new Date(nowMs) : party.calledAt,
        endedAt: isEnd ? new Date(nowMs) : null,
      };
      await write(tx, head, [moved], { waiting: party.state === 'waiting' ? -1 : 0 });
      return moved;
    });

  async function stepBack(tx: Queryable, head: Head, party: Party, { stepsLeft }: MoveOptions): Promise<Party> {
    const left = STEPS_BACK_MAX - party.stepsBack;
    if (stepsLeft !== undefined && stepsLeft !== left) throw new PartyMoved(party);
    if (left <= 0) throw new Problem('no-steps-left', { detail: `${STEPS_BACK_MAX} times is all.` });
    const behind = await readWaiting(tx, party.storeId, { after: party.position, limit: STEP_PLACES });
    // Nobody to let past: nothing changes, and nothing is used up.
    if (party.state === 'waiting' && behind.length === 0) return party;
    const [own, ...theirs] = stepBehind([party, ...behind].map(({ position }) => position));
    const moved: Party = {
      ...party,
      state: 'waiting',
      position: own!,
      stepsBack: party.stepsBack + 1,
      calledAt: null,
      endedAt: null,
    };
    const others = behind.map((other, index) => ({ ...other, position: theirs[index]! }));
    await write(tx, head, [moved, ...others], { waiting: party.state === 'waiting' ? 0 : 1 });
    return moved;
  }

  async function write(tx: Queryable, head: Head, parties: readonly Party[], by: { waiting: number }): Promise<void> {
    const { storeId } = parties[0]!;
    await Promise.all([
      writeParties(tx, storeId, parties),
      writeHead(tx, storeId, { ...head, waiting: head.waiting + by.waiting }),
      announcer.announce(tx, [
        {
          kind: 'waitlist',
          storeId,
          version: head.version + 1,
          moves: parties.map(({ id, size, position, state }) => ({
            id,
            size,
            position: state === 'waiting' ? position : null,
          })),
        },
      ]),
    ]);
  }
}
