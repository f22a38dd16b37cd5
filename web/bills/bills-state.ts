import { computed, signal } from '@preact/signals';
import type { BillSummary, BillView } from '../../src/contract/bill.ts';
import type { StoreView } from '../../src/contract/store.ts';
import { pagePlace } from '../shared/page/boot.ts';
import { getJson } from '../shared/server/api.ts';
import { type Following, follow } from '../shared/server/live.ts';
import { createPageKey } from '../shared/server/page-key.ts';
import { openTicketStream } from '../shared/server/ticket-stream.ts';

/** Whose bills these are. */
export const storeSlug = pagePlace().store;
export const path = `/stores/${encodeURIComponent(storeSlug)}`;
const DAY_MS = 24 * 60 * 60 * 1000;
/** More tables than a hall has. */
const SHOWN = 200;
/** Who comes back for a receipt comes soon. */
const CLOSED_SHOWN = 30;

export const billsKey = createPageKey(`matjip:bills:${storeSlug}:key`, DAY_MS);
export const token = (): string | undefined => billsKey.value.value ?? undefined;

export const store = signal<StoreView | null>(null);
export const missing = signal(false);
export const following = signal<Following | null>(null);
const unsettled = signal<readonly BillSummary[]>([]);
/** Whether the lists have come once. */
export const isRead = signal(false);
export const atCounter = signal<readonly BillSummary[]>([]);
/** null: nobody wants to see them. */
export const closedBills = signal<readonly BillSummary[] | null>(null);
/** The bill that is open on the screen. */
export const shown = signal<BillView | null>(null);

export const asking = computed(() => unsettled.value.filter(({ asked, state }) => asked && state === 'open'));
export const owed = computed(() => unsettled.value.filter(({ due }) => due < 0));
export const open = computed(() => unsettled.value.filter(({ due }) => due >= 0));

let refreshes = 0;

/** Reads the lists anew; an answer that was overtaken by a later question is thrown away. */
async function refresh(): Promise<boolean> {
  refreshes += 1;
  const mine = refreshes;
  const list = (query: string) => getJson<{ items: BillSummary[] }>(`${path}/bills?${query}`, token());
  const [now, counter, closed] = await Promise.all([
    list(`limit=${SHOWN}`),
    list('state=counter'),
    closedBills.value ? list(`state=closed&limit=${CLOSED_SHOWN}`) : null,
  ]);
  if (mine !== refreshes) return false;
  const before = JSON.stringify([unsettled.value, atCounter.value]);
  unsettled.value = now.items;
  atCounter.value = counter.items;
  isRead.value = true;
  if (closed) closedBills.value = closed.items;
  return before !== JSON.stringify([now.items, counter.items]);
}

export async function showClosed(): Promise<void> {
  closedBills.value ??= [];
  await refresh();
}

/** Takes over what the server says a bill is now; an older answer that comes late changes nothing. */
export function hear(bill: BillView): void {
  const { value } = shown;
  if (value?.id === bill.id && bill.version >= value.version) shown.value = bill;
}

/** What an action made of a bill, another bill maybe; a sheet that was closed meanwhile, or shows another one, stays so. */
export function replaceShown(before: BillView, now: BillView): void {
  if (before.id === now.id) hear(now);
  else if (shown.value?.id === before.id) shown.value = now;
}

export async function show(id: string): Promise<void> {
  shown.value = await getJson<BillView>(`${path}/bills/${id}`, token());
}

/** Reads the bill on the screen anew. @param billIds null: whichever it is */
export async function refreshShown(billIds: readonly string[] | null): Promise<void> {
  const { value } = shown;
  if (value && (!billIds || billIds.includes(value.id))) {
    hear(await getJson<BillView>(`${path}/bills/${value.id}`, token()));
  }
}

export function startBills(): void {
  following.value?.stop();
  following.value = follow({
    url: `/api/v1${path}/bills/events`,
    connect: (url) => openTicketStream(url, path, token() ?? null),
    events: {
      bills: (data) => {
        void refresh().catch(() => {});
        void refreshShown((data as { billIds: string[] | null }).billIds).catch(() => {});
      },
    },
    refresh,
    onRefused: (problem) => {
      if (problem.status === 401 || problem.status === 403) billsKey.refuse();
      else missing.value = true;
    },
  });
  void getJson<StoreView>(path).then(
    (found) => {
      store.value = found;
    },
    // Bills work without the store's name.
    () => {},
  );
}
