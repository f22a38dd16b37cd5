import { useState } from 'preact/hooks';
import type { BillDish, BillView, PaymentRequest } from '../../src/contract/bill.ts';
import { splitEvenly } from '../../src/contract/bill-rules.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { readAmount, writeAmount } from '../shared/language/typed-amount.ts';
import { say } from '../shared/parts/notice.tsx';
import { busy, change, money } from './act.ts';
import { AmountField } from './amount-field.tsx';
import { handedFor } from './banknotes.ts';
import { Choice } from './choice.tsx';
import { words } from './words.ts';

const HOW = ['all', 'people', 'amount', 'dishes'] as const;
type How = (typeof HOW)[number];
/** How a bill is shared out; it outlives each payment, so that the next of four is not asked for all that is left. */
export interface Share {
  readonly how: How;
  /** Who have not paid yet. */
  readonly people: number;
  readonly hasBegun: boolean;
}
export const WHOLE: Share = { how: 'all', people: 2, hasBegun: false };
/** A table of more is a wedding, and pays at once. */
const PEOPLE_MAX = 50;

interface PayFormProps {
  bill: BillView;
  share: Share;
  onShare: (share: Share) => void;
}

/** Takes money: all of it, a person's part, an amount, or some dishes. */
export function PayForm({ bill, share, onShare }: PayFormProps) {
  const { how, people } = share;
  const [method, setMethod] = useState<'card' | 'cash'>('card');
  const [typed, setTyped] = useState('');
  const [tendered, setTendered] = useState('');
  const [approval, setApproval] = useState('');
  const [dishes, setDishes] = useState<readonly BillDish[]>([]);
  const split = splitEvenly(bill.due, people, bill.currency);
  const amount =
    how === 'all'
      ? bill.due
      : how === 'people'
        ? split.parts[0]
        : how === 'amount'
          ? readAmount(typed, bill.currency)
          : priceOf(bill, dishes);
  const handed = method === 'cash' && tendered !== '' ? readAmount(tendered, bill.currency) : undefined;
  // What the server would refuse is said before it is asked.
  const isTooMuch = amount !== undefined && amount > bill.due;
  const missing = handed !== undefined && amount !== undefined ? amount - handed : 0;
  const isUnread = method === 'cash' && tendered !== '' && handed === undefined;
  const canPay =
    amount !== undefined &&
    amount > 0 &&
    !isTooMuch &&
    missing <= 0 &&
    !isUnread &&
    (how !== 'dishes' || dishes.length > 0);

  const pay = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!canPay) return;
    const body: PaymentRequest = {
      method,
      ...(how === 'dishes' ? { dishes: [...dishes] } : { amount }),
      ...(handed !== undefined && { tendered: handed }),
      ...(method === 'card' && approval.trim() && { approval: approval.trim() }),
    };
    const changed = await change(bill, 'payments', body);
    if (changed && how === 'people') onShare({ how, people: Math.max(people - 1, 1), hasBegun: true });
    const entry = changed?.entries.findLast(({ kind }) => kind === 'payment');
    if (!changed || !entry) return;
    const took = { amount: money(entry.amount, bill.currency) };
    if (entry.change) say(words('tookChange', { ...took, change: money(entry.change, bill.currency) }));
    else say(words(changed.due === 0 ? 'settled' : 'took', took));
  };

  return (
    <form class="pay" onSubmit={(event) => void pay(event)}>
      <Choice
        label={words('how')}
        options={HOW.map((each) => [each, words(each)])}
        value={how}
        onValue={(next) => onShare({ ...share, how: next })}
      />
      {how === 'people' && <People bill={bill} share={share} onShare={onShare} />}
      {how === 'amount' && (
        <AmountField label={words('amountLabel')} value={typed} currency={bill.currency} onValue={setTyped} />
      )}
      {how === 'amount' && isTooMuch && (
        <p class="late" role="status">
          {words('tooMuch', { amount: money(bill.due, bill.currency) })}
        </p>
      )}
      {how === 'dishes' && <Dishes bill={bill} chosen={dishes} onChosen={setDishes} />}
      <Choice
        label={words('pay')}
        options={[
          ['card', words('card')],
          ['cash', words('cash')],
        ]}
        value={method}
        onValue={setMethod}
      />
      {method === 'cash' ? (
        <>
          <AmountField label={words('tendered')} value={tendered} currency={bill.currency} onValue={setTendered} />
          <div class="notes">
            {handedFor(amount ?? 0, bill.currency).map((sum) => (
              <button
                type="button"
                class="button number"
                key={sum}
                aria-pressed={handed === sum}
                onClick={() => setTendered(writeAmount(sum, bill.currency))}
              >
                {money(sum, bill.currency)}
              </button>
            ))}
          </div>
          {handed !== undefined && amount !== undefined && (
            <p class={`change number ${missing > 0 ? 'late' : ''}`} role="status">
              {words(missing > 0 ? 'missing' : 'change', { amount: money(Math.abs(missing), bill.currency) })}
            </p>
          )}
        </>
      ) : (
        <label class="field">
          <span>{words('approvalMay')}</span>
          <input
            inputMode="numeric"
            autocomplete="off"
            maxLength={40}
            value={approval}
            onInput={(event) => setApproval(event.currentTarget.value)}
          />
        </label>
      )}
      <button type="submit" class="button primary wide" disabled={busy.value || !canPay}>
        {words('payNow', { method: words(method), amount: money(amount ?? 0, bill.currency) })}
      </button>
    </form>
  );
}

function People({ bill, share, onShare }: PayFormProps) {
  const { people, hasBegun } = share;
  const { parts, remainder } = splitEvenly(bill.due, people, bill.currency);
  const [first = 0, each = first] = parts;
  const onPeople = (count: number) => onShare({ ...share, people: count });
  return (
    <div class="people">
      <span>{words(hasBegun ? 'peopleLeft' : 'peopleCount')}</span>
      <button
        type="button"
        class="button"
        aria-label={words('fewer')}
        disabled={people <= 1}
        onClick={() => onPeople(people - 1)}
      >
        −
      </button>
      <output class="number">{people}</output>
      <button
        type="button"
        class="button"
        aria-label={words('more')}
        disabled={people >= PEOPLE_MAX}
        onClick={() => onPeople(people + 1)}
      >
        +
      </button>
      <p class="soft number">
        {words(remainder > 0 ? 'parts' : 'partsEven', {
          each: money(each, bill.currency),
          first: money(first, bill.currency),
        })}
      </p>
    </div>
  );
}

interface DishesProps {
  bill: BillView;
  chosen: readonly BillDish[];
  onChosen: (dishes: readonly BillDish[]) => void;
}

function Dishes({ bill, chosen, onChosen }: DishesProps) {
  const of = (orderId: string, line: number) =>
    chosen.find((dish) => dish.orderId === orderId && dish.line === line)?.quantity ?? 0;
  const set = (orderId: string, line: number, quantity: number) => {
    const rest = chosen.filter((dish) => dish.orderId !== orderId || dish.line !== line);
    onChosen(quantity > 0 ? [...rest, { orderId, line, quantity }] : rest);
  };
  const lines = bill.orders
    .filter(({ status }) => status !== 'cancelled')
    .flatMap((order) => order.lines.map((line) => ({ ...line, orderId: order.id, left: line.quantity - line.paid })))
    .filter(({ left }) => left > 0);
  return (
    <ul class="pay-dishes">
      {lines.map(({ orderId, line, name, left, unitPrice }) => {
        const count = of(orderId, line);
        return (
          <li key={`${orderId} ${line}`}>
            <span>
              {nameOf(name)}
              <small class="number">
                {money(unitPrice, bill.currency)} · {words('left', { count: left })}
              </small>
            </span>
            <button
              type="button"
              class="button"
              aria-label={`${nameOf(name)} −`}
              disabled={count === 0}
              onClick={() => set(orderId, line, count - 1)}
            >
              −
            </button>
            <output class="number">{count}</output>
            <button
              type="button"
              class="button"
              aria-label={`${nameOf(name)} +`}
              disabled={count >= left}
              onClick={() => set(orderId, line, count + 1)}
            >
              +
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** About what the server will say: it has the last word, as somebody may have paid meanwhile. */
function priceOf(bill: BillView, dishes: readonly BillDish[]): number {
  const lines = bill.orders
    .filter(({ status }) => status !== 'cancelled')
    .flatMap((order) => order.lines.map((line) => ({ ...line, orderId: order.id })));
  const wanted = (orderId: string, line: number) =>
    dishes.find((dish) => dish.orderId === orderId && dish.line === line)?.quantity ?? 0;
  if (lines.every((line) => line.paid + wanted(line.orderId, line.line) === line.quantity)) return bill.due;
  const price = lines.reduce((sum, line) => sum + wanted(line.orderId, line.line) * line.unitPrice, 0);
  const charged = Math.max(bill.total - bill.discounted - bill.waived, 0);
  return Math.min(bill.due, Math.floor((price * charged) / Math.max(bill.total, 1)));
}
