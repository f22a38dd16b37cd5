import { Fragment } from 'preact';
import type { BillView } from '../../src/contract/bill.ts';
import { language, nameOf } from '../shared/language/i18n.ts';
import { Sheet } from '../shared/parts/sheet.tsx';
import { money, printReceipt } from './act.ts';
import { store } from './bills-state.ts';
import { placeOf } from './place.ts';
import { words } from './words.ts';

/** A receipt with what Korean law wants on it, as wide as a till's paper; printed by the browser it stands alone on the page. */
export function Receipt({ bill, onClose }: { bill: BillView; onClose: () => void }) {
  const cash = (amount: number) => money(amount, bill.currency);
  const { business } = bill;
  const charged = Math.max(bill.total - bill.discounted - bill.waived, 0);
  const at = new Date(bill.closedAt ?? bill.openedAt).toLocaleString(language.value, {
    timeZone: store.value?.timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const lines = bill.orders
    .filter(({ status }) => status !== 'cancelled')
    .flatMap((order) => order.lines)
    .filter(({ quantity }) => quantity > 0);
  return (
    <Sheet
      label={words('receipt')}
      title={words('receipt')}
      onClose={onClose}
      full
      footer={
        <div class="two-buttons">
          <button type="button" class="button" onClick={() => print()}>
            {words('print')}
          </button>
          <button type="button" class="button primary" onClick={() => void printReceipt(bill.id)}>
            {words('toPrinter')}
          </button>
        </div>
      }
    >
      <article class="receipt">
        <h2>{business?.name ?? (store.value ? nameOf(store.value.name) : '')}</h2>
        {business ? (
          <dl>
            <Row name={words('businessNumber')} value={business.number} />
            <Row name={words('representative')} value={business.representative} />
            {business.address && <p>{business.address}</p>}
            {business.phone && <p class="number">{business.phone}</p>}
          </dl>
        ) : (
          <p class="soft no-print">{words('noBusiness')}</p>
        )}
        <p>
          {at} · {placeOf(bill)}
        </p>
        <ul>
          {lines.map((line, index) => (
            // A receipt is drawn once for each version of its bill.
            <li key={`${line.itemId}${index}`}>
              <span>
                {nameOf(line.name)} × {line.quantity}
              </span>
              <span class="number">{cash(line.total)}</span>
            </li>
          ))}
        </ul>
        <dl>
          <Row name={words('total')} value={cash(bill.total)} />
          {bill.discounted > 0 && <Row name={words('discounted')} value={cash(-bill.discounted)} />}
          {bill.waived > 0 && <Row name={words('waived')} value={cash(-bill.waived)} />}
          <Row name={words('charged')} value={cash(charged)} strong />
          {business && <Row name={words('supply')} value={cash(charged - bill.vat)} />}
          {business && <Row name={`${words('vat')} (${business.vatPercent}%)`} value={cash(bill.vat)} />}
        </dl>
        <dl>
          {bill.entries
            .filter(({ kind }) => kind === 'payment' || kind === 'refund')
            .map((entry) => (
              <Row
                key={entry.id}
                name={[
                  entry.kind === 'refund' ? words('refund') : '',
                  words(entry.method ?? 'cash'),
                  entry.approval && `${words('approval')} ${entry.approval}`,
                ]
                  .filter(Boolean)
                  .join(' ')}
                value={cash(entry.kind === 'refund' ? -entry.amount : entry.amount)}
              />
            ))}
          {bill.entries
            .filter(({ change }) => change)
            .map(({ id, amount, change }) => (
              <Fragment key={`${id} change`}>
                <Row name={words('tendered')} value={cash(amount + (change ?? 0))} />
                <Row name={words('changeCash')} value={cash(change ?? 0)} />
              </Fragment>
            ))}
          {bill.due > 0 && <Row name={words('due')} value={cash(bill.due)} strong />}
        </dl>
        <p class="soft">
          {words('receiptNo')} {bill.id.slice(-12)}
        </p>
      </article>
    </Sheet>
  );
}

function Row({ name, value, strong }: { name: string; value: string; strong?: boolean }) {
  return (
    <div class={strong ? 'strong' : ''}>
      <dt>{name}</dt>
      <dd class="number">{value}</dd>
    </div>
  );
}
