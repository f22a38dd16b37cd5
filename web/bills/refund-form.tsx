import { useState } from 'preact/hooks';
import type { BillEntry, BillView } from '../../src/contract/bill.ts';
import { readAmount, writeAmount } from '../shared/language/typed-amount.ts';
import { say } from '../shared/parts/notice.tsx';
import { busy, change, money } from './act.ts';
import { AmountField } from './amount-field.tsx';
import { ReasonField } from './reason-field.tsx';
import { words } from './words.ts';

interface RefundFormProps {
  bill: BillView;
  entry: BillEntry;
  onDone: () => void;
}

/** Pays a payment back, or a part of it: what is owed back if anything is, and else all of it. */
export function RefundForm({ bill, entry, onDone }: RefundFormProps) {
  const first = bill.due < 0 ? Math.min(-bill.due, entry.refundable) : entry.refundable;
  const [typed, setTyped] = useState(writeAmount(first, bill.currency));
  const [reason, setReason] = useState('');
  const [payAgain, setPayAgain] = useState(false);
  const amount = readAmount(typed, bill.currency);
  const isTooMuch = amount !== undefined && amount > entry.refundable;
  const canRefund = amount !== undefined && amount > 0 && !isTooMuch && reason.trim() !== '';
  const give = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!canRefund) return;
    const body = { payment: entry.id, amount, reason: reason.trim(), ...(payAgain && { payAgain }) };
    if (!(await change(bill, 'refunds', body))) return;
    say(words('refundDone', { amount: money(amount, bill.currency) }));
    onDone();
  };
  return (
    <form class="refund" onSubmit={(event) => void give(event)}>
      <AmountField label={words('refundLabel')} value={typed} currency={bill.currency} onValue={setTyped} />
      {isTooMuch && (
        <p class="late" role="status">
          {words('refundMost', { amount: money(entry.refundable, bill.currency) })}
        </p>
      )}
      {entry.method === 'card' && <p class="soft">{words('refundCard')}</p>}
      <ReasonField value={reason} onValue={setReason} />
      <label class="check">
        <input type="checkbox" checked={payAgain} onChange={(event) => setPayAgain(event.currentTarget.checked)} />
        <span>{words('payAgain')}</span>
      </label>
      <button type="submit" class="button primary" disabled={busy.value || !canRefund}>
        {words('refundDo')}
      </button>
    </form>
  );
}
