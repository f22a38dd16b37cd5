import { signal } from '@preact/signals';
import type { DeadJob } from '../../src/contract/jobs.ts';
import { getJson, request } from '../shared/api.ts';
import { t } from '../shared/i18n.ts';
import { say } from '../shared/notice.tsx';
import { ApiProblem } from '../shared/problem.ts';
import { keep, recall } from '../shared/storage.ts';

const KEPT_AS = 'matjip:ops:key';
const HOURS_8_MS = 8 * 60 * 60 * 1000;

export const key = signal<string | null>(null);
export const keyRefused = signal(false);
/** null before the first answer. */
export const letters = signal<readonly DeadJob[] | null>(null);
export const next = signal<string | null>(null);
/** When the server was last asked, and whether it answered: yesterday's good news is no news. */
export const looked = signal<{ readonly atMs: number; readonly answered: boolean } | null>(null);
/** Those that are being tried again just now. */
export const busy = signal<ReadonlySet<string>>(new Set());

/** From the fragment, which no server and no log ever sees; this tab alone remembers it. */
export function takeKey(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('key');
  if (given) {
    history.replaceState(null, '', location.pathname + location.search);
    useKey(given);
  } else key.value = recall<string>(KEPT_AS, HOURS_8_MS, sessionStorage);
}

export function useKey(given: string): void {
  keyRefused.value = false;
  keep(KEPT_AS, given, sessionStorage);
  key.value = given;
}

function failed(error: unknown, message: string | null): void {
  if (error instanceof ApiProblem && (error.status === 401 || error.status === 403)) {
    keyRefused.value = true;
    keep(KEPT_AS, null, sessionStorage);
    key.value = null;
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
  if (!key.value) return;
  pagedOn = more;
  try {
    const cursor = more && next.value ? `?cursor=${encodeURIComponent(next.value)}` : '';
    const page = await getJson<{ items: DeadJob[]; next: string | null }>(`/jobs/dead${cursor}`, key.value);
    letters.value = more ? [...(letters.value ?? []), ...page.items] : page.items;
    next.value = page.next;
    looked.value = { atMs: Date.now(), answered: true };
  } catch (error) {
    looked.value = { atMs: Date.now(), answered: false };
    failed(error, quietly ? null : t('error.network'));
  }
}

/** Gives these all their tries again. One that somebody else has tried meanwhile is gone as well. */
export async function replay(jobs: readonly DeadJob[]): Promise<void> {
  busy.value = new Set(jobs.map(({ id }) => id));
  let done = 0;
  try {
    for (const { id } of jobs) {
      await request(`/jobs/dead/${id}/replay`, { method: 'POST', token: key.value ?? undefined }).catch((error) => {
        if (!(error instanceof ApiProblem && error.status === 404)) throw error;
      });
      letters.value = (letters.value ?? []).filter((letter) => letter.id !== id);
      done += 1;
    }
    say(t('ops.replayed', { count: done }));
  } catch (error) {
    failed(error, t('ops.failed'));
  } finally {
    busy.value = new Set();
  }
}
