import { createPortionsTakenOff, paidPortionsOf } from '../bill/index.ts';
import type { OrderRef } from '../contract/index.ts';
import { changeLineKitchen, takeOffKitchen } from '../kitchen/index.ts';
import { type ChangeLineJobs, readOrders, type TakenOff, type TakeOffJobs } from '../order/index.ts';
import type { Payments } from '../payment/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Announcer } from '../platform/live/announcer.ts';
import type { Counting } from '../ranking/index.ts';
import { lockBooks, rebook } from '../sales/index.ts';
import { type StoreDeed, writeStoreLog } from '../staff/index.ts';
import { sendChanged } from '../webhook/index.ts';
import { slipMessages, ticketMessages } from './order-jobs.ts';

export interface TakeOffJobsDeps {
  readonly announcer: Announcer;
  readonly counting: Counting;
  readonly payments: Pick<Payments, 'entered'>;
  readonly now: Clock;
}

/** What follows from portions that staff take off an order, or change: its bill, the kitchen, what sells, the books, and who hears of it. */
export function createTakeOffJobs({
  announcer,
  counting,
  payments,
  now,
}: TakeOffJobsDeps): TakeOffJobs & ChangeLineJobs {
  const offBill = createPortionsTakenOff(announcer, now);
  /** What was paid of an order at the counter may be all that it comes to by now. */
  const settled = (tx: Queryable, { storeId, id }: OrderRef) =>
    payments.entered(tx, { storeId, billId: id, entryId: id, paidBack: undefined, isSettled: true });
  const note = async (
    tx: Queryable,
    order: OrderRef,
    what: StoreDeed['what'],
    { line, change: { by }, details }: Pick<TakenOff, 'line' | 'change'> & Pick<StoreDeed, 'details'>,
  ): Promise<void> => {
    const view = (await readOrders(tx, [order]))[0]!;
    const dish = view.lines[line - 1]!.name;
    const where = { number: view.number, ...(view.table !== null && { table: view.table }) };
    await writeStoreLog(tx, order.storeId, [{ what, by, details: { ...where, dish, ...details } }], now());
  };
  return {
    // Before the store's lock: whoever archives a month holds the books while it waits for those who read orders.
    begin: lockBooks,
    paidOf: paidPortionsOf,
    rebook,
    async takenOff(tx, taken) {
      const { order, line, itemId, from, to, amount, change } = taken;
      const portions = from - to;
      const slips = await takeOffKitchen(tx, taken, now());
      await counting.fewer(tx, order, { itemId, portions });
      if (await offBill(tx, order, { portions, total: amount })) await settled(tx, order);
      const less = { madeOtherwise: false, difference: -amount };
      await sendChanged(tx, order, change, { line, itemId, from, quantity: to, ...less });
      await note(tx, order, 'taken-off', { ...taken, details: { from, to, amount } });
      await announcer.announce(tx, [...ticketMessages([order]), ...slipMessages(slips)]);
    },
    async madeOtherwise(tx, changed) {
      const { order, line, itemId, quantity, dearer, change } = changed;
      const slips = await changeLineKitchen(tx, changed, now());
      const isOver = await offBill(tx, order, { portions: 0, total: -dearer });
      if (isOver && dearer > 0)
        throw new Problem('bill-paid', { detail: 'Its bill is closed: order what is dearer anew.' });
      if (isOver && dearer < 0) await settled(tx, order);
      const other = { madeOtherwise: true, difference: dearer };
      await sendChanged(tx, order, change, { line, itemId, from: quantity, quantity, ...other });
      await note(tx, order, 'made-otherwise', { ...changed, details: {} });
      await announcer.announce(tx, [...ticketMessages([order]), ...slipMessages(slips)]);
    },
  };
}
