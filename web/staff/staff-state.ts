import { computed, signal } from '@preact/signals';
import type {
  DeviceView,
  InvitationRequest,
  InvitationView,
  NewDevice,
  NewInvitation,
  StaffView,
} from '../../src/contract/staff.ts';
import type { StoreView } from '../../src/contract/store.ts';
import type { StoreLogLine } from '../../src/contract/store-log.ts';
import { pagePlace, publicBase } from '../shared/page/boot.ts';
import { getJson, request } from '../shared/server/api.ts';
import { createPageKey } from '../shared/server/page-key.ts';
import { ApiProblem } from '../shared/server/problem.ts';

export const storeSlug = pagePlace().store;
const path = `/stores/${encodeURIComponent(storeSlug)}`;
const HOUR_MS = 60 * 60 * 1000;
export const staffKey = createPageKey(`matjip:staff:${storeSlug}:key`, HOUR_MS);
const token = (): string | undefined => staffKey.value.value ?? undefined;

export const store = signal<StoreView | null>(null);
export const invitations = signal<readonly InvitationView[]>([]);
export const devices = signal<readonly DeviceView[]>([]);
/** null: not told to whoever asks. */
export const people = signal<readonly StaffView[] | null>(null);
export const log = signal<readonly StoreLogLine[]>([]);
const earlier = signal<string | null>(null);
export const hasEarlier = computed(() => earlier.value !== null);
export const failed = signal<ApiProblem | null>(null);
/** A link that is told once, and for whom. */
export const told = signal<{ readonly kind: 'invitation' | 'device'; readonly link: string } | null>(null);

/** Runs what a tap asked for; what went wrong is said on the page. */
async function attempt(work: () => Promise<void>): Promise<boolean> {
  failed.value = null;
  try {
    await work();
    return true;
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
    if (problem.status === 401 || (problem.status === 403 && !store.value)) staffKey.refuse();
    else failed.value = problem;
    return false;
  }
}

export const load = () =>
  attempt(async () => {
    const [asked, kept, done, everybody] = await Promise.all([
      getJson<{ items: InvitationView[] }>(`${path}/invitations`, token()),
      getJson<{ items: DeviceView[] }>(`${path}/devices`, token()),
      getJson<Log>(`${path}/log`, token()),
      // A manager is told of no other stores' people.
      getJson<{ items: StaffView[] }>('/staff', token()).catch(() => null),
    ]);
    store.value ??= await getJson<StoreView>(path);
    invitations.value = asked.items;
    devices.value = kept.items;
    log.value = done.items;
    earlier.value = done.next;
    // Who is there for a whole brand, or for all, is there for this store too.
    const isHere = ({ roles }: StaffView) => roles.some((at) => !at.store || at.store === storeSlug);
    people.value = everybody?.items.filter(isHere) ?? null;
  });

interface Log {
  readonly items: StoreLogLine[];
  readonly next: string | null;
}

export const readEarlier = () =>
  attempt(async () => {
    const { items, next } = await getJson<Log>(`${path}/log?cursor=${earlier.value}`, token());
    log.value = [...log.value, ...items];
    earlier.value = next;
  });

/** Somebody who does not work here any more. */
export const remove = (id: string) =>
  attempt(async () => {
    await request(`/staff/${id}`, { method: 'DELETE', token: token() }).catch((problem: ApiProblem) => {
      if (problem.status !== 404) throw problem;
    });
    await load();
  });

export const invite = (body: InvitationRequest) =>
  attempt(async () => {
    const { data } = await request<NewInvitation>(`${path}/invitations`, { method: 'POST', body, token: token() });
    if (data) told.value = { kind: 'invitation', link: new URL(data.link, publicBase()).href };
    await load();
  });

export const addDevice = (name: string, role: 'hall' | 'kitchen') =>
  attempt(async () => {
    const { data } = await request<NewDevice>(`${path}/devices`, {
      method: 'POST',
      body: { name, role },
      token: token(),
    });
    const page = `/${role}/${encodeURIComponent(storeSlug)}`;
    if (data) told.value = { kind: 'device', link: `${new URL(page, publicBase()).href}#key=${data.key}` };
    await load();
  });

export const revoke = (kind: 'invitations' | 'devices', id: string) =>
  attempt(async () => {
    await request(`${path}/${kind}/${id}`, { method: 'DELETE', token: token() }).catch((problem: ApiProblem) => {
      // Gone already: by somebody else, or by a first tap whose answer was lost.
      if (problem.status !== 404) throw problem;
    });
    told.value = null;
    await load();
  });
