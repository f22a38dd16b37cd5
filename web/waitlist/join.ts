import { signal } from '@preact/signals';
import type { JoinRequest, PartyView } from '../../src/contract/waitlist.ts';
import { request } from '../shared/server/api.ts';
import { serverNowMs } from '../shared/server/clock.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { backoffMs } from '../shared/server/retry.ts';
import { uuidV7 } from '../shared/server/uuid.ts';
import { type KeptParty, keepParty, mine, path, readAgain } from './kept-party.ts';

/** What the server said against it; null while there is nothing. */
export const refusal = signal<ApiProblem | null>(null);
/** Tries that had no answer so far. */
export const tries = signal(0);
let sending = false;

/** Joins with this, unless this phone has a party already. */
export function join(wanted: JoinRequest): void {
  if (readAgain()) return;
  refusal.value = null;
  keepParty({ key: uuidV7(serverNowMs()), body: JSON.stringify(wanted), party: null, token: null });
  void deliver();
}

/** Sends the same key and the same bytes until somebody answers yes or no; also after a reload. */
export async function deliver(): Promise<void> {
  if (sending) return;
  sending = true;
  tries.value = 0;
  for (let kept = mine.value; kept && !kept.token; kept = mine.value) {
    try {
      await send(kept);
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
      if (!problem.retryable) {
        refusal.value = problem;
        keepParty(null);
        break;
      }
      tries.value += 1;
      await new Promise((resolve) => setTimeout(resolve, backoffMs(tries.value, problem.retryAfterMs)));
    }
  }
  sending = false;
}

async function send(kept: KeptParty): Promise<void> {
  const { data } = await request<PartyView>(`${path}/waitlist`, {
    method: 'POST',
    body: kept.body,
    headers: { 'idempotency-key': kept.key },
  });
  const { token = null, ...party } = data!;
  keepParty({ ...kept, party, token });
}
