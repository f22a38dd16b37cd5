import { useState } from 'preact/hooks';
import type { BillOrder, BillView } from '../../src/contract/bill.ts';
import { CANCEL_REASONS } from '../../src/contract/cancel-reasons.ts';
import { t } from '../shared/language/house-words.ts';
import { words } from './table-words.ts';
import { cancelOrder } from './tables-state.ts';

/** Takes an order off a bill, with a reason that its guests read. */
export function CancelOrder({ bill, order }: { bill: BillView; order: BillOrder }) {
  const [asks, setAsks] = useState(false);
  const [reason, setReason] = useState<(typeof CANCEL_REASONS)[number]>('asked');
  // What nobody has begun can be sold again; what was begun is waste, unless somebody says otherwise.
  const [isWhole, setWhole] = useState(order.status === 'placed');
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
        void cancelOrder(bill, order, reason, isWhole);
      }}
    >
      <label class="field">
        <span>{words('why')}</span>
        <select value={reason} onChange={(event) => setReason(event.currentTarget.value as typeof reason)}>
          {CANCEL_REASONS.map((each) => (
            <option key={each} value={each}>
              {t(`refuse.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input type="checkbox" checked={isWhole} onChange={(event) => setWhole(event.currentTarget.checked)} />
        <span>{words('again')}</span>
      </label>
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
