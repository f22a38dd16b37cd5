import { useState } from 'preact/hooks';
import type { BillEntry, BillView } from '../../src/contract/bill.ts';
import { BILL_REASON_LENGTH_MAX, dueOf } from '../../src/contract/bill-rules.ts';
import { say } from '../shared/parts/notice.tsx';
import { busy, change, money } from './act.ts';
import { words } from './words.ts';

interface ReversalFormProps {
  bill: BillView;
  entry: BillEntry;
  onDone: () => void;
}

/** Takes a discount back that was given by mistake; the usual reason stands there already. */
export function ReversalForm({ bill, entry, onDone }: ReversalFormProps) {
  const [reason, setReason] = useState(words('reversalReason'));
  const amount = money(entry.amount, bill.currency);
  const due = dueOf({ ...bill, discounted: bill.discounted - entry.amount });
  const takeBack = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!reason.trim() || !(await change(bill, 'reversals', { discount: entry.id, reason: reason.trim() }))) return;
    say(words('reversed', { amount }));
    onDone();
  };
  return (
    <form class="refund" onSubmit={(event) => void takeBack(event)}>
      {due > 0 && <p class="soft">{words('reversalHelp', { due: money(due, bill.currency) })}</p>}
      {entry.coupon && <p class="soft">{words('reversalCoupon', { coupon: entry.coupon })}</p>}
      <label class="field">
        <span>{words('reason')}</span>
        <input
          maxLength={BILL_REASON_LENGTH_MAX}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary" disabled={busy.value || !reason.trim()}>
        {words('reversalDo', { amount })}
      </button>
    </form>
  );
}
