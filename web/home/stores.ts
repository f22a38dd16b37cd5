import { signal } from '@preact/signals';
import type { StoreView } from '../../src/contract/store.ts';
import { getJson } from '../shared/server/api.ts';
import { ApiProblem } from '../shared/server/problem.ts';

interface StorePage {
  items: StoreView[];
  next: string | null;
}

export const stores = signal<StoreView[] | null>(null);
/** The cursor of the following stores; null when all are shown. */
export const next = signal<string | null>(null);
export const problem = signal<ApiProblem | null>(null);

/** Loads the first stores, and then those that follow. */
export async function loadMore(): Promise<void> {
  try {
    const page = await getJson<StorePage>(`/stores${next.value ? `?cursor=${encodeURIComponent(next.value)}` : ''}`);
    stores.value = [...(stores.value ?? []), ...page.items];
    next.value = page.next;
    problem.value = null;
  } catch (error) {
    problem.value = error instanceof ApiProblem ? error : new ApiProblem('network');
  }
}
