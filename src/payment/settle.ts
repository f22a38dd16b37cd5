import type { Clock } from '../platform/clock.ts';
import { afterCommit } from '../platform/db/after-commit.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { endIntent, findIntent, type Intent, keyOf } from './intents.ts';
import type { Bills, LockStores, PaymentProvider, ProviderPayment, Store } from './ports.ts';
import { refundRest } from './refunds.ts';
import { decide } from './rules.ts';

export interface SettleDeps {
  readonly db: Db;
  readonly provider: PaymentProvider;
  readonly lockStores: LockStores;
  readonly bills: Bills;
  readonly storeOf: (db: Queryable, storeId: string) => Promise<Store | undefined>;
  /** Told when money is to go back, once that is on disk. */
  readonly refundsDue: () => void;
  readonly now: Clock;
  /** An intent that the provider does not know after so long never reached it. */
  readonly unknownAfterMs: number;
}

/** Finds out what became of a payment and writes it down. Each may run at any time, twice, and in several processes at once. */
export interface Settle {
  /** Asks the provider, unless the answer is known for good. @returns undefined for an intent that is not ours */
  ask(storeId: string, id: string): Promise<Intent | undefined>;
  /** Has the provider let nobody pay it any more, and writes down what it is then. */
  end(intent: Pick<Intent, 'storeId' | 'id'>): Promise<Intent | undefined>;
  /** Writes down what the provider says. */
  apply(
    ref: Pick<Intent, 'storeId' | 'id'>,
    seen: ProviderPayment | undefined,
    isOver: boolean,
  ): Promise<Intent | undefined>;
}

/**
 * The provider is asked outside of any transaction; then the store's lock is taken, as by every writer of its bills, and what the intent
 * is *then* decides. So a notification that comes twice, late or out of order, one that a person forged, and a job that asks at the same
 * moment all come to the same end: an intent is paid once, its entry is on the bill once, and what the bill does not owe goes back once.
 */
export function createSettle(deps: SettleDeps): Settle {
  const { db, provider, lockStores, bills, now } = deps;

  const settle: Settle = {
    async ask(storeId, id) {
      const intent = await findIntent(db, storeId, id);
      if (!intent || intent.state === 'paid') return intent;
      const seen = await provider.find(keyOf(intent));
      return settle.apply(intent, seen, now() - intent.madeAt.getTime() > deps.unknownAfterMs);
    },

    async end(intent) {
      return settle.apply(intent, await provider.cancel(keyOf(intent)), true);
    },

    async apply({ storeId, id }, seen, isOver) {
      // Before the lock: whoever holds it waits for no second connection.
      const store = await deps.storeOf(db, storeId);
      if (!store) return undefined;
      return db.transaction(async (tx) => {
        await lockStores(tx, [storeId]);
        const intent = await findIntent(tx, storeId, id);
        if (!intent) return undefined;
        const isNews = seen?.state === 'paid' && intent.state !== 'paid';
        const bill = isNews ? await bills.of(tx, { storeId, id: intent.orderId }) : undefined;
        const outcome = decide(intent, seen, isOver, bill?.due ?? 0);
        if (outcome.kind === 'nothing') return intent;
        const nowMs = now();
        const at = new Date(nowMs);
        if (outcome.kind === 'ends') {
          await endIntent(tx, intent, { state: outcome.state, got: null, taken: null, at });
        } else {
          const { taken, back } = outcome;
          await endIntent(tx, intent, { state: 'paid', got: seen!.amount, taken, at });
          const approval = `${provider.name} ${id.slice(-8)}`;
          if (taken > 0) await bills.pay(tx, store, bill!.billId, { entryId: intent.entryId, amount: taken, approval });
          if (back) {
            await refundRest(tx, intent, back, nowMs);
            afterCommit(tx, deps.refundsDue);
          }
        }
        return findIntent(tx, storeId, id);
      });
    },
  };
  return settle;
}
