import { useState } from 'preact/hooks';
import type { BillView } from '../../src/contract/bill.ts';
import { say } from '../shared/parts/notice.tsx';
import { busy, change } from './act.ts';
import { ReasonField } from './reason-field.tsx';
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
        <ReasonField value={reason} onValue={setReason} />
        <button type="submit" class="button" disabled={busy.value || !reason.trim()}>
          {words('voidDo')}
        </button>
      </form>
    </details>
  );
}
