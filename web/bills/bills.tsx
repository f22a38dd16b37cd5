import { useSignalEffect } from '@preact/signals';
import type { BillSummary } from '../../src/contract/bill.ts';
import { t } from '../shared/language/house-words.ts';
import { nameOf, timeOf } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { Connection } from '../shared/parts/connection.tsx';
import { KeyForm } from '../shared/parts/key-form.tsx';
import { NoticePlace } from '../shared/parts/notice.tsx';
import { WhoWorks } from '../shared/parts/who-works.tsx';
import { allow, money, openTable } from './act.ts';
import { BillSheet } from './bill-sheet.tsx';
import {
  asking,
  atCounter,
  billsKey,
  closedBills,
  following,
  missing,
  open,
  owed,
  show,
  showClosed,
  shown,
  store,
  storeSlug,
} from './bills-state.ts';
import { PaymentDifferences } from './payment-differences.tsx';
import { placeOf } from './place.ts';
import { words as tableWords } from './table-words.ts';
import { freeTables } from './tables-state.ts';
import { words } from './words.ts';

const keyWords = () => ({
  title: words('pageTitle'),
  label: words('keyLabel'),
  help: words('keyHelp'),
  open: words('open'),
});

/** What is open, in one hand: who asks at the top, then what is owed back, then the tables, the largest thing being the amount. */
export function Bills() {
  useSignalEffect(() => {
    document.title = store.value ? words('title', { store: nameOf(store.value.name) }) : words('pageTitle');
  });
  if (!billsKey.value.value) {
    return (
      <main class="key-page">
        <KeyForm pageKey={billsKey} words={keyWords()} />
      </main>
    );
  }
  if (missing.value) return <p class="empty">{t('kitchen.storeMissing')}</p>;
  return (
    <>
      <header>
        <div class="top-row">
          <h1>{store.value ? words('title', { store: nameOf(store.value.name) }) : words('pageTitle')}</h1>
          <Connection following={following.value} timeZone={store.value?.timeZone} />
          <WhoWorks pageKey={billsKey} store={storeSlug} />
          <LanguageChoice />
        </div>
      </header>
      <main>
        <Asking />
        <PaymentDifferences />
        <List title={words('owed')} bills={owed.value} />
        <List title={words('openBills')} bills={open.value} empty={words('none')} />
        <FreeTables />
        <List title={words('counter')} bills={atCounter.value} />
        {closedBills.value ? (
          <List title={words('closed')} bills={closedBills.value} />
        ) : (
          <button type="button" class="button quiet wide" onClick={() => void showClosed()}>
            {words('showClosed')}
          </button>
        )}
      </main>
      <footer>
        <NoticePlace />
        <NewTable />
        <a class="button" href={`/hall/${encodeURIComponent(storeSlug)}`}>
          {words('toHall')}
        </a>
      </footer>
      {shown.value && <BillSheet bill={shown.value} />}
    </>
  );
}

/** Tables whose guests want more than they may have: one tap says yes. */
function Asking() {
  if (asking.value.length === 0) return null;
  return (
    <section aria-label={words('asks')}>
      <h2>
        {words('asks')} <span class="number">{asking.value.length}</span>
      </h2>
      <ul>
        {asking.value.map((bill) => (
          <li key={bill.id} class="bill asks">
            <p class="bill-place">{placeOf(bill)}</p>
            <p class="bill-what">
              {words('asksWhat', { ...bill.asked!, unpaid: money(bill.asked!.unpaid, bill.currency) })}
            </p>
            <button
              type="button"
              class="button primary"
              aria-label={words('allowName', { place: placeOf(bill) })}
              onClick={() => void allow(bill.id, placeOf(bill))}
            >
              {words('allow')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function List({ title, bills, empty }: { title: string; bills: readonly BillSummary[]; empty?: string }) {
  if (bills.length === 0 && !empty) return null;
  return (
    <section aria-label={title}>
      <h2>
        {title} <span class="number">{bills.length}</span>
      </h2>
      {bills.length === 0 && <p class="empty">{empty}</p>}
      <ul>
        {bills.map((bill) => (
          <li key={bill.id}>
            <button type="button" class={`bill ${bill.state}`} onClick={() => void show(bill.id).catch(() => {})}>
              <span class="bill-place">{placeOf(bill)}</span>
              <span class="bill-what">
                {words('orders', { count: bill.orderCount })} · {timeWords(bill)}
                {bill.codes && ` · ${codeWords(bill.codes)}`}
              </span>
              <strong class={`number ${bill.due < 0 ? 'late' : ''}`}>
                {money(
                  bill.state === 'closed' && bill.due === 0 ? bill.paid - bill.refunded : Math.abs(bill.due),
                  bill.currency,
                )}
              </strong>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const codeWords = (codes: NonNullable<BillSummary['codes']>): string =>
  tableWords('code', {
    codes: codes.map(({ table, code }) => (codes.length > 1 ? `${table}: ${code}` : code)).join(', '),
  });

/** Tables without guests: one tap opens one. */
function FreeTables() {
  if (freeTables.value.length === 0) return null;
  return (
    <section aria-label={tableWords('free')}>
      <h2>
        {tableWords('free')} <span class="number">{freeTables.value.length}</span>
      </h2>
      <ul class="free-tables">
        {freeTables.value.map((table) => (
          <li key={table}>
            <button
              type="button"
              class="button"
              aria-label={tableWords('openName', { table })}
              onClick={() => void openTable(table)}
            >
              {table}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function timeWords({ openedAt, closedAt }: BillSummary): string {
  const zone = store.value?.timeZone;
  return closedAt
    ? words('paidAt', { time: timeOf(closedAt, zone) })
    : words('since', { time: timeOf(openedAt, zone) });
}

function NewTable() {
  return (
    <form
      class="new-table"
      aria-label={words('newTable')}
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const table = String(new FormData(form).get('table')).trim();
        if (table) void openTable(table).then(() => form.reset());
      }}
    >
      <input
        name="table"
        aria-label={words('tableName')}
        placeholder={words('tableName')}
        maxLength={20}
        autocomplete="off"
      />
      <button type="submit" class="button primary">
        {words('openTable')}
      </button>
    </form>
  );
}
