import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { formatMoney } from '../../src/contract/money.ts';
import type { StoreAtAGlance, StoresAtAGlance } from '../../src/contract/sales.ts';
import type { StoreView } from '../../src/contract/store.ts';
import { t } from '../shared/language/house-words.ts';
import { language, nameOf } from '../shared/language/i18n.ts';
import { getJson } from '../shared/server/api.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { looked, ownerKey, readOwnStores } from './sales-state.ts';
import { w } from './words.ts';

/** null before the first answer. */
const stores = signal<readonly StoreAtAGlance[] | null>(null);
const own = signal<readonly StoreView[] | null>(null);
const LOOK_AGAIN_MS = 60_000;

async function load(): Promise<void> {
  try {
    const found: StoreAtAGlance[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: StoresAtAGlance = await getJson(
        `/sales/stores?cursor=${encodeURIComponent(next)}`,
        ownerKey.value.value ?? undefined,
      );
      found.push(...page.items);
      next = page.next;
    }
    stores.value = found;
    looked.value = { atMs: Date.now(), answered: true };
  } catch (error) {
    looked.value = { atMs: looked.value?.atMs ?? Date.now(), answered: false };
    if (!(error instanceof ApiProblem)) return;
    if (error.status === 401) ownerKey.refuse();
    if (error.status === 403) await showOwn();
  }
}

/** The stores of somebody who runs some and not all: the right key for each of them, and no reason to ask for another. */
async function showOwn(): Promise<void> {
  try {
    const found = await readOwnStores();
    if (found.length === 0) return ownerKey.refuse();
    own.value = found;
    looked.value = { atMs: Date.now(), answered: true };
  } catch {
    // It looks again.
  }
}

/** Each store's day so far; what sold most first. */
export function AllStores() {
  useEffect(() => {
    void load();
    const timer = setInterval(() => document.visibilityState === 'visible' && void load(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  if (own.value) return <OwnStores stores={own.value} />;
  const found = stores.value;
  if (!found) return <p class="soft">{t('loading')}</p>;
  if (found.length === 0) return <p class="soft">{w('empty')}</p>;
  return (
    <ul class="glances">
      {[...found]
        .sort((a, b) => b.total - a.total)
        .map((store) => (
          <Glance key={store.id} store={store} />
        ))}
    </ul>
  );
}

/** The way to each store's own day. */
const OwnStores = (props: { stores: readonly StoreView[] }) => (
  <ul class="glances">
    {props.stores.map((store) => (
      <li key={store.id}>
        <a class="panel glance" href={`/owner/${encodeURIComponent(store.slug)}`}>
          <strong>{nameOf(store.name)}</strong>
        </a>
      </li>
    ))}
  </ul>
);

function Glance({ store }: { store: StoreAtAGlance }) {
  const money = (amount: number) => formatMoney(amount, store.currency, language.value);
  const change = store.before === 0 ? undefined : store.total / store.before - 1;
  return (
    <li>
      <a class="panel glance" href={`/owner/${encodeURIComponent(store.slug)}`}>
        <strong>{nameOf(store.name)}</strong>
        <span class="number amount">{money(store.total)}</span>
        <span class="soft">
          {t('owner.countOrders', { count: store.orders })} · {w('lastWeek', { value: money(store.before) })}
        </span>
        <span>
          {change !== undefined && (
            <span class={`badge ${change >= 0 ? 'good' : 'warn'}`}>
              {new Intl.NumberFormat(language.value, { style: 'percent', signDisplay: 'always' }).format(change)}
            </span>
          )}
          {store.openDays > 0 && <span class="badge warn">{w('openDays', { count: store.openDays })}</span>}
        </span>
      </a>
    </li>
  );
}
