import { isDeepStrictEqual } from 'node:util';
import type { LineMakingRequest, Name, OrderLineView, OrderView } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { storable } from './candidate.ts';
import type { Announcer, Catalogues, LockStores, NotedChange, OrderRef, Store } from './ports.ts';
import { otherOptions } from './price.ts';
import { lockOrder } from './progress.ts';
import { readOrder } from './read-orders.ts';
import { type LineAsked, noteChange, type TakeOffJobs } from './take-off-line.ts';

/** How a dish is made: the names of its options, and what its guest wishes. */
export interface Making {
  readonly options: readonly Name[];
  readonly note: string | undefined;
}

/** A line that is to be made otherwise. */
export interface LineChanged {
  readonly order: OrderRef;
  /** From 1, as the order was sent. */
  readonly line: number;
  readonly itemId: string;
  readonly quantity: number;
  readonly from: Making;
  readonly to: Making;
  /** What all portions of it cost more; below zero: less. */
  readonly dearer: number;
  readonly change: NotedChange;
}

/** What follows from it in other rooms, in the same transaction. */
export interface ChangeLineJobs extends Pick<TakeOffJobs, 'begin' | 'paidOf' | 'rebook'> {
  /** Bill, tickets, slips and webhooks. @throws Problem `bill-paid` where it costs more and its bill is closed */
  madeOtherwise(tx: Queryable, changed: LineChanged): Promise<void>;
}

export interface ChangeLineDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly announcer: Announcer;
  readonly catalogues: Pick<Catalogues, 'load'>;
  readonly jobs: ChangeLineJobs;
  readonly now: Clock;
}

/**
 * Staff change how all portions of a line are made: other options, another note. Its dish, its place and how many there are stay, so stock and
 * ranking have nothing to do with it; bill, books, ticket and paper follow in one transaction. The dish and the options that stay keep the price at which
 * they were ordered, what is new costs what it costs now. `from` is how it is made as far as is known: the same again comes to the same, and of two
 * who change at once the second hears `stale`.
 * @throws Problem `not-found`, `stale`, `invalid`, `sold-out`, `not-cancellable`, `bill-paid`, and `forbidden` for the hall once it was served
 */
export function createChangeLine({ db, lockStores, announcer, catalogues, jobs, now }: ChangeLineDeps) {
  return (store: Store, { id, line: place, by }: LineAsked, asked: LineMakingRequest): Promise<OrderView> =>
    db.transaction(async (tx) => {
      const ref: OrderRef = { storeId: store.id, id };
      await jobs.begin(tx);
      await lockStores(tx, [store.id]);
      const order = await lockOrder(tx, ref);
      const view = order && (await readOrder(tx, ref));
      const line = view?.lines[place - 1];
      if (!order || !line) throw new Problem('not-found', { detail: 'There is no such line of an order.' });
      const [is, from, to] = [askedOf(line), plain('from', asked.from), plain('to', asked.to)];
      if (isSame(is, to)) return view;
      if (!isSame(is, from) || line.quantity === 0) {
        throw new Problem('stale', { detail: 'It is made otherwise by now, or was taken off.' });
      }
      if (order.status === 'cancelled') {
        throw new Problem('not-cancellable', { detail: 'It is cancelled.', extra: { orderStatus: order.status } });
      }
      if (order.status === 'served' && by.role !== 'owner' && by.role !== 'manager') {
        throw new Problem('forbidden', { detail: 'An owner or a manager changes what was served.' });
      }
      const options = isSame({ ...is, note: to.note }, to)
        ? line.options
        : otherOptions(line, to.optionIds, (await catalogues.load(tx, [store.id])).get(store.id)!);
      const unitPrice = options.reduce((sum, { price }) => sum + price, basePrice(line));
      const dearer = (unitPrice - line.unitPrice) * line.quantity;
      const paid = dearer === 0 ? 0 : await jobs.paidOf(tx, ref, place);
      if (paid > 0) {
        throw new Problem('bill-paid', {
          detail: `${paid} of it are paid already: pay them back first.`,
          extra: { paid },
        });
      }
      const written = { options, note: to.note, unitPrice, dearer };
      const change = noteChange(order, by.name, now());
      await jobs.rebook(tx, ref, () => writeLine(tx, ref, place, written));
      await insertChange(tx, ref, change, { line: place, quantity: line.quantity, made: is });
      await jobs.madeOtherwise(tx, {
        order: ref,
        line: place,
        itemId: line.itemId,
        quantity: line.quantity,
        from: { options: line.options.map(({ name }) => name), note: line.note },
        to: { options: options.map(({ name }) => name), note: to.note },
        dearer,
        change,
      });
      await announcer.announce(tx, [{ kind: 'changed', storeId: store.id, orderIds: [id] }]);
      return (await readOrder(tx, ref))!;
    });
}

interface Asked {
  readonly optionIds: readonly string[];
  readonly note: string | undefined;
}

/** Which was chosen first makes no difference. */
const isSame = (one: Asked, other: Asked): boolean =>
  one.note === other.note && isDeepStrictEqual([...one.optionIds].sort(), [...other.optionIds].sort());

const askedOf = ({ options, note }: OrderLineView): Asked => ({ optionIds: options.map(({ id }) => id), note });

const plain = (field: string, { optionIds, note }: LineMakingRequest['to']): Asked => ({
  optionIds: optionIds.map((id) => id.toLowerCase()),
  note: storable(`${field}.note`, note)?.trim() || undefined,
});

const basePrice = ({ unitPrice, options }: OrderLineView): number =>
  options.reduce((left, { price }) => left - price, unitPrice);

interface Written {
  readonly options: OrderLineView['options'];
  readonly note: string | undefined;
  readonly unitPrice: number;
  readonly dearer: number;
}

async function writeLine(
  tx: Queryable,
  { storeId, id }: OrderRef,
  line: number,
  { options, note, unitPrice, dearer }: Written,
): Promise<void> {
  const chosen = options.length === 0 ? null : JSON.stringify(options.map(({ id, price }) => ({ id, price })));
  const of = [storeId, id, line];
  await Promise.all([
    tx.query(
      'UPDATE order_line SET options = $4::jsonb, unit_price = $5 WHERE store_id = $1 AND order_id = $2 AND line = $3',
      [...of, chosen, unitPrice],
      'change-order-line',
    ),
    tx.query(
      'UPDATE orders SET total = total + $3 WHERE store_id = $1 AND id = $2',
      [storeId, id, dearer],
      'change-order-total',
    ),
    note === undefined
      ? tx.query('DELETE FROM order_note WHERE store_id = $1 AND order_id = $2 AND line = $3', of, 'remove-note')
      : tx.query(
          `INSERT INTO order_note (store_id, order_id, line, note) VALUES ($1, $2, $3, $4)
           ON CONFLICT (store_id, order_id, line) DO UPDATE SET note = excluded.note`,
          [...of, note],
          'change-note',
        ),
  ]);
}

async function insertChange(
  tx: Queryable,
  { storeId, id }: OrderRef,
  change: NotedChange,
  said: { readonly line: number; readonly quantity: number; readonly made: Asked },
): Promise<void> {
  await tx.query(
    `INSERT INTO order_change (store_id, id, order_id, line, from_quantity, to_quantity, reason, portions_returned, by_whom, at, made_before)
     VALUES ($1, $2, $3, $4, $5, $5, 'asked', false, $6, $7, $8)`,
    [storeId, change.id, id, said.line, said.quantity, change.by, change.at, JSON.stringify(said.made)],
    'insert-making-change',
  );
}
