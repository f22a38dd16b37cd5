import { t } from '../shared/language/house-words.ts';
import { saveFile } from '../shared/page/save-file.ts';
import { say } from '../shared/parts/notice.tsx';
import { ownerKey } from './sales-state.ts';

/** Fetches a table as CSV with the page's key, which no link could carry, and hands it to the browser as a file. */
export async function download(path: string): Promise<void> {
  try {
    const answer = await fetch(`/api/v1${path}`, {
      headers: { accept: 'text/csv', authorization: `Bearer ${ownerKey.value.value}` },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
    saveFile(await answer.blob(), name ?? 'sales.csv');
  } catch {
    say(t('owner.downloadFailed'), 'problem');
  }
}
