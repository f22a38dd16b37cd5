import { signal } from '@preact/signals';
import type { CallView } from '../../src/contract/call.ts';
import { say } from '../shared/parts/notice.tsx';
import { getJson, request } from '../shared/server/api.ts';
import { words } from './call-words.ts';
import { hallKey } from './key.ts';
import { path } from './line-state.ts';

/** Tables that nobody has answered, the longest waiting first. */
export const calls = signal<readonly CallView[]>([]);
let reads = 0;

/** Reads them anew; an answer that was overtaken by a later question is thrown away. */
export async function readCalls(): Promise<void> {
  reads += 1;
  const mine = reads;
  const { items } = await getJson<{ items: CallView[] }>(`${path}/calls`, hallKey.value.value ?? undefined);
  if (mine !== reads) return;
  if (items.length > calls.value.length) navigator.vibrate?.([200, 100, 200]);
  calls.value = items;
}

/** Tells a table that somebody comes. The same again comes to the same, so a lost answer costs nothing. */
export async function answer({ id, table }: CallView): Promise<void> {
  try {
    await request(`${path}/calls/${id}/answer`, { method: 'POST', token: hallKey.value.value ?? undefined });
    calls.value = calls.value.filter((call) => call.id !== id);
    say(words('answered', { table }));
  } catch {
    say(words('failed'), 'problem');
  }
  await readCalls().catch(() => {});
}
