import type { CancelReason, LineChangeRequest, OrderView, Role } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import { newId } from '../platform/id.ts';
import type { Announcer, LockStores, NotedChange, OrderRef, Store } from './ports.ts';
import { type LockedOrder, lockOrder } from './progress.ts';
import { readOrder } from './read-orders.ts';
import { returnPortions } from './return-portions.ts';

/** Portions of one line that are taken off an order. */
export interface TakenOff {
  readonly order: OrderRef;
  /** From 1, as the order was sent. */
  readonly line: number;
  readonly itemId: string;
  readonly from: number;
  readonly to: number;
  /** What they cost. */
  readonly amount: number;
  readonly change: NotedChange;
}

/** What follows from it in other rooms, in the same transaction. */
export interface TakeOffJobs {
  /** First of all, before any lock. */
  begin(tx: Queryable): Promise<void>;
  /** How many portions of a line are paid by dish: so many stay. */
  paidOf(tx: Queryable, order: OrderRef, line: number): Promise<number>;
  /** Runs the change, and takes the books along. */
  rebook(tx: Queryable, order: OrderRef, change: () => Promise<void>): Promise<void>;
  /** Bill, tickets, slips, ranking, webhooks. */
  takenOff(tx: Queryable, taken: TakenOff): Promise<void>;
}

export interface TakeOffDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly announcer: Announcer;
  readonly jobs: TakeOffJobs;
  readonly now: Clock;
}

/** Which line, and who asks. */
export interface LineAsked {
  readonly id: string;
  readonly line: number;
  readonly by: { readonly name: string; readonly role: Role };
}

interface Line {
  readonly line: number;
  readonly itemId: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

/**
 * Staff take portions of one dish off an order, with a reason: its bill, its books, its tickets and, where they are on paper, a slip follow in one
 * transaction. `from` is how many there are as far as is known: the same again comes to the same, and of two who take off at once the
 * second is told how many there are. More of a dish is ordered anew, so that the kitchen hears of it.
 * @throws Problem `not-found`, `stale`, `invalid`, `not-cancellable`, `bill-paid`, and `forbidden` for the hall once it was served
 */
export function createTakeOff({ db, lockStores, announcer, jobs, now }: TakeOffDeps) {
  return (store: Store, { id, line: place, by }: LineAsked, asked: LineChangeRequest): Promise<OrderView> =>
    db.transaction(async (tx) => {
      const ref: OrderRef = { storeId: store.id, id };
      await jobs.begin(tx);
      await lockStores(tx, [store.id]);
      const order = await lockOrder(tx, ref);
      const lines = order ? await readLines(tx, ref) : [];
      const line = lines.find((each) => each.line === place);
      if (!order || !line) throw new Problem('not-found', { detail: 'There is no such line of an order.' });
      const { from, quantity } = asked;
      if (line.quantity === quantity && from > quantity) return (await readOrder(tx, ref))!;
      if (line.quantity !== from) {
        const detail = `There are ${line.quantity} of it now.`;
        throw new Problem('stale', { detail, extra: { quantity: line.quantity } });
      }
      checkAsked(order, lines, line, asked);
      if (order.status === 'served' && by.role !== 'owner' && by.role !== 'manager') {
        throw new Problem('forbidden', { detail: 'An owner or a manager takes off what was served.' });
      }
      const paid = await jobs.paidOf(tx, ref, place);
      if (quantity < paid) {
        throw new Problem('bill-paid', {
          detail: `${paid} of it are paid already: pay them back first.`,
          extra: { paid },
        });
      }
      const portions = from - quantity;
      const taken = {
        order: ref,
        line: place,
        itemId: line.itemId,
        from,
        to: quantity,
        amount: portions * line.unitPrice,
        change: noteChange(order, by.name, now()),
      };
      const returned = asked.returnPortions ?? order.status === 'placed';
      await jobs.rebook(tx, ref, () => writeLine(tx, taken));
      if (returned) await returnPortions(tx, ref, order.day, { line: place, portions });
      await insertChange(tx, taken, { reason: asked.reason, returned });
      await jobs.takenOff(tx, taken);
      await announcer.announce(tx, [
        { kind: 'changed', storeId: store.id, orderIds: [id] },
        ...(returned ? [{ kind: 'menu' as const, storeId: store.id, back: [line.itemId] }] : []),
      ]);
      return (await readOrder(tx, ref))!;
    });
}

export const noteChange = ({ number, status, lastSeq }: LockedOrder, by: string, nowMs: number): NotedChange => ({
  id: newId(nowMs),
  number,
  status,
  seq: lastSeq,
  at: new Date(nowMs),
  by,
});

/** @throws Problem */
function checkAsked(
  order: LockedOrder,
  lines: readonly Line[],
  line: Line,
  { from, quantity }: LineChangeRequest,
): void {
  if (order.status === 'cancelled') {
    throw new Problem('not-cancellable', { detail: 'It is cancelled already.', extra: { orderStatus: order.status } });
  }
  if (quantity >= from) {
    throw invalidField('quantity', 'is not fewer than there are; more is ordered anew', `0 to ${from - 1}`);
  }
  if (quantity === 0 && lines.every((each) => each === line || each.quantity === 0)) {
    throw invalidField('quantity', 'would leave nothing of the order', `1 to ${from - 1}, or cancel the order`);
  }
}

async function readLines(tx: Queryable, { storeId, id }: OrderRef): Promise<Line[]> {
  const { rows } = await tx.query<Line>(
    `SELECT line, item_id AS "itemId", quantity, unit_price AS "unitPrice" FROM order_line
     WHERE store_id = $1 AND order_id = $2 ORDER BY line`,
    [storeId, id],
    'lines-of-order',
  );
  return rows;
}

async function writeLine(tx: Queryable, { order: { storeId, id }, line, to, amount }: TakenOff): Promise<void> {
  await Promise.all([
    tx.query(
      'UPDATE order_line SET quantity = $4 WHERE store_id = $1 AND order_id = $2 AND line = $3',
      [storeId, id, line, to],
      'write-order-line',
    ),
    tx.query(
      'UPDATE orders SET total = total - $3 WHERE store_id = $1 AND id = $2',
      [storeId, id, amount],
      'lower-order-total',
    ),
  ]);
}

async function insertChange(
  tx: Queryable,
  { order: { storeId, id }, line, from, to, change }: TakenOff,
  said: { readonly reason: CancelReason; readonly returned: boolean },
): Promise<void> {
  await tx.query(
    `INSERT INTO order_change (store_id, id, order_id, line, from_quantity, to_quantity, reason, portions_returned, by_whom, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [storeId, change.id, id, line, from, to, said.reason, said.returned, change.by, change.at],
    'insert-order-change',
  );
}
