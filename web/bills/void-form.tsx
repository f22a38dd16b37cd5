import { useState } from 'preact/hooks';
import type { BillView } from '../../src/contract/bill.ts';
import { BILL_REASON_LENGTH_MAX } from '../../src/contract/bill-rules.ts';
import { say } from '../shared/parts/notice.tsx';
import { busy, change } from './act.ts';
import { words } from './words.ts';

/** Ends a bill that nobody will pay: guests who left, or a table that was opened by mistake. */
export function VoidForm({ bill }: { bill: BillView }) {
  const [reason, setReason] = useState('');
  const end = async (event: SubmitEvent) => {
    event.preventDefault();
    if (reason.trim() && (await change(bill, 'void', { reason: reason.trim() }))) say(words('voided'));
  };
  const notServed = bill.orders.filter(({ status }) => status !== 'served' && status !== 'cancelled').length;
  return (
    <details class="more">
      <summary>{words('void')}</summary>
      {bill.due > 0 && <p class="soft">{words('voidWho')}</p>}
      {notServed > 0 && <p class="late">{words('voidCooking', { count: notServed })}</p>}
      <form onSubmit={(event) => void end(event)}>
        <label class="field">
          <span>{words('reason')}</span>
          <input
            maxLength={BILL_REASON_LENGTH_MAX}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button" disabled={busy.value || !reason.trim()}>
          {words('voidDo')}
        </button>
      </form>
    </details>
  );
}
