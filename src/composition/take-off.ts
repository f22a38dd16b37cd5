import { createPortionsTakenOff, paidPortionsOf } from '../bill/index.ts';
import { takeOffKitchen } from '../kitchen/index.ts';
import type { Announcer, TakeOffJobs } from '../order/index.ts';
import type { Payments } from '../payment/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Counting } from '../ranking/index.ts';
import { lockBooks, rebook } from '../sales/index.ts';
import { slipMessages, ticketMessages } from './order-jobs.ts';

export interface TakeOffJobsDeps {
  readonly announcer: Announcer;
  readonly counting: Counting;
  readonly payments: Pick<Payments, 'entered'>;
  readonly now: Clock;
}

/** What follows from portions that staff take off an order: its bill, the kitchen, what sells, and the books. */
export function createTakeOffJobs({ announcer, counting, payments, now }: TakeOffJobsDeps): TakeOffJobs {
  const offBill = createPortionsTakenOff(announcer, now);
  return {
    // Before the store's lock: whoever archives a month holds the books while it waits for those who read orders.
    begin: lockBooks,
    paidOf: paidPortionsOf,
    rebook,
    async takenOff(tx, taken) {
      const { order, itemId, from, to, amount } = taken;
      const portions = from - to;
      const slips = await takeOffKitchen(tx, taken, now());
      await counting.fewer(tx, order, { itemId, portions });
      // What was paid of an order at the counter may be all that it comes to by now.
      if (await offBill(tx, order, { portions, total: amount })) {
        const { storeId, id } = order;
        await payments.entered(tx, { storeId, billId: id, entryId: id, paidBack: undefined, isSettled: true });
      }
      await announcer.announce(tx, [...ticketMessages([order]), ...slipMessages(slips)]);
    },
  };
}
