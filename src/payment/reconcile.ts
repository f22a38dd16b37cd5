import type { PaymentDifference } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { findIntent, keyOf, refOf } from './intents.ts';
import type { PaymentProvider, ProviderPayment } from './ports.ts';
import type { Settle } from './settle.ts';

/** One thing on which our books and the provider's do not agree. */
export interface Difference {
  readonly storeId: string;
  readonly intentId: string;
  readonly what: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface ReconcileDeps {
  readonly db: Db;
  readonly provider: PaymentProvider;
  readonly settle: Settle;
  /** Writes down for ever that a difference was found. */
  readonly audit: (tx: Queryable, about: string, nowMs: number) => Promise<void>;
  readonly now: Clock;
}

export interface Reconciled {
  readonly compared: number;
  /** Those that were not known before come first. */
  readonly differences: readonly Difference[];
  /** Payments at the provider whose key is none of ours, and of no store that there is. */
  readonly strangers: readonly string[];
}

/** Our side of one payment: the intent, what went back of it, and its entry on the bill. */
interface Ours {
  readonly storeId: string;
  readonly id: string;
  readonly state: string;
  readonly got: number | null;
  readonly taken: number | null;
  readonly currency: string;
  readonly entered: number | null;
  readonly returned: number;
  readonly isReturning: boolean;
  readonly refused: number;
}

/**
 * Compares what changed from `from` until before `to` with the provider's books, payment by payment, and writes down what differs. Money
 * that the provider took and we never heard of is settled as it is found, and is listed all the same. It changes nothing else, may be
 * killed anywhere and run again for any days.
 */
export function createReconcile({ db, provider, settle, audit, now }: ReconcileDeps) {
  /** What is paid there and not here is settled first; then both sides are held side by side. */
  async function compare(seen: ProviderPayment | undefined, ref: { storeId: string; id: string }) {
    const before = await findIntent(db, ref.storeId, ref.id);
    if (!before) {
      return seen?.state === 'paid' && seen.refunded < seen.amount
        ? [difference(ref, 'unknown', 'nothing', `${seen.amount} ${seen.currency}`)]
        : [];
    }
    const found: Difference[] = [];
    if (seen?.state === 'paid' && before.state !== 'paid') {
      await settle.apply(ref, seen, false);
      found.push(difference(ref, 'state', before.state, 'paid'));
    }
    const ours = (await readOurs(db, ref.storeId, ref.id))!;
    if (ours.state === 'paid' && seen?.state !== 'paid') {
      found.push(difference(ref, 'state', 'paid', seen?.state ?? 'unknown'));
    }
    if (ours.state !== 'paid' || seen?.state !== 'paid') return found;
    if (ours.got !== seen.amount) found.push(difference(ref, 'amount', `${ours.got}`, `${seen.amount}`));
    if (ours.currency !== seen.currency) found.push(difference(ref, 'currency', ours.currency, seen.currency));
    // What is under way is not late yet.
    if (!ours.isReturning && ours.returned !== seen.refunded) {
      found.push(difference(ref, 'returned', `${ours.returned}`, `${seen.refunded}`));
    }
    if ((ours.entered ?? 0) !== ours.taken)
      found.push(difference(ref, 'bill', `${ours.entered ?? 0}`, `${ours.taken}`));
    if (ours.refused > 0) found.push(difference(ref, 'refund-refused', `${ours.refused}`, '0'));
    return found;
  }

  /** Writes down what differs in one payment, and what does so no longer. */
  async function write({ storeId, id }: { storeId: string; id: string }, found: readonly Difference[]) {
    const nowMs = now();
    const at = new Date(nowMs);
    await db.transaction(async (tx) => {
      const { rows } = await tx.query<{ what: string; foundAt: Date }>(
        `INSERT INTO payment_difference AS d (store_id, intent_id, what, ours, theirs, found_at)
         SELECT $1, $2, w, o, t, $6 FROM unnest($3::text[], $4::text[], $5::text[]) AS k (w, o, t)
         ON CONFLICT (store_id, intent_id, what) DO UPDATE SET ours = excluded.ours, theirs = excluded.theirs, gone_at = NULL,
           found_at = CASE WHEN d.gone_at IS NULL THEN d.found_at ELSE excluded.found_at END
         RETURNING what, found_at AS "foundAt"`,
        [
          storeId,
          id,
          found.map(({ what }) => what),
          found.map(({ ours }) => ours),
          found.map(({ theirs }) => theirs),
          at,
        ],
      );
      await tx.query(
        `UPDATE payment_difference SET gone_at = $3
         WHERE store_id = $1 AND intent_id = $2 AND gone_at IS NULL AND what <> ALL ($4::text[])`,
        [storeId, id, at, found.map(({ what }) => what)],
      );
      const news = new Set(rows.filter(({ foundAt }) => foundAt.getTime() === nowMs).map(({ what }) => what));
      for (const each of found.filter(({ what }) => news.has(what))) await audit(tx, say(each), nowMs);
    });
  }

  return async (from: Date, to: Date): Promise<Reconciled> => {
    const differences: Difference[] = [];
    const strangers: string[] = [];
    const looked = new Set<string>();
    const note = async (ref: { storeId: string; id: string }, found: readonly Difference[]) => {
      looked.add(keyOf(ref));
      differences.push(...found);
      await write(ref, found);
    };
    for (let cursor: string | null = null; ; ) {
      const { items, next } = await provider.changed(from, to, cursor);
      for (const seen of items) {
        const ref = refOf(seen.key);
        if (ref && (await isStore(db, ref.storeId))) await note(ref, await compare(seen, ref));
        else if (seen.state === 'paid') strangers.push(seen.key);
      }
      if (next === null) break;
      cursor = next;
    }
    // What we believe paid and the provider did not name.
    for (const ref of await paidBetween(db, from, to)) {
      if (!looked.has(keyOf(ref))) await note(ref, await compare(await provider.find(keyOf(ref)), ref));
    }
    return { compared: looked.size, differences, strangers };
  };
}

const difference = (ref: { storeId: string; id: string }, what: string, ours: string, theirs: string): Difference => ({
  storeId: ref.storeId,
  intentId: ref.id,
  what,
  ours,
  theirs,
});

/** A difference in one line, for the log, the audit and the batch's alert. */
export const say = ({ storeId, intentId, what, ours, theirs }: Difference): string =>
  `store ${storeId}, payment ${intentId}, ${what}: ours ${ours}, the provider's ${theirs}`;

async function isStore(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM store WHERE id = $1', [id]);
  return rowCount === 1;
}

/** More in one day is more than one process compares in a night; the next days look at theirs. */
const PAID_MAX = 20_000;

async function paidBetween(db: Queryable, from: Date, to: Date): Promise<{ storeId: string; id: string }[]> {
  const { rows } = await db.query<{ storeId: string; id: string }>(
    `SELECT store_id AS "storeId", id FROM payment_intent WHERE made_at >= $1 AND made_at < $2 AND state = 'paid'
     ORDER BY made_at LIMIT ${PAID_MAX}`,
    [from, to],
  );
  return rows;
}

async function readOurs(db: Queryable, storeId: string, id: string): Promise<Ours | undefined> {
  const { rows } = await db.query<Ours>(
    `SELECT i.store_id AS "storeId", i.id, i.state, i.got, i.taken, i.currency,
       (SELECT e.amount FROM bill_entry e WHERE e.store_id = $1 AND e.id = i.entry_id AND e.kind = 'payment') AS entered,
       coalesce(sum(r.amount) FILTER (WHERE r.state = 'done'), 0)::bigint AS returned,
       coalesce(bool_or(r.state = 'due'), false) AS "isReturning",
       coalesce(sum(r.amount) FILTER (WHERE r.state = 'refused'), 0)::bigint AS refused
     FROM payment_intent i LEFT JOIN payment_refund r ON r.store_id = $1 AND r.intent_id = i.id
     WHERE i.store_id = $1 AND i.id = $2 GROUP BY i.store_id, i.id`,
    [storeId, id],
  );
  return rows[0];
}

const SHOWN_MAX = 50;

/** What differs in a store's payments, the newest first; what is gone is shown for as long as nothing newer pushes it out. */
export async function listDifferences(db: Queryable, storeId: string): Promise<PaymentDifference[]> {
  const { rows } = await db.query<{
    paymentId: string;
    what: string;
    ours: string;
    theirs: string;
    foundAt: Date;
    goneAt: Date | null;
  }>(
    `SELECT intent_id AS "paymentId", what, ours, theirs, found_at AS "foundAt", gone_at AS "goneAt" FROM payment_difference
     WHERE store_id = $1 ORDER BY found_at DESC, intent_id, what LIMIT ${SHOWN_MAX}`,
    [storeId],
    'payment-differences',
  );
  return rows.map(({ foundAt, goneAt, ...rest }) => ({
    ...rest,
    foundAt: foundAt.toISOString(),
    goneAt: goneAt?.toISOString() ?? null,
  }));
}
