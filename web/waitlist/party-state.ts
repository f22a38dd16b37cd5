import { effect, signal, untracked } from '@preact/signals';
import type { StoreView } from '../../src/contract/store.ts';
import type { Door, PartyView } from '../../src/contract/waitlist.ts';
import { t } from '../shared/language/i18n.ts';
import { play } from '../shared/page/tones.ts';
import { say } from '../shared/parts/notice.tsx';
import { getJson, request } from '../shared/server/api.ts';
import { type Following, follow } from '../shared/server/live.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { keepParty, mine, path } from './kept-party.ts';

export const store = signal<StoreView | null>(null);
export const door = signal<Door | null>(null);
export const missing = signal(false);
export const following = signal<Following | null>(null);

/** Heard in a pocket, and not to be mistaken for a message. */
const CALL = { hz: [784, 1047, 1319], shape: 'sine', stepS: 0.25, lengthS: 0.6, volume: 0.8 } as const;

function show(next: PartyView): boolean {
  const kept = mine.value;
  if (kept?.key !== next.id) return false;
  const { token: _, ...party } = next;
  if (JSON.stringify(kept.party) === JSON.stringify(party)) return false;
  if (party.state === 'called' && kept.party?.state !== 'called') {
    navigator.vibrate?.([400, 200, 400, 200, 400]);
    play(CALL);
  }
  keepParty({ ...kept, party });
  return true;
}

const showDoor = (next: Door): boolean => {
  const isNews = JSON.stringify(door.value) !== JSON.stringify(next);
  door.value = next;
  return isNews;
};

const address = (id: string) => `${path}/waitlist/${id}`;

/** Follows this phone's party, or the door while there is none. */
export function startFollowing(): void {
  effect(() => {
    const kept = mine.value;
    const id = kept?.token ? kept.key : null;
    const token = kept?.token;
    untracked(() => {
      if (followed === id) return;
      following.value?.stop();
      followed = id;
      following.value = id && token ? followParty(id, token) : followDoor();
    });
  });
  void getJson<StoreView>(path).then(
    (found) => {
      store.value = found;
    },
    (error) => {
      missing.value = error instanceof ApiProblem && error.status === 404;
    },
  );
}

/** Whose party is followed; null: the door; undefined: nothing yet. */
let followed: string | null | undefined;

const followParty = (id: string, token: string): Following =>
  follow({
    url: `/api/v1${address(id)}/events?token=${encodeURIComponent(token)}`,
    events: { party: (data) => void show(data as PartyView) },
    refresh: async () => show(await getJson<PartyView>(address(id), token)),
    // Yesterday's, or of a database that is no more.
    onRefused: () => keepParty(null),
  });

const followDoor = (): Following =>
  follow({
    url: `/api/v1${path}/door/events`,
    events: { door: (data) => void showDoor(data as Door) },
    refresh: async () => showDoor(await getJson<Door>(`${path}/door`)),
  });

/** Whether a tap is on its way. */
export const busy = signal(false);

/** Steps back or leaves. A tap whose answer is lost is found out by looking again. */
export async function act(action: 'step-back' | 'leave'): Promise<void> {
  const kept = mine.value;
  if (!kept?.token || busy.value) return;
  busy.value = true;
  try {
    const { data } = await request<PartyView>(
      action === 'leave' ? address(kept.key) : `${address(kept.key)}/step-back`,
      {
        method: action === 'leave' ? 'DELETE' : 'POST',
        token: kept.token,
        ...(action === 'step-back' && { body: { stepsLeft: kept.party?.stepsLeft ?? 0 } }),
      },
    );
    if (data) show(data);
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
    const current = problem.body.party as PartyView | undefined;
    if (current) show(current);
    else say(t(problem.status === 0 ? 'error.network' : 'error.generic'), 'problem');
    void following.value?.refresh();
  }
  busy.value = false;
}
