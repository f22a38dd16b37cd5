import { computed, signal } from '@preact/signals';
import type { TillView } from '../../src/contract/bill.ts';
import type { Sales, SalesBy, SalesDays, SalesTimes } from '../../src/contract/sales.ts';
import type { SessionView } from '../../src/contract/staff.ts';
import type { StoreView } from '../../src/contract/store.ts';
import { stationNames } from '../shared/language/station-name.ts';
import { pagePlace } from '../shared/page/boot.ts';
import { getJson } from '../shared/server/api.ts';
import { createPageKey } from '../shared/server/page-key.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { daysAfter } from './compare.ts';

const HOURS_8_MS = 8 * 60 * 60 * 1000;
const LOOK_AGAIN_MS = 60_000;
const WEEK = 7;

/** Empty on the page of all stores. */
export const storeSlug = pagePlace().store;

/** The owner's key. */
export const ownerKey = createPageKey('matjip:owner:key', HOURS_8_MS);

/** Whom this page is for: what they own or manage; null before the answer. */
const roles = signal<SessionView['roles'] | null>(null);
const runs = computed(() => roles.value?.filter(({ role }) => role === 'owner' || role === 'manager') ?? []);

/** Whether whoever is here is told of all stores at once; whoever runs one store or brand is not. */
export const seesAll = computed(() => runs.value.some(({ store, brand }) => !store && !brand));
/** Whether they may run a store: which ones are of a brand no list says, and those of another one answer so themselves. */
const mayRun = ({ slug }: StoreView): boolean => runs.value.some(({ store }) => !store || store === slug);

/** The stores of whoever runs some of them. @throws ApiProblem */
export async function readOwnStores(): Promise<StoreView[]> {
  await readRoles();
  const found: StoreView[] = [];
  if (runs.value.length === 0) return found;
  let next: string | null = '';
  while (next !== null) {
    const page: { items: StoreView[]; next: string | null } = await getJson(
      `/stores?limit=200${next && `&cursor=${encodeURIComponent(next)}`}`,
    );
    found.push(...page.items);
    next = page.next;
  }
  return found.filter(mayRun);
}

/** @throws ApiProblem */
export async function readRoles(): Promise<void> {
  roles.value = (await getJson<SessionView>('/sessions/current', ownerKey.value.value ?? undefined)).roles;
}

/** One day of a store, beside the same day of the week before. */
export interface Shown {
  readonly store: StoreView;
  readonly day: string;
  readonly hours: Sales;
  readonly hoursBefore: Sales;
  readonly items: Sales;
  readonly stations: Sales;
  readonly days: SalesDays;
  readonly times: SalesTimes;
  readonly till: TillView;
}

/** null before the first answer. */
export const shown = signal<Shown | null>(null);
export const missing = signal(false);
/** When the server was last asked, and whether it answered. */
export const looked = signal<{ readonly atMs: number; readonly answered: boolean } | null>(null);
/** Which day is wanted; null: today, whichever that is. */
const wanted = signal<string | null>(null);

export const storePath = (rest: string) => `/stores/${encodeURIComponent(storeSlug)}${rest}`;

/** Of one day, or with `days` of those that begin with it. */
export const salesPath = (by: SalesBy, from: string, days = 1): string =>
  storePath(`/sales?from=${from}&to=${daysAfter(from, days)}&by=${by}`);

export function showDay(day: string): void {
  wanted.value = day === shown.value?.days.today ? null : day;
  void load();
}

/** Reads all of a day. An answer that comes after another day was asked for is thrown away. */
export async function load(): Promise<void> {
  const key = ownerKey.value.value;
  if (!key || !storeSlug) return;
  const asked = wanted.value;
  try {
    const [store, days] = await Promise.all([
      getJson<StoreView>(storePath('')),
      getJson<SalesDays>(storePath('/sales/days'), key),
    ]);
    const day = asked ?? days.today;
    const [till, times, hours, hoursBefore, items, stations] = await Promise.all([
      getJson<TillView>(storePath(`/till?day=${day}`), key),
      getJson<SalesTimes>(storePath(`/sales/times?day=${day}`), key),
      ...[
        salesPath('hour', day),
        salesPath('hour', daysAfter(day, -WEEK)),
        salesPath('item', day),
        salesPath('station', day),
      ].map((address) => getJson<Sales>(address, key)),
    ] as const);
    if (wanted.value !== asked) return;
    stationNames.value = store.stationNames ?? [];
    shown.value = {
      store,
      day,
      till,
      times,
      hours: hours!,
      hoursBefore: hoursBefore!,
      items: items!,
      stations: stations!,
      days,
    };
    looked.value = { atMs: Date.now(), answered: true };
  } catch (error) {
    looked.value = { atMs: looked.value?.atMs ?? Date.now(), answered: false };
    if (!(error instanceof ApiProblem)) return;
    if (error.status === 401 || error.status === 403) ownerKey.refuse();
    if (error.status === 404) missing.value = true;
  }
}

/** The books are posted once a minute, so nothing is to be seen sooner. */
export function keepLooking(): void {
  setInterval(() => {
    if (document.visibilityState === 'visible') void load();
  }, LOOK_AGAIN_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void load();
  });
}
