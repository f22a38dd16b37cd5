import type { MenuFileImported, MenuFilePreview } from '../../src/contract/menu-file.ts';
import { pagePlace } from '../shared/boot.ts';
import { createPageKey, SIGNED_IN } from '../shared/page-key.ts';
import { ApiProblem, problemOf } from '../shared/problem.ts';
import type { Menu } from './menu-shape.ts';

const HOURS_8_MS = 8 * 60 * 60 * 1000;
/** A file of 5 MB on a slow line, and a thread that reads it. */
const TIMEOUT_MS = 60_000;

export const storeSlug = pagePlace().store;
/** The same as the set-up page's, from which one comes here. */
export const ownerKey = createPageKey('matjip:setup:key', HOURS_8_MS);

interface Asked {
  readonly method?: string;
  readonly body?: Blob | string;
  readonly seen?: number;
}

/** One request about the store's menu file. @throws ApiProblem */
async function ask(rest: string, { method = 'GET', body, seen }: Asked = {}): Promise<Response> {
  const key = ownerKey.value.value;
  let answer: Response;
  try {
    answer = await fetch(`/api/v1/stores/${encodeURIComponent(storeSlug)}/menu-file${rest}`, {
      method,
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...(key && key !== SIGNED_IN && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/octet-stream' }),
        ...(seen !== undefined && { 'if-match': `"${seen}"` }),
      },
      ...(body !== undefined && { body }),
    });
  } catch {
    throw new ApiProblem('network');
  }
  if (answer.ok) return answer;
  throw problemOf(answer.status, await answer.text(), answer.headers.get('retry-after'));
}

/** A menu, and the version by which whoever changes it says which one was looked at. */
export interface SeenMenu {
  readonly version: number;
  readonly menu: Menu;
}

export async function readMenu(): Promise<SeenMenu> {
  const answer = await ask('?format=json');
  return { version: Number(answer.headers.get('etag')?.replaceAll(/\D/g, '')), menu: (await answer.json()) as Menu };
}

export const previewFile = async (file: Blob, partial: boolean): Promise<MenuFilePreview> =>
  (await ask(`/preview?partial=${partial}`, { method: 'POST', body: file })).json();

/** @param removed rows that may leave the menu */
export const putFile = async (
  body: Blob | string,
  seen: number,
  removed: number,
  partial = false,
): Promise<MenuFileImported> =>
  (await ask(`?partial=${partial}&removed=${removed}`, { method: 'PUT', body, seen })).json();

/** Hands the menu to the browser as a file. */
export async function takeFile(format: 'csv' | 'json'): Promise<void> {
  const answer = await ask(`?format=${format}`);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `menu-${storeSlug}.${format}`;
  link.click();
  // The browser has taken hold of it by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}
