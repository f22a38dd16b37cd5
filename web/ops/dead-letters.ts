import { signal } from '@preact/signals';
import type { BatchJobView, DeadJob } from '../../src/contract/jobs.ts';
import { t } from '../shared/language/i18n.ts';
import { say } from '../shared/parts/notice.tsx';
import { getJson, request } from '../shared/server/api.ts';
import { createPageKey } from '../shared/server/page-key.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { words } from './words.ts';

const HOURS_8_MS = 8 * 60 * 60 * 1000;

/** The owner's key. */
export const ownerKey = createPageKey('matjip:ops:key', HOURS_8_MS);
/** null before the first answer. */
export const letters = signal<readonly DeadJob[] | null>(null);
/** What the clock starts; null before the first answer. */
export const batch = signal<readonly BatchJobView[] | null>(null);
export const next = signal<string | null>(null);
/** When the server was last asked, and whether it answered: yesterday's good news is no news. */
export const looked = signal<{ readonly atMs: number; readonly answered: boolean } | null>(null);
/** Those that are being tried again just now. */
export const busy = signal<ReadonlySet<string>>(new Set());

function failed(error: unknown, message: string | null): void {
  if (error instanceof ApiProblem && (error.status === 401 || error.status === 403)) {
    ownerKey.refuse();
  } else if (message) say(message, 'problem');
}

const LOOK_AGAIN_MS = 5_000;

/** Looks again by itself while somebody looks at the page, unless it has been paged on. */
export function keepLooking(): void {
  const isRead = () => document.visibilityState === 'visible' && busy.value.size === 0;
  setInterval(() => {
    if (isRead() && !pagedOn) void load({ quietly: true });
  }, LOOK_AGAIN_MS);
}

let pagedOn = false;

/** Reads the list from the beginning, or goes on where it ended. */
export async function load({ more = false, quietly = false } = {}): Promise<void> {
  if (!ownerKey.value.value) return;
  pagedOn = more;
  try {
    const cursor = more && next.value ? `?cursor=${encodeURIComponent(next.value)}` : '';
    const key = ownerKey.value.value;
    const [page, started] = await Promise.all([
      getJson<{ items: DeadJob[]; next: string | null }>(`/jobs/dead${cursor}`, key),
      getJson<{ items: BatchJobView[] }>('/batch', key),
    ]);
    batch.value = started.items;
    letters.value = more ? [...(letters.value ?? []), ...page.items] : page.items;
    next.value = page.next;
    looked.value = { atMs: Date.now(), answered: true };
  } catch (error) {
    looked.value = { atMs: Date.now(), answered: false };
    failed(error, quietly ? null : t('error.network'));
  }
}

/** Takes one off the list without doing it. One that somebody else has taken off meanwhile is gone as well. */
export async function putAway({ id }: DeadJob): Promise<void> {
  busy.value = new Set([id]);
  try {
    await request(`/jobs/dead/${id}`, { method: 'DELETE', token: ownerKey.value.value ?? undefined }).catch((error) => {
      if (!(error instanceof ApiProblem && error.status === 404)) throw error;
    });
    letters.value = (letters.value ?? []).filter((letter) => letter.id !== id);
    say(words('putAwayDone'));
  } catch (error) {
    failed(error, words('putAwayFailed'));
  } finally {
    busy.value = new Set();
  }
}

/** Gives these all their tries again. One that somebody else has tried meanwhile is gone as well. */
export async function replay(jobs: readonly DeadJob[]): Promise<void> {
  busy.value = new Set(jobs.map(({ id }) => id));
  let done = 0;
  try {
    for (const { id } of jobs) {
      await request(`/jobs/dead/${id}/replay`, { method: 'POST', token: ownerKey.value.value ?? undefined }).catch(
        (error) => {
          if (!(error instanceof ApiProblem && error.status === 404)) throw error;
        },
      );
      letters.value = (letters.value ?? []).filter((letter) => letter.id !== id);
      done += 1;
    }
    say(words('replayed', { count: done }));
  } catch (error) {
    failed(error, words('failed'));
  } finally {
    busy.value = new Set();
  }
}
