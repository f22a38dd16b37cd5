import { computed, signal } from '@preact/signals';
import type { FieldProblem } from '../../src/contract/errors.ts';
import type { SessionView } from '../../src/contract/staff.ts';
import type { StoreStateRequest, StoreView } from '../../src/contract/store.ts';
import type { StoreRequest, StoreSettings, TableLinks } from '../../src/contract/store-settings.ts';
import { pagePlace, publicBase } from '../shared/page/boot.ts';
import { saveFile } from '../shared/page/save-file.ts';
import { getJson, request } from '../shared/server/api.ts';
import { createPageKey, SIGNED_IN } from '../shared/server/page-key.ts';
import { ApiProblem, problemOf } from '../shared/server/problem.ts';

const HOURS_8_MS = 8 * 60 * 60 * 1000;

export const ownerKey = createPageKey('matjip:setup:key', HOURS_8_MS);
const key = () => ownerKey.value.value ?? undefined;

/** What is on the page: the stores, one of them, one that is being made or changed, or the codes of its tables. */
export type Shown =
  | { readonly view: 'stores' }
  | { readonly view: 'store'; readonly slug: string }
  | { readonly view: 'form'; readonly settings: StoreSettings | null }
  | { readonly view: 'codes'; readonly slug: string };

/** `/setup?store=…` is one store's page: where the pages of a store lead back to. */
const asked = new URLSearchParams(location.search).get('store');
const first: Shown = location.pathname.startsWith('/qr/')
  ? { view: 'codes', slug: pagePlace().store }
  : asked
    ? { view: 'store', slug: asked }
    : { view: 'stores' };

/** What the browser keeps of a place, so that a phone's own way back leads through the page and not out of it. */
interface Place {
  readonly shown: Exclude<Shown, { view: 'form' }> | { readonly view: 'form' };
  readonly depth: number;
}
const placeNow = (): Place | null => history.state;
/** A form that was left is not filled in again. */
const shownAt = (place: Place | null): Shown =>
  !place ? first : place.shown.view === 'form' ? { view: 'stores' } : place.shown;

export const shown = signal<Shown>(shownAt(placeNow()));

/** null before the first answer. */
export const stores = signal<StoreView[] | null>(null);
export const failed = signal<ApiProblem | null>(null);
export const isEmpty = computed(() => stores.value?.length === 0);
/** Whether whoever is here may make stores: an owner everywhere, and not of one brand or store. */
export const canMake = signal(true);

/** Tells whoever is not let in, and shows what else went wrong. */
function fail(error: unknown): void {
  const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
  // Of a store of another brand, say, what is asked is refused, and the key is right all the same.
  if (problem.status === 401) ownerKey.refuse();
  else failed.value = problem;
}

export async function signOut(): Promise<void> {
  await request('/sessions/current', { method: 'DELETE' }).catch(() => undefined);
  ownerKey.leave();
}

interface Page {
  readonly items: StoreView[];
  readonly next: string | null;
}

/** A list is told as it was up to a second ago; what this page was told since is newer, and after it the list is read once more. */
const LIST_AGE_MS = 1_200;
let again: ReturnType<typeof setTimeout> | undefined;
const readAgain = (): void => {
  clearTimeout(again);
  again = setTimeout(() => void load(), LIST_AGE_MS);
};
let toldLast: { readonly store: StoreView; readonly atMs: number } | null = null;
const asToldLast = (store: StoreView): StoreView =>
  toldLast?.store.id === store.id && performance.now() - toldLast.atMs < LIST_AGE_MS ? toldLast.store : store;

/** Reads who is here and all stores, and shows those that are this person's; whoever runs none is asked for another key. */
export async function load(): Promise<void> {
  try {
    const { roles } = await getJson<SessionView>('/sessions/current', key());
    const runs = roles.filter(({ role }) => role === 'owner' || role === 'manager');
    if (runs.length === 0) return ownerKey.refuse();
    canMake.value = runs.some(({ role, store, brand }) => role === 'owner' && !store && !brand);
    const found: StoreView[] = [];
    let next: string | null = '';
    // Page by page; a franchise of a thousand stores has five.
    while (next !== null) {
      const page: Page = await getJson(`/stores?limit=200${next && `&cursor=${encodeURIComponent(next)}`}`);
      found.push(...page.items);
      next = page.next;
    }
    // Which stores are of a brand no list says; those of another one answer that they are somebody else's.
    const isOwn = ({ slug }: StoreView) => runs.some(({ store }) => !store || store === slug);
    stores.value = found.filter(isOwn).map(asToldLast);
    failed.value = null;
  } catch (error) {
    fail(error);
  }
}

/** Goes on to another part of the page. @param inPlace for what is done: the way back does not lead there again */
function go(next: Shown, inPlace = false): void {
  const depth = (placeNow()?.depth ?? 0) + (inPlace ? 0 : 1);
  const place: Place = { shown: next.view === 'form' ? { view: 'form' } : next, depth };
  if (inPlace) history.replaceState(place, '');
  else history.pushState(place, '');
  failed.value = null;
  shown.value = next;
}

window.addEventListener('popstate', () => {
  shown.value = shownAt(placeNow());
  void load();
});

/** Where one came from; the stores, for whoever began elsewhere. */
export function back(): void {
  if ((placeNow()?.depth ?? 0) > 0) history.back();
  else {
    shown.value = { view: 'stores' };
    void load();
  }
}
export const showStore = (slug: string): void => go({ view: 'store', slug });
export const showNew = (): void => go({ view: 'form', settings: null });
export const showCodes = (slug: string): void => go({ view: 'codes', slug });

/** A store's settings; undefined when they could not be read, which is said. */
export async function readSettings(slug: string): Promise<StoreSettings | undefined> {
  try {
    return await getJson<StoreSettings>(`/stores/${encodeURIComponent(slug)}/settings`, key());
  } catch (error) {
    fail(error);
    return undefined;
  }
}

export async function showSettings(slug: string): Promise<void> {
  const settings = await readSettings(slug);
  if (settings) go({ view: 'form', settings });
}

/** @returns the fields that are wrong, or null when it was kept */
export async function save(slug: string | null, body: Partial<StoreRequest>): Promise<readonly FieldProblem[] | null> {
  try {
    if (slug === null) await request('/stores', { method: 'POST', body, token: key() });
    else await request(`/stores/${encodeURIComponent(slug)}`, { method: 'PUT', body, token: key() });
    await load();
    readAgain();
    // What comes next of a new store is on its page: its menu, its codes.
    if (slug === null) go({ view: 'store', slug: body.slug! }, true);
    else back();
    return null;
  } catch (error) {
    const fields = error instanceof ApiProblem && error.type === 'invalid' ? error.body.fields : undefined;
    if (!fields) fail(error);
    return fields ?? [];
  }
}

/** @param pause `until` null: until somebody opens again */
export async function setState(
  slug: string,
  state: 'open' | 'paused',
  { until, reason }: { readonly until: Date | null; readonly reason: string | null } = { until: null, reason: null },
): Promise<void> {
  try {
    const body: StoreStateRequest = { state, until: until?.toISOString() ?? null, ...(reason && { reason }) };
    const path = `/stores/${encodeURIComponent(slug)}/state`;
    const { data } = await request<StoreView>(path, { method: 'PUT', body, token: key() });
    toldLast = { store: data!, atMs: performance.now() };
    stores.value = (stores.value ?? []).map(asToldLast);
    readAgain();
    failed.value = null;
  } catch (error) {
    fail(error);
  }
}

/** A code of the sheet: what stands under it, and what is in it. `table` is null for the counter. */
export interface TableCode {
  readonly table: string | null;
  readonly address: string;
}

const addressOf = (base: string | null, path: string) => (base ?? publicBase()) + path;

/** The table's old print counts no more; the sheet shows the new one. @returns false when it did not work, which is said */
export async function rotateCode(slug: string, table: string): Promise<boolean> {
  try {
    await request(`/stores/${encodeURIComponent(slug)}/table-links/rotate`, {
      method: 'POST',
      body: { table },
      token: key(),
    });
  } catch (error) {
    fail(error);
    return false;
  }
  await loadCodes(slug);
  return true;
}

export const codes = signal<{ readonly store: StoreView; readonly codes: readonly TableCode[] } | null>(null);

export async function loadCodes(slug: string): Promise<void> {
  const path = `/stores/${encodeURIComponent(slug)}`;
  try {
    const [store, links] = await Promise.all([
      getJson<StoreView>(path),
      getJson<TableLinks>(`${path}/table-links`, key()),
    ]);
    const counter = { table: null, address: addressOf(links.base, links.counter) };
    const tables = links.tables.map(({ table, path: its }) => ({ table, address: addressOf(links.base, its) }));
    codes.value = { store, codes: [...tables, counter] };
  } catch (error) {
    fail(error);
  }
}

/** The sheet as a PDF, which prints the same everywhere and can be sent to a print shop. */
export async function savePdf(slug: string): Promise<void> {
  try {
    const answer = await fetch(`/api/v1/stores/${encodeURIComponent(slug)}/table-links?format=pdf`, {
      headers: key() === SIGNED_IN ? {} : { authorization: `Bearer ${key()}` },
    });
    if (!answer.ok) throw problemOf(answer.status, await answer.text(), answer.headers.get('retry-after'));
    saveFile(await answer.blob(), `qr-${slug}.pdf`);
    failed.value = null;
  } catch (error) {
    fail(error);
  }
}
