import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { newId } from '../../src/platform/id.ts';
import { attacksOf, bytesOf, tell } from '../bad-input/attacks.ts';
import { watchRows } from '../bad-input/audit.ts';
import { type Operation, operationsOf } from '../bad-input/operations.ts';
import { type House, openHouse, PASSWORD } from '../bad-input/scene.ts';
import { send } from '../bad-input/send.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';

const app = await startTestApp({ after }, { env: { EFFECTS: 'inline', LIMITS: 'off', PAYMENT: 'sandbox' } });
const { client } = app;
const own = await openHouse(app, 'OWNx');
const other = await openHouse(app, 'OTHERx');
const audit = await watchRows(app.db);
const port = Number(new URL(app.app.url).port);
const operations = operationsOf((await client.call('/api/openapi.json')).body).filter(({ path }) =>
  path.includes('{store}'),
);
const S = `/api/v1/stores/${own.id}`;

/** Asks each of these with the own house's keys. @returns what was answered to it */
async function refused(asked: readonly Operation[], hints: House['hints']): Promise<void> {
  for (const operation of asked) {
    const [attack] = fc.sample(attacksOf('states', operation, { ...own, hints }, other), { numRuns: 1, seed: 7 });
    const { status, body } = await send(port, bytesOf(attack!));
    assert.ok(status >= 400 && status < 500, `${tell(attack!)}: ${status} ${body.slice(0, 200)}`);
    for (const secret of other.secrets) assert.ok(!body.includes(secret), tell(attack!));
  }
  assert.deepEqual(await audit.take(), []);
}

test('with all keys of one’s own nothing of another store can be read or changed, at any route', async () => {
  const guarded = operations.filter(({ who }) => who !== 'all');
  assert.ok(guarded.length > 70, String(guarded.length));
  await refused(guarded, other.hints);
});

test('at one’s own store the orders, bills, tickets, parties, people and devices of another are not there', async () => {
  const named = operations.filter(
    ({ params, isPage }) => !isPage && params.some((name) => !/^(store|station|line)$/.test(name)),
  );
  assert.ok(named.length > 30, String(named.length));
  const { station, line } = own.hints;
  await refused(named, { ...other.hints, store: own.hints.store!, station: station!, line: line! });
});

test('neither price nor total nor status, store, number or role is taken from whoever sends it', async () => {
  const line = { itemId: own.itemId, quantity: 1 };
  const order = (body: object) => client.call(`${S}/orders`, { key: newId(), body });
  for (const [body, field] of [
    [{ lines: [{ ...line, price: 0 }] }, 'lines[0].price'],
    [{ lines: [{ ...line, unitPrice: 1 }] }, 'lines[0].unitPrice'],
    [{ lines: [line], total: 0 }, 'total'],
    [{ lines: [line], status: 'served' }, 'status'],
    [{ lines: [line], storeId: other.id }, 'storeId'],
    [{ lines: [line], number: 1 }, 'number'],
  ] as const) {
    assertProblem(await order(body), 'invalid', field);
  }
  // A total is compared and never believed.
  const cheaper = await order({ lines: [line], expectedTotal: 1 });
  assertProblem(cheaper, 'price-changed');
  // A dish of another store is no dish here.
  assert.ok((await order({ lines: [{ itemId: other.itemId, quantity: 1 }] })).status >= 400);
  await audit.take();
  const headers = { cookie: own.cookie };
  for (const body of [
    { login: 'boss', name: 'Boss', password: PASSWORD, roles: [{ role: 'owner' }] },
    { login: 'boss', name: 'Boss', password: PASSWORD, roles: [{ role: 'hall', store: own.slug }] },
  ]) {
    assertProblem(await client.call('/api/v1/staff', { headers, body }), 'forbidden');
  }
  assert.deepEqual(await audit.take(), []);
});

test('nobody invites somebody who may more than they may', async () => {
  const body = { login: 'manager-x', name: 'M', password: PASSWORD, roles: [{ role: 'manager', store: own.slug }] };
  assert.equal((await client.call('/api/v1/staff', { token: ADMIN_KEY, body })).status, 201);
  const signedIn = await client.call('/api/v1/sessions', { body: { login: body.login, password: PASSWORD } });
  const headers = { cookie: String(signedIn.headers['set-cookie']).split(';')[0]! };
  assert.equal((await client.call(`${S}/invitations`, { headers, body: { role: 'hall' } })).status, 201);
  assertProblem(await client.call(`${S}/invitations`, { headers, body: { role: 'owner' } }), 'invalid', 'role');
});

test('a session that somebody planted before the sign-in is nobody’s after it, and each sign-in has one of its own', async () => {
  const login = 'owner-ownx';
  const planted = 'matjip-session=plantedplantedplantedplantedplantedplanted1';
  const settings = async (cookie: string) => (await client.call(`${S}/settings`, { headers: { cookie } })).status;
  const signIn = async (): Promise<string> => {
    const body = { login, password: PASSWORD };
    const answer = await client.call('/api/v1/sessions', { headers: { cookie: planted }, body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return String(answer.headers['set-cookie']).split(';')[0]!;
  };
  const [first, second] = [await signIn(), await signIn()];
  assert.equal(new Set([planted, first, second]).size, 3);
  assert.deepEqual([await settings(planted), await settings(first), await settings(second)], [401, 200, 200]);
});

test('no key, token or password is in any line of the log', () => {
  const secrets = [ADMIN_KEY, PASSWORD, ...own.secrets, ...other.secrets];
  assert.deepEqual(
    app.logLines.filter((line) => secrets.some((secret) => line.includes(secret))),
    [],
  );
});
