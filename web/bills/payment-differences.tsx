import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PaymentDifference } from '../../src/contract/payment.ts';
import { timeOf } from '../shared/language/i18n.ts';
import { getJson } from '../shared/server/api.ts';
import { path, store, token } from './bills-state.ts';
import { words } from './words.ts';

const differences = signal<readonly PaymentDifference[]>([]);
/** The last of an id is enough to find it at the provider. */
const SHOWN_OF_ID = 8;

const WHATS = ['state', 'amount', 'currency', 'returned', 'bill', 'unknown', 'refund-refused'] as const;
const whatOf = (what: string) => words(`differs.${WHATS.find((each) => each === what) ?? 'state'}`);

/** Where our books and the payment provider's differ. Owners and managers are told; to others the server says nothing. */
export function PaymentDifferences() {
  useEffect(() => {
    getJson<{ items: PaymentDifference[] }>(`${path}/payments/differences`, token())
      .then(({ items }) => {
        differences.value = items.filter(({ goneAt }) => goneAt === null);
      })
      .catch(() => {});
  }, []);
  if (differences.value.length === 0) return null;
  return (
    <section aria-label={words('differences')}>
      <h2>
        {words('differences')} <span class="number">{differences.value.length}</span>
      </h2>
      <p>{words('differencesHelp')}</p>
      <ul>
        {differences.value.map((each) => (
          <li key={`${each.paymentId} ${each.what}`} class="bill asks">
            <p class="bill-place">…{each.paymentId.slice(-SHOWN_OF_ID)}</p>
            <p class="bill-what">
              {whatOf(each.what)} · {words('differs', { ours: each.ours, theirs: each.theirs })} ·{' '}
              {timeOf(each.foundAt, store.value?.timeZone)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
