import type { StoreStateRequest } from '../contract/index.ts';
import { businessDayEndsMs, type Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import { invalidField } from '../platform/http/problem.ts';
import type { LockStores } from './lock-stores.ts';
import type { StatedState, StorePacing } from './ports.ts';
import { findStores, type Store } from './queries.ts';

/** A pause of a holiday; longer is a mistyped year. */
const UNTIL_MAX_DAYS = 60;

/**
 * Opens, slows down or pauses a store by hand, under its lock: an order is taken before it or refused after it. What a person says holds
 * until `until`, or until a person says otherwise; "open" gives the store back to its pacing, and "busy" ends with the business day at
 * the latest: nobody thinks in the morning of what was true the night before, and guests would be told half as much again for good.
 * @returns the store as it is now
 * @throws Problem `invalid` for a time that is over or far away, or a text that cannot be stored
 */
export function createSetState(db: Db, lockStores: LockStores, pacing: StorePacing, now: Clock) {
  return async (store: Store, { state, reason, until }: StoreStateRequest): Promise<Store> => {
    const dayEndsMs = state === 'busy' ? businessDayEndsMs(now(), store.timeZone, store.dayStartsHour) : null;
    const untilMs = checkUntil(until ?? null, now()) ?? dayEndsMs;
    const words = checkReason(reason ?? null);
    await db.transaction(async (tx) => {
      await lockStores(tx, [store.id]);
      const stated: StatedState =
        state === 'open' && untilMs === null
          ? pacing.opened(store, (await pacing.read(tx, [store.id])).get(store.id), now())
          : { state, by: 'hand', reason: words, untilMs };
      await tx.query(
        `UPDATE store_head SET state = $2, state_by = $3, state_reason = $4, state_until = $5 WHERE store_id = $1`,
        [store.id, stated.state, stated.by, stated.reason, stated.untilMs === null ? null : new Date(stated.untilMs)],
        'set-state',
      );
    });
    return (await findStores({ db, pacing, now }, [store.id], []))[0]!;
  };
}

function checkUntil(until: string | null, nowMs: number): number | null {
  if (until === null) return null;
  const untilMs = Date.parse(until);
  if (Number.isNaN(untilMs)) throw invalidField('until', 'is no time', 'ISO 8601 in UTC');
  if (untilMs <= nowMs) throw invalidField('until', 'is over', `later than ${new Date(nowMs).toISOString()}`);
  if (untilMs > nowMs + UNTIL_MAX_DAYS * 24 * 3_600_000) {
    throw invalidField('until', 'is too far away', `within ${UNTIL_MAX_DAYS} days`);
  }
  return untilMs;
}

function checkReason(reason: string | null): string | null {
  if (reason !== null && (reason.includes('\0') || !reason.isWellFormed())) {
    throw invalidField('reason', 'has a character that cannot be stored', 'text without U+0000 and lone surrogates');
  }
  return reason?.trim() || null;
}
