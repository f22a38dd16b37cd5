import assert from 'node:assert/strict';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, type TestApp } from '../support/app.ts';
import type { Answer, CallOptions, Json } from '../support/client.ts';
import { makeStore } from '../support/store.ts';
import type { Hints } from './values.ts';

/** A store in the middle of its day: somebody sits, somebody waits, somebody works, and each list has something in it. */
export interface House {
  readonly id: string;
  readonly slug: string;
  readonly itemId: string;
  readonly order: { readonly id: string; readonly token: string };
  readonly party: { readonly id: string; readonly token: string };
  readonly kitchenKey: string;
  readonly deviceKey: string;
  /** Of its owner, who is nothing at other stores. */
  readonly cookie: string;
  /** What fits the names of parameters and fields. */
  readonly hints: Hints;
  /** What nobody else may ever be told. */
  readonly secrets: readonly string[];
}

export const PASSWORD = 'a long enough word';

/**
 * Fills a store through the API. Every text that is nobody else's business has the mark in it.
 * @param app whose jobs are done while the guest waits, so that tickets are there when this returns
 */
export async function openHouse(app: TestApp, mark: string): Promise<House> {
  const { client, db } = app;
  const store = await makeStore(db, {
    dish: { price: 9_000, remaining: 10_000, groups: [{ min: 0, max: 2, options: [{ price: 500 }] }] },
    other: { price: 4_000 },
  });
  const S = `/api/v1/stores/${store.id}`;
  const made = ({ status, body }: Answer): Json => {
    assert.ok(status === 200 || status === 201, JSON.stringify(body));
    return body;
  };
  const post = async (path: string, body: Json, more: CallOptions = {}): Promise<Json> =>
    made(await client.call(path, { token: ADMIN_KEY, key: newId(), body, ...more }));
  const { dish } = store.dishes;
  const line = { itemId: dish.id, quantity: 1, note: `${mark} 덜 맵게` };

  const order = await post(`${S}/orders`, { table: '1', lines: [line] });
  await post(`${S}/orders`, { lines: [line] });
  const party = await post(`${S}/waitlist`, { size: 2, name: `${mark}` });
  const call = await post(`${S}/calls`, { table: '1' });
  const bill = (await client.call(`${S}/bills`, { token: ADMIN_KEY })).body.items.find((each: Json) => each.table);
  const paid = await post(`${S}/bills/${bill.id}/payments`, { method: 'card', amount: 1_000, approval: mark });
  const coupon = await post(`${S}/coupons`, {
    code: `C${mark}`,
    percent: 10,
    usesMax: 5,
    validTo: new Date(Date.now() + 86_400_000).toISOString(),
  });
  const device = await post(`${S}/devices`, { name: mark, role: 'hall' });
  const invitation = await post(`${S}/invitations`, { role: 'hall', note: mark });
  const webhook = await post(`${S}/webhooks`, { url: `https://hook.example/${mark}`, events: ['order.placed'] });
  const login = `owner-${mark.toLowerCase()}`;
  const addPerson = (as: string, role: string): Promise<Json> =>
    post('/api/v1/staff', { login: as, name: mark, password: PASSWORD, roles: [{ role, store: store.slug }] });
  await addPerson(login, 'owner');
  // Whom requests may change and remove, while the owner stays signed in.
  const person = await addPerson(`hall-${mark.toLowerCase()}`, 'hall');
  const signedIn = await client.call('/api/v1/sessions', { body: { login, password: PASSWORD } });
  made(signedIn);
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0]!;
  const slip = (await client.call(`${S}/print/kitchen/next?wait=0`, { token: ADMIN_KEY })).body;
  const kitchenKey = app.app.kitchenKey(store.id);
  const inviteToken = String(invitation.link).split('invite=')[1]!;
  const ticket = `${order.id}:kitchen`;
  return {
    id: store.id,
    slug: store.slug,
    itemId: dish.id,
    order: { id: order.id, token: order.token },
    party: { id: party.id, token: party.token },
    kitchenKey,
    deviceKey: device.key,
    cookie,
    secrets: [
      mark,
      kitchenKey,
      device.key,
      cookie.split('=')[1]!,
      webhook.secret,
      inviteToken,
      order.token,
      party.token,
    ],
    hints: {
      store: [store.id, store.slug],
      item: [dish.id],
      itemId: [dish.id, store.dishes.other.id],
      optionIds: [[], [dish.groups[0]!.options[0]!.id]],
      orderId: [order.id],
      call: [call.id],
      bill: [bill.id],
      payment: [paid.entries?.at(-1)?.id ?? newId()],
      coupon: [coupon.id, coupon.code],
      device: [device.id],
      invitation: [invitation.id],
      party: [party.id],
      staffId: [person.id],
      station: ['kitchen'],
      line: [1],
      table: ['1', '2'],
      from: ['1'],
      to: ['cooking', '2', 'ready'],
      version: [1, 2],
      slug: [`new-${store.slug}`],
      template: [store.slug],
      timeZone: ['Asia/Seoul'],
      currency: ['KRW'],
      url: ['https://example.com/hook'],
      photo: [null],
      file: ['640.webp'],
      code: ['1234'],
      size: [2],
      // Each by the route: `{id}` is an order, a ticket, a webhook, a slip, somebody or a job.
      'id of orders': [order.id],
      'id of tickets': [ticket],
      'id of webhooks': [webhook.id],
      'id of kitchen': [slip?.id ?? ticket],
      'id of staff': [person.id],
      'id of dead': ['1'],
    },
  };
}
