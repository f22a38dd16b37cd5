import { useState } from 'preact/hooks';
import type { BillEntry, BillView } from '../../src/contract/bill.ts';
import { nameOf, timeOf } from '../shared/language/i18n.ts';
import { Sheet } from '../shared/parts/sheet.tsx';
import { money } from './act.ts';
import { shown, store } from './bills-state.ts';
import { CancelOrder } from './cancel-order.tsx';
import { DiscountForm } from './discount-form.tsx';
import { PayForm, type Share, WHOLE } from './pay-form.tsx';
import { placeOf, whoIs } from './place.ts';
import { Receipt } from './receipt.tsx';
import { RefundForm } from './refund-form.tsx';
import { ReversalForm } from './reversal-form.tsx';
import { Moves, TableForm } from './table-form.tsx';
import { TakeOff } from './take-off.tsx';
import { VoidForm } from './void-form.tsx';
import { words } from './words.ts';

const close = () => {
  shown.value = null;
};

/** One bill: what was ordered, what it comes to, and what can be done with it, the payment first. */
export function BillSheet({ bill }: { bill: BillView }) {
  const [isReceipt, showReceipt] = useState(false);
  const [share, setShare] = useState<Share>(WHOLE);
  if (isReceipt) return <Receipt bill={bill} onClose={() => showReceipt(false)} />;
  const cash = (amount: number) => money(amount, bill.currency);
  return (
    <Sheet
      label={placeOf(bill)}
      title={`${placeOf(bill)} · ${cash(Math.max(bill.due, 0))}`}
      onClose={close}
      full
      class="bill-sheet"
    >
      {bill.due > 0 && (
        <PayForm bill={bill} share={share} onShare={setShare} key={`pay ${bill.due} ${bill.entries.length}`} />
      )}
      <Orders bill={bill} />
      {bill.state === 'open' && bill.table !== null && <TableForm bill={bill} key={`${bill.table} ${bill.merged}`} />}
      <Moves bill={bill} />
      <Sums bill={bill} />
      <Entries bill={bill} />
      {bill.due > 0 && <DiscountForm bill={bill} />}
      <button type="button" class="button wide" onClick={() => showReceipt(true)}>
        {words('receipt')}
      </button>
      {(bill.state === 'open' || bill.due > 0) && <VoidForm bill={bill} />}
    </Sheet>
  );
}

function Orders({ bill }: { bill: BillView }) {
  return (
    <section class="bill-orders">
      {bill.orders.map((order) => (
        <article key={order.id} class={order.status === 'cancelled' ? 'cancelled' : ''}>
          <h3>
            {words('order', { number: order.number, time: timeOf(order.placedAt, store.value?.timeZone) })}
            {bill.merged?.length ? ` · ${words('table', { table: order.table ?? '' })}` : ''}
            {order.status === 'cancelled' && ` · ${words('cancelled')}`}
          </h3>
          <ul>
            {order.lines.map((line) => (
              <li key={line.line} class={line.quantity === 0 ? 'gone' : ''}>
                <span>
                  {nameOf(line.name)} <span class="number">× {line.quantity}</span>
                  {line.options.length > 0 && <small>{line.options.map(nameOf).join(' · ')}</small>}
                </span>
                <span class="number">{money(line.total, bill.currency)}</span>
                {bill.state === 'open' && (
                  <TakeOff bill={bill} order={order} line={line} key={`${order.status} ${line.quantity}`} />
                )}
              </li>
            ))}
          </ul>
          {bill.state === 'open' && <CancelOrder bill={bill} order={order} key={order.status} />}
        </article>
      ))}
    </section>
  );
}

function Sums({ bill }: { bill: BillView }) {
  const rows = [
    ['total', bill.total],
    ['discounted', -bill.discounted],
    ['waived', -bill.waived],
    ['paid', bill.paid],
    ['refunded', -bill.refunded],
  ] as const;
  return (
    <dl class="bill-sums">
      {rows
        .filter(([key, amount]) => key === 'total' || amount !== 0)
        .map(([key, amount]) => (
          <div key={key}>
            <dt>{words(key)}</dt>
            <dd class="number">{money(amount, bill.currency)}</dd>
          </div>
        ))}
      <div class="bill-due">
        <dt>{words(bill.due < 0 ? 'overpaid' : 'due')}</dt>
        <dd class="number">{money(Math.abs(bill.due), bill.currency)}</dd>
      </div>
    </dl>
  );
}

function Entries({ bill }: { bill: BillView }) {
  const [opened, open] = useState<string | null>(null);
  if (bill.entries.length === 0) return null;
  return (
    <ul class="bill-entries">
      {bill.entries.map((entry) => {
        const undo = undoOf(entry, bill.currency);
        const isOpen = undo && opened === entry.id;
        const Form = entry.kind === 'discount' ? ReversalForm : RefundForm;
        return (
          <li key={entry.id}>
            <span>
              {entryWords(entry)} · {timeOf(entry.at, store.value?.timeZone)}
              <small>{[entry.coupon, entry.reason, entry.approval, whoIs(entry.by)].filter(Boolean).join(' · ')}</small>
              {entry.change !== null && entry.change > 0 && (
                // Who was called away in the middle of it still finds what goes back.
                <small class="number">
                  {words('handed', {
                    tendered: money(entry.amount + entry.change, bill.currency),
                    change: money(entry.change, bill.currency),
                  })}
                </small>
              )}
            </span>
            <span class="number">
              {money(TAKES_OFF.includes(entry.kind) ? -entry.amount : entry.amount, bill.currency)}
            </span>
            {undo && (
              <button
                type="button"
                class="button"
                aria-label={undo.name}
                aria-expanded={isOpen}
                onClick={() => open(isOpen ? null : entry.id)}
              >
                {undo.label}
              </button>
            )}
            {isOpen && <Form bill={bill} entry={entry} onDone={() => open(null)} />}
          </li>
        );
      })}
    </ul>
  );
}

/** What goes off what guests owe or have paid. */
const TAKES_OFF: readonly BillEntry['kind'][] = ['discount', 'refund', 'void'];

/** The button that undoes an entry; undefined where nothing of it can be undone. */
function undoOf({ kind, method, amount, refundable, reversible }: BillEntry, currency: string) {
  const what = { method: words(method ?? 'cash'), amount: money(amount, currency) };
  if (kind === 'payment' && refundable > 0) return { label: words('refund'), name: words('refundName', what) };
  if (reversible) return { label: words('undo'), name: words('reversalName', what) };
  return undefined;
}

function entryWords({ kind, method }: BillEntry): string {
  if (kind === 'payment') return words(method === 'online' ? 'byPhone' : (method ?? 'cash'));
  if (kind === 'refund') return `${words('refund')} (${words(method ?? 'cash')})`;
  return words(kind);
}
