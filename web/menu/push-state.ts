import { signal } from '@preact/signals';
import type { PushField, PushPreview, PushResult } from '../../src/contract/menu-push.ts';
import type { StoreView } from '../../src/contract/store.ts';
import { getJson, request } from '../shared/server/api.ts';
import { ownerKey, storeSlug } from './menu-api.ts';
import { fail } from './menu-state.ts';

/** More stores are named by a program. */
const STORES_SHOWN = 100;

export interface Wanted {
  readonly stores: readonly string[];
  readonly dishes: readonly string[];
  readonly fields: readonly PushField[];
}

/** Where this store's dishes may go; null before the panel is opened. */
export const others = signal<readonly StoreView[] | null>(null);
/** What was looked at, and what a push of it would do. */
export const looked = signal<{ readonly wanted: Wanted; readonly preview: PushPreview } | null>(null);
export const result = signal<PushResult | null>(null);

export async function loadOthers(): Promise<void> {
  try {
    const { items } = await getJson<{ items: StoreView[] }>(`/stores?limit=${STORES_SHOWN}`);
    others.value = items.filter(({ slug, id }) => slug !== storeSlug && id !== storeSlug);
  } catch (error) {
    fail(error);
  }
}

const ask = async <T>(rest: string, body: object): Promise<T | null> => {
  try {
    const path = `/stores/${encodeURIComponent(storeSlug)}/menu-push${rest}`;
    const { data } = await request<T>(path, { method: 'POST', body, token: ownerKey.value.value ?? undefined });
    return data;
  } catch (error) {
    fail(error);
    return null;
  }
};

export async function look(wanted: Wanted): Promise<void> {
  result.value = null;
  const preview = await ask<PushPreview>('/preview', wanted);
  looked.value = preview && { wanted, preview };
}

/** To the stores that something changes in. */
export async function push(): Promise<void> {
  const { wanted, preview } = looked.value!;
  const stores = preview.items.flatMap(({ store, outcome, seen }) =>
    outcome === 'change' ? [{ store, seen: seen! }] : [],
  );
  result.value = await ask<PushResult>('', { ...wanted, stores, seen: preview.seen });
  looked.value = null;
}
