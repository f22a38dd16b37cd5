import type { PhotoCopy } from '../../src/contract/menu.ts';
import type { MenuFileImported, MenuFilePreview } from '../../src/contract/menu-file.ts';
import { pagePlace } from '../shared/page/boot.ts';
import { saveFile } from '../shared/page/save-file.ts';
import { createPageKey, SIGNED_IN } from '../shared/server/page-key.ts';
import { ApiProblem, problemOf } from '../shared/server/problem.ts';
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

/** One request about the store's menu. @throws ApiProblem */
async function ask(rest: string, { method = 'GET', body, seen }: Asked = {}): Promise<Response> {
  const key = ownerKey.value.value;
  let answer: Response;
  try {
    answer = await fetch(`/api/v1/stores/${encodeURIComponent(storeSlug)}/${rest}`, {
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
  const answer = await ask('menu-file?format=json');
  return { version: Number(answer.headers.get('etag')?.replaceAll(/\D/g, '')), menu: (await answer.json()) as Menu };
}

export const previewFile = async (file: Blob, partial: boolean): Promise<MenuFilePreview> =>
  (await ask(`menu-file/preview?partial=${partial}`, { method: 'POST', body: file })).json();

/** @param removed rows that may leave the menu */
export const putFile = async (
  body: Blob | string,
  seen: number,
  removed: number,
  partial = false,
): Promise<MenuFileImported> =>
  (await ask(`menu-file?partial=${partial}&removed=${removed}`, { method: 'PUT', body, seen })).json();

/** Hands the menu to the browser as a file. */
export async function takeFile(format: 'csv' | 'json'): Promise<void> {
  const answer = await ask(`menu-file?format=${format}`);
  saveFile(await answer.blob(), `menu-${storeSlug}.${format}`);
}

/** Wide enough for the largest screen that shows a dish. */
const PHOTO_SIDE_MAX = 2_000;
/** A smaller file is sent as it is. */
const PHOTO_AS_IT_IS_BYTES = 500_000;

/** A camera's picture at the size that is needed: a phone's line takes a minute for the rest. What the browser cannot read the server judges. */
async function smaller(file: Blob): Promise<Blob> {
  if (file.size <= PHOTO_AS_IT_IS_BYTES) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, PHOTO_SIDE_MAX / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
    return made ?? file;
  } catch {
    return file;
  }
}

/** Keeps a photo on the server. @returns what a dish's `photo` says to show it */
export async function sendPhoto(file: Blob): Promise<string> {
  const answer = await ask('photos', { method: 'POST', body: await smaller(file) });
  return ((await answer.json()) as { photo: string }).photo;
}

/** What became of the photo at another server's address. */
export async function readCopy(address: string): Promise<PhotoCopy | undefined> {
  const { items } = (await (await ask('photos')).json()) as { items: PhotoCopy[] };
  return items.find((copy) => copy.address === address);
}
