import { useState } from 'preact/hooks';
import type { BillOrder, BillView } from '../../src/contract/bill.ts';
import { CancelFields, useCancelled } from './cancel-fields.tsx';
import { words } from './table-words.ts';
import { cancelOrder } from './tables-state.ts';

/** Takes an order off a bill, with a reason that its guests read. */
export function CancelOrder({ bill, order }: { bill: BillView; order: BillOrder }) {
  const [asks, setAsks] = useState(false);
  const [cancelled, setCancelled] = useCancelled(order);
  if (order.status === 'cancelled' || order.status === 'served') return null;
  if (!asks) {
    return (
      <button
        type="button"
        class="button quiet"
        aria-label={words('cancelName', { number: order.number })}
        onClick={() => setAsks(true)}
      >
        {words('cancel')}
      </button>
    );
  }
  return (
    <form
      aria-label={words('cancelName', { number: order.number })}
      onSubmit={(event) => {
        event.preventDefault();
        setAsks(false);
        void cancelOrder(bill, order, cancelled.reason, cancelled.isWhole);
      }}
    >
      <CancelFields value={cancelled} onValue={setCancelled} words={words} />
      <span class="two">
        <button type="button" class="button" onClick={() => setAsks(false)}>
          {words('keep')}
        </button>
        <button type="submit" class="button primary">
          {words('cancelDo')}
        </button>
      </span>
    </form>
  );
}
