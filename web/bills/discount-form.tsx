import { useState } from 'preact/hooks';
import type { BillView, DiscountRequest } from '../../src/contract/bill.ts';
import { readAmount } from '../shared/language/typed-amount.ts';
import { say } from '../shared/parts/notice.tsx';
import { busy, change, money } from './act.ts';
import { AmountField } from './amount-field.tsx';
import { Choice } from './choice.tsx';
import { ReasonField } from './reason-field.tsx';
import { words } from './words.ts';

type Kind = 'percent' | 'amount' | 'coupon';

/** Something off the bill, by hand with a reason or by a coupon. */
export function DiscountForm({ bill }: { bill: BillView }) {
  const [kind, setKind] = useState<Kind>('percent');
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const amount = readAmount(typed, bill.currency);
  const percent = /^\d{1,3}$/.test(typed) ? Number(typed) : undefined;
  const isNoPercent = kind === 'percent' && typed !== '' && !(percent && percent <= 100);
  const number = kind === 'percent' ? percent : amount;
  const byHand = number ? { [kind]: number, reason: reason.trim() } : undefined;
  const asked: DiscountRequest | undefined = kind === 'coupon' ? { coupon: typed.trim() } : byHand;
  // Said before it is given.
  const off =
    kind === 'amount'
      ? amount
      : kind === 'percent' && percent && !isNoPercent
        ? Math.floor((bill.total * percent) / 100)
        : 0;
  const canGive = asked && !isNoPercent && (kind === 'coupon' ? typed : reason).trim() !== '';

  const give = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!canGive || !asked) return;
    const changed = await change(bill, 'discounts', asked);
    const entry = changed?.entries.findLast((each) => each.kind === 'discount');
    if (!entry) return;
    say(words('gave', { amount: money(entry.amount, bill.currency) }));
    setTyped('');
    setReason('');
  };

  return (
    <details class="more">
      <summary>{words('discount')}</summary>
      <form onSubmit={(event) => void give(event)}>
        <Choice
          label={words('discountBy')}
          options={[
            ['percent', words('percent')],
            ['amount', words('amount')],
            ['coupon', words('coupon')],
          ]}
          value={kind}
          onValue={(next) => {
            setKind(next);
            setTyped('');
          }}
        />
        {kind === 'amount' ? (
          <AmountField label={words('discountLabel')} value={typed} currency={bill.currency} onValue={setTyped} />
        ) : (
          <label class="field">
            <span>{words(kind === 'coupon' ? 'couponCode' : 'percentLabel')}</span>
            <input
              inputMode={kind === 'percent' ? 'numeric' : 'text'}
              autocomplete="off"
              maxLength={40}
              value={typed}
              aria-invalid={isNoPercent}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
            {isNoPercent && (
              <small class="late" role="status">
                {words('percentRange')}
              </small>
            )}
          </label>
        )}
        {kind !== 'coupon' && <ReasonField value={reason} onValue={setReason} />}
        <button type="submit" class="button primary" disabled={busy.value || !canGive}>
          {off ? words('giveAmount', { amount: money(off, bill.currency) }) : words('give')}
        </button>
      </form>
    </details>
  );
}
