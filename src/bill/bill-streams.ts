import type { BillView, LiveMessage } from '../contract/index.ts';
import type { EventStream } from '../platform/live/event-streams.ts';
import type { LiveHub } from '../platform/live/postgres-live.ts';
import type { OrderRef } from './ports.ts';

/**
 * Sends the whole bill that an order is on, whenever it or one of its orders changes and after a gap, so that every phone of the table sees the
 * same. What is the same is not sent again.
 * @param read those who ask together share the question
 */
export function followBill(
  read: (order: OrderRef) => Promise<BillView | undefined>,
  live: LiveHub,
  stream: EventStream,
  order: OrderRef,
): void {
  let sent = '';
  let shown: BillView | undefined;
  let reading = false;
  let again = false;
  const tell = (): void => {
    again = true;
    if (reading) return;
    reading = true;
    void (async () => {
      while (again && !stream.closed) {
        again = false;
        shown = await read(order);
        const text = JSON.stringify(shown);
        if (shown && text !== sent && !stream.closed) stream.send('bill', shown);
        sent = text;
      }
    })()
      // The page comes back and reads it again.
      .catch(() => stream.end())
      .finally(() => {
        reading = false;
        if (again && !stream.closed) tell();
      });
  };
  const onBills = (message: LiveMessage) => {
    if (message.kind === 'bills' && (!shown || message.billIds.includes(shown.id))) tell();
  };
  // An order that is cancelled, or served.
  const onOrder = (message: LiveMessage) => {
    if (message.kind === 'order' && shown?.orders.some(({ id }) => id === message.event.orderId)) tell();
  };
  const ends = [
    live.subscribe(`bills ${order.storeId}`, onBills),
    live.subscribe(`order ${order.storeId}`, onOrder),
    live.onGap(tell),
  ];
  stream.onClose(() => {
    for (const end of ends) end();
  });
  tell();
}

/** Tells the hall which bills changed; it reads what it shows. */
export function followBills(live: LiveHub, stream: EventStream, storeId: string): void {
  const all = () => stream.send('bills', { billIds: null });
  const ends = [
    live.subscribe(`bills ${storeId}`, (message) => {
      if (message.kind === 'bills') stream.send('bills', { billIds: message.billIds });
    }),
    live.onGap(all),
  ];
  stream.onClose(() => {
    for (const end of ends) end();
  });
  all();
}
