import { useState } from 'preact/hooks';
import { formatMoney } from '../../src/contract/money.ts';
import { language } from '../shared/language/i18n.ts';
import { readAmount } from '../shared/language/typed-amount.ts';
import { Panel } from './panel.tsx';
import type { Shown } from './sales-state.ts';
import { w } from './words.ts';

/** What was taken, by how it was paid; what should be in the drawer against what is, counted by hand; and what is not paid yet. */
export function Till({ seen: { till, day, days } }: { seen: Shown }) {
  const money = (amount: number) => formatMoney(amount, till.currency, language.value);
  const cash = till.methods.find(({ method }) => method === 'cash');
  const { unsettled, discounted, waived } = till;
  return (
    <Panel title={w('till')}>
      <ul class="ranks till">
        {till.methods.map(({ method, payments, paid, refunds, refunded }) => (
          <li key={method}>
            <span class="what">{w(`method.${method}`)}</span>
            <span class="number">{w('payments', { count: payments })}</span>
            <span class="number">{refunds > 0 && w('refunds', { count: refunds, amount: money(refunded) })}</span>
            <span class="number amount">{money(paid - refunded)}</span>
          </li>
        ))}
        <li class="sum-line">
          <span class="what">{w('taken')}</span>
          <span class="number amount">{money(till.taken)}</span>
        </li>
      </ul>
      <p class="soft">{w('given', { discounted: money(discounted), waived: money(waived) })}</p>
      {day === days.today && unsettled.bills > 0 && (
        <p class="banner">{w('unsettled', { count: unsettled.bills, amount: money(unsettled.due) })}</p>
      )}
      <Drawer key={day} expected={cash ? cash.paid - cash.refunded : 0} currency={till.currency} />
    </Panel>
  );
}

/** Nothing of it is kept: the till says what should be there, whoever counts says what is. */
function Drawer({ expected, currency }: { expected: number; currency: string }) {
  const [counted, setCounted] = useState('');
  const given = readAmount(counted, currency);
  const difference = (given ?? 0) - expected;
  const money = formatMoney(Math.abs(difference), currency, language.value);
  return (
    <div class="drawer">
      <label>
        <span>{w('counted')}</span>
        <input
          inputMode="decimal"
          autocomplete="off"
          value={counted}
          onInput={(event) => setCounted(event.currentTarget.value)}
        />
      </label>
      <p role="status">
        {given !== undefined && (
          <span class={`badge ${difference === 0 ? 'good' : 'warn'}`}>
            {difference === 0 ? w('even') : w(difference > 0 ? 'over' : 'short', { amount: money })}
          </span>
        )}
      </p>
    </div>
  );
}
