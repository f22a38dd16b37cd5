import type { Db } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.ts';
import type { Answer, Json } from '../support/client.ts';
import { makeStore } from '../support/store.ts';

/** A store with its line, seen from both sides of the door. */
export interface Hall {
  readonly api: TestApp;
  readonly storeId: string;
  readonly key: string;
  /** Below `/api/v1/stores/{store}`. */
  call(path: string, options?: Parameters<TestApp['client']['call']>[1]): Promise<Answer>;
  url(path: string): string;
  /** Joins, and fails when that was refused. */
  join(size?: number, name?: string, id?: string): Promise<Json>;
  /** As its guest sees it. */
  look(party: { id: string; token: string }): Promise<Json>;
  leave(party: { id: string; token: string }): Promise<Answer>;
  stepBack(party: { id: string; token: string }, stepsLeft?: number): Promise<Answer>;
  callNext(party?: { id: string }): Promise<Answer>;
  seat(party: { id: string }): Promise<Answer>;
  noShow(party: { id: string }): Promise<Answer>;
  list(query?: string): Promise<Json>;
  setState(state: string): Promise<Answer>;
}

export async function openHall(
  t: Parameters<typeof startTestApp>[0],
  options: TestAppOptions = {},
  storeId?: string,
): Promise<Hall> {
  const api = await startTestApp(t, options);
  return hallOf(api, storeId ?? (await newStore(api.db)));
}

export const newStore = async (db: Db): Promise<string> => (await makeStore(db, {})).id;

/** Another store's line of the same process. */
export function hallOf(api: TestApp, storeId: string): Hall {
  const key = api.app.kitchenKey(storeId);
  const base = `/api/v1/stores/${storeId}`;
  const call: Hall['call'] = (path, callOptions) => api.client.call(base + path, callOptions);
  const staff = (path: string, body?: unknown) =>
    call(path, { method: 'POST', token: key, ...(body !== undefined && { body }) });
  return {
    api,
    storeId,
    key,
    call,
    url: (path) => `${api.app.url}${base}${path}`,
    async join(size = 2, name, id = newId()) {
      const answer = await call('/waitlist', { key: id, body: { size, ...(name !== undefined && { name }) } });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    look: async ({ id, token }) => (await call(`/waitlist/${id}`, { token })).body,
    leave: ({ id, token }) => call(`/waitlist/${id}`, { method: 'DELETE', token }),
    stepBack: ({ id, token }, stepsLeft) =>
      call(`/waitlist/${id}/step-back`, {
        method: 'POST',
        token,
        ...(stepsLeft !== undefined && { body: { stepsLeft } }),
      }),
    callNext: (party) => staff('/waitlist/call', party && { party: party.id }),
    seat: ({ id }) => staff(`/waitlist/${id}/seat`),
    noShow: ({ id }) => staff(`/waitlist/${id}/no-show`),
    list: async (query = '') => (await call(`/waitlist${query}`, { token: key })).body,
    setState: (state) => call('/waitlist/state', { method: 'PUT', token: key, body: { state } }),
  };
}
