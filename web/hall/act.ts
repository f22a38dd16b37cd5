import { signal } from '@preact/signals';
import type { PartyView, WaitlistState } from '../../src/contract/waitlist.ts';
import { t } from '../shared/language/house-words.ts';
import { say } from '../shared/parts/notice.tsx';
import { request } from '../shared/server/api.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { backoffMs } from '../shared/server/retry.ts';
import { hallKey } from './key.ts';
import { path, refresh } from './line-state.ts';

/** About five seconds of trying; each of these may be sent again, since it comes to the same. */
const ATTEMPTS_MAX = 4;

/** Parties with a tap on its way: a second tap was meant for the one that has just left. */
export const busy = signal<ReadonlySet<string>>(new Set());

const mark = (id: string, isBusy: boolean) => {
  const next = new Set(busy.value);
  if (isBusy) next.add(id);
  else next.delete(id);
  busy.value = next;
};

export type HallAction = 'call' | 'seat' | 'no-show';

/** A tap. What can be taken back offers it: calling brings back who was seated or set aside. */
export async function act(party: PartyView, action: HallAction): Promise<void> {
  if (busy.value.has(party.id)) return;
  mark(party.id, true);
  try {
    await send(party, action);
    const undo = action === 'call' ? undefined : { label: t('hall.undo'), run: () => void act(party, 'call') };
    say(t(`hall.did.${action}`, { number: party.number }), 'info', undo);
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
    const current = problem.body.party as PartyView | undefined;
    say(current ? t(`hall.now.${current.state}`, { number: current.number }) : t('hall.failed'), 'problem');
  }
  await refresh().catch(() => {});
  mark(party.id, false);
}

async function send({ id }: PartyView, action: HallAction): Promise<void> {
  const token = hallKey.value.value ?? undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      if (action === 'call') await request(`${path}/waitlist/call`, { method: 'POST', token, body: { party: id } });
      else await request(`${path}/waitlist/${id}/${action}`, { method: 'POST', token });
      return;
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
      if (!problem.retryable || attempt >= ATTEMPTS_MAX) throw problem;
      await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, problem.retryAfterMs)));
    }
  }
}

export async function setLineState(state: WaitlistState): Promise<void> {
  try {
    await request(`${path}/waitlist/state`, {
      method: 'PUT',
      token: hallKey.value.value ?? undefined,
      body: { state },
    });
    await refresh();
  } catch {
    say(t('hall.failed'), 'problem');
  }
}
