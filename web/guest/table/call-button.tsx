import { signal } from '@preact/signals';
import type { CallView } from '../../../src/contract/call.ts';
import { say } from '../../shared/parts/notice.tsx';
import { getJson, request } from '../../shared/server/api.ts';
import { serverNowMs } from '../../shared/server/clock.ts';
import { ApiProblem } from '../../shared/server/problem.ts';
import { uuidV7 } from '../../shared/server/uuid.ts';
import { place, proof } from '../order/place.ts';
import { words } from './table-words.ts';

const path = `/stores/${encodeURIComponent(place.store)}/calls`;
/** Whoever waits looks at the phone about so often. */
const LOOK_MS = 4_000;
/** That somebody comes is read, and then the button is one again. */
const COMING_SHOWN_MS = 30_000;

const call = signal<CallView | null>(null);

/** Looks whether somebody comes, until somebody does; without a network it goes on looking. */
async function wait(): Promise<void> {
  while (call.value?.state === 'waiting') {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (document.visibilityState !== 'visible') continue;
    try {
      call.value = await getJson<CallView>(`${path}/${call.value.id}`);
    } catch (error) {
      // The table has called anew, from another of its phones.
      if (error instanceof ApiProblem && error.status === 404) call.value = null;
    }
  }
  if (!call.value) return;
  say(words('coming'));
  setTimeout(() => {
    call.value = null;
  }, COMING_SHOWN_MS);
}

async function ring(): Promise<void> {
  try {
    const headers = { 'idempotency-key': uuidV7(serverNowMs()) };
    const body = { table: place.table, tableKey: proof.tableKey };
    call.value = (await request<CallView>(path, { method: 'POST', body, headers })).data;
    void wait();
  } catch (error) {
    say(words(error instanceof ApiProblem && error.status === 429 ? 'soon' : 'failed'), 'problem');
  }
}

/** Calls the staff, and says whether somebody comes: in words that are no longer than its own, so that the page stays where it is. */
export function CallButton() {
  const state = call.value?.state;
  return (
    <button type="button" class="hero-button" disabled={state !== undefined} onClick={() => void ring()}>
      {words(state === 'coming' ? 'onTheWay' : state ? 'called' : 'call')}
    </button>
  );
}
