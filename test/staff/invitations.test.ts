import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer, CallOptions } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const PASSWORD = '맛있는 된장찌개 한 그릇';
const app = await startTestApp({ after });
const [store, other] = [
  await makeStore(app.db, { dish: { price: 1 } }),
  await makeStore(app.db, { dish: { price: 1 } }),
];
const S = `/api/v1/stores/${store.slug}`;
const call = (path: string, options: CallOptions = {}) => app.client.call(path, options);
const asOwner = (path: string, options: CallOptions = {}) => call(path, { token: ADMIN_KEY, ...options });

const invite = (body: object, options: CallOptions = { token: ADMIN_KEY }) =>
  call(`${S}/invitations`, { ...options, body });
const tokenOf = ({ body }: Answer): string => /^\/join#invite=([\w-]{43})$/.exec(body.link)![1]!;
const accept = (token: string, login: string, body: object = {}) =>
  call('/api/v1/invitations/accept', { body: { token, login, name: '지우', password: PASSWORD, ...body } });
const cookieOf = (answer: Answer): string => String(answer.headers['set-cookie']).split(';')[0]!;
const logged = async (what: string): Promise<object[]> =>
  (await asOwner('/api/v1/staff-log')).body.items.filter((line: { what: string }) => line.what === what);

test('who follows an invitation chooses a name and a password, is signed in, and has the role that it was made for', async () => {
  const made = await invite({ role: 'manager', note: '주말 매니저' });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const token = tokenOf(made);
  const offer = await call('/api/v1/invitations/look', { body: { token } });
  assert.deepEqual([offer.body.role, offer.body.store.slug], ['manager', store.slug]);
  const joined = await accept(token, 'jiwoo');
  assert.equal(joined.status, 201, JSON.stringify(joined.body));
  const headers = { cookie: cookieOf(joined) };
  assert.equal((await call(`${S}/settings`, { headers })).status, 200);
  assert.equal((await call(`/api/v1/stores/${other.slug}/settings`, { headers })).status, 403);
  assert.equal((await call('/api/v1/sessions', { body: { login: 'jiwoo', password: PASSWORD } })).status, 201);
  assert.deepEqual((await logged('invitation accepted'))[0], {
    ...(await logged('invitation accepted'))[0],
    by: 'jiwoo',
    about: 'manager, invited by key',
  });

  // Hall and kitchen are a manager's to give; what is as much as their own is not, and nothing at another store.
  assert.equal((await invite({ role: 'hall' }, { headers })).status, 201);
  assertProblem(await invite({ role: 'manager' }, { headers }), 'invalid', 'role');
  assertProblem(await invite({ role: 'owner' }, { headers }), 'invalid', 'role');
  assertProblem(
    await call(`/api/v1/stores/${other.slug}/invitations`, { headers, body: { role: 'hall' } }),
    'forbidden',
  );
});

test('an invitation is good once, however many use it at the same moment, and a login that is taken uses nothing up', async () => {
  const token = tokenOf(await invite({ role: 'hall' }));
  assert.equal((await accept(tokenOf(await invite({ role: 'hall' })), 'taken')).status, 201);
  assertProblem(await accept(token, 'taken'), 'invalid', 'login');
  assertProblem(await accept(token, 'short', { password: '1234' }), 'invalid', 'password');
  const answers = await Promise.all(['one', 'two', 'three'].map((login) => accept(token, login)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 404, 404]);
  const { rows } = await app.db.query("SELECT FROM staff WHERE login IN ('one', 'two', 'three')");
  assert.equal(rows.length, 1);
  assertProblem(await accept(token, 'later'), 'not-found');
  assertProblem(await call('/api/v1/invitations/look', { body: { token } }), 'not-found');
});

test('one that was revoked, is over, or was never made opens nothing, and each says the same', async () => {
  const revoked = await invite({ role: 'kitchen', note: '세아' });
  const { id } = revoked.body;
  const listed = (await asOwner(`${S}/invitations`)).body.items;
  assert.deepEqual(
    listed
      .filter((each: { id: string }) => each.id === id)
      .map(({ note, invitedBy }: Record<string, string>) => [note, invitedBy]),
    [['세아', 'key']],
  );
  assert.equal(JSON.stringify(listed).includes(tokenOf(revoked)), false, 'a link is told once');
  assertProblem(await asOwner(`/api/v1/stores/${other.slug}/invitations/${id}`, { method: 'DELETE' }), 'not-found');
  assert.equal((await asOwner(`${S}/invitations/${id}`, { method: 'DELETE' })).status, 204);
  const over = await invite({ role: 'kitchen' });
  await app.db.query("UPDATE staff_invitation SET expires_at = now() - interval '1 second' WHERE id = $1", [
    over.body.id,
  ]);
  const answers = await Promise.all(
    [tokenOf(revoked), tokenOf(over), 'x'.repeat(43)].map((token) => accept(token, 'nobody')),
  );
  for (const answer of answers) {
    assertProblem(answer, 'not-found');
    assert.deepEqual(answer.body, answers[0]!.body);
  }
  assert.equal((await logged('invitation revoked')).length, 1);
});

test('who no longer works here has invited nobody, and a store has so many open at most', async () => {
  const joined = await accept(tokenOf(await invite({ role: 'manager' })), 'leaves');
  const theirs = tokenOf(await invite({ role: 'hall' }, { headers: { cookie: cookieOf(joined) } }));
  const { id } = (await asOwner('/api/v1/staff')).body.items.find(({ login }: { login: string }) => login === 'leaves');
  await asOwner(`/api/v1/staff/${id}`, { method: 'DELETE' });
  assertProblem(await accept(theirs, 'too-late'), 'not-found');
  let last = await invite({ role: 'hall' });
  for (let count = 0; count < 25 && last.status === 201; count += 1) last = await invite({ role: 'hall' });
  assertProblem(last, 'too-many-requests');
  assert.equal((await asOwner(`${S}/invitations`)).body.items.length, 20);
});

// A tablet of the store, and people with a PIN.

interface Person {
  readonly id: string;
  readonly login: string;
  readonly cookie: string;
}
let people = 0;
async function addPerson(
  role: string,
  pin: string | null = '2580',
  at: object = { store: store.slug },
): Promise<Person> {
  people += 1;
  const login = `pin-${people}`;
  const added = await asOwner('/api/v1/staff', {
    body: { login, name: `사람 ${people}`, password: PASSWORD, roles: [{ role, ...at }] },
  });
  const cookie = cookieOf(await call('/api/v1/sessions', { body: { login, password: PASSWORD } }));
  if (pin) {
    const set = await call('/api/v1/sessions/current/pin', { method: 'PUT', headers: { cookie }, body: { pin } });
    assert.equal(set.status, 204, JSON.stringify(set.body));
  }
  return { id: added.body.id, login, cookie };
}
const addTablet = async (role = 'hall'): Promise<{ id: string; key: string }> =>
  (await asOwner(`${S}/devices`, { body: { name: '홀 태블릿', role } })).body;
const takeOver = (token: string, staffId: string, pin = '2580', headers = {}) =>
  call(`${S}/pins`, { token, headers, body: { staffId, pin } });
const who = (key: string) => call('/api/v1/sessions/current', { token: key });

test('somebody takes a tablet over by PIN, acts under their own name and role, and gives it to the next', async () => {
  const [cook, boss] = [await addPerson('kitchen'), await addPerson('owner', '2580', {})];
  const tablet = await addTablet();
  const names = (await call(`${S}/pins`, { token: tablet.key })).body.items.map(({ id }: Person) => id);
  assert.ok(names.includes(cook.id) && names.includes(boss.id));
  assert.equal((await call(`${S}/bills`, { token: tablet.key })).status, 200);

  const first = await takeOver(tablet.key, cook.id);
  assert.equal(first.status, 201, JSON.stringify(first.body));
  assert.equal((await who(first.body.key)).body.name, first.body.name);
  assert.equal((await call(`${S}/kitchen/tickets`, { token: first.body.key })).status, 200);
  assert.equal(
    (await call(`${S}/bills`, { token: first.body.key })).status,
    403,
    'the person’s role counts and not the tablet’s',
  );

  const second = await takeOver(tablet.key, boss.id);
  const { key } = second.body;
  await eventually(async () => assert.equal((await who(first.body.key)).status, 401));
  assert.equal((await call(`${S}/settings`, { token: key })).status, 200);
  for (const path of ['/api/v1/staff', `/api/v1/stores/${other.slug}/settings`, `${S}/webhooks`]) {
    assert.equal(
      (await call(path, { token: key })).status,
      403,
      `${path}: a PIN gives no owner’s rights and no other store`,
    );
  }
  // Audit names the person.
  const opened = await call(`${S}/bills`, { token: key, body: { table: '3' }, key: newId() });
  assert.equal(opened.status, 201, JSON.stringify(opened.body));
  assert.deepEqual(
    (await logged('took over a tablet')).slice(0, 2).map((line) => ({ ...line, id: '', at: '' })),
    [boss, cook].map(({ login }) => ({ id: '', at: '', what: 'took over a tablet', by: login, about: '홀 태블릿' })),
  );
  assert.equal((await call('/api/v1/sessions/current', { method: 'DELETE', token: key })).status, 204);
  await eventually(async () => assert.equal((await who(key)).status, 401));
  assert.equal((await call(`${S}/bills`, { token: tablet.key })).status, 200, 'the tablet stays signed in');
});

test('a PIN counts only at a tablet of the store, and not for who works elsewhere', async () => {
  const [hall, stranger] = [await addPerson('hall'), await addPerson('hall', '2580', { store: other.slug })];
  const tablet = await addTablet();
  for (const token of [ADMIN_KEY, app.app.kitchenKey(store.id)]) {
    assertProblem(await takeOver(token, hall.id), 'forbidden');
    assert.deepEqual((await call(`${S}/pins`, { token })).body.items, []);
  }
  const withCookie = await call(`${S}/pins`, {
    headers: { cookie: hall.cookie },
    body: { staffId: hall.id, pin: '2580' },
  });
  assertProblem(withCookie, 'forbidden');
  assertProblem(await takeOver(tablet.key, stranger.id), 'invalid', 'pin');
  const { key } = (await takeOver(tablet.key, hall.id)).body;
  assertProblem(await takeOver(key, hall.id), 'forbidden');
  assertProblem(
    await call('/api/v1/sessions/current/pin', { method: 'PUT', token: key, body: { pin: '9137' } }),
    'forbidden',
  );
});

test('wrong PINs lock the person at that tablet, and neither at another nor anybody else', async () => {
  const [one, two] = [await addPerson('hall'), await addPerson('hall')];
  const [tablet, second] = [await addTablet(), await addTablet()];
  const tries: Answer[] = [];
  for (let count = 0; count < 5; count += 1) tries.push(await takeOver(tablet.key, one.id, '2581'));
  for (const wrong of tries.slice(0, 4)) assertProblem(wrong, 'invalid', 'pin');
  assertProblem(tries.at(-1)!, 'too-many-requests');
  assert.equal(tries.at(-1)!.headers['retry-after'], '60');
  assertProblem(await takeOver(tablet.key, one.id), 'too-many-requests');
  assert.equal((await takeOver(tablet.key, two.id)).status, 201);
  assert.equal((await takeOver(second.key, one.id)).status, 201);
  await app.db.query("UPDATE pin_try SET locked_until = now() - interval '1 second' WHERE staff_id = $1", [one.id]);
  assert.equal((await takeOver(tablet.key, one.id, '2581')).headers['retry-after'], '120');
  assert.ok((await logged('PIN locked')).length >= 1);
  // The five were counted one by one, also at the same moment.
  const raced = await Promise.all(Array.from({ length: 8 }, () => takeOver(second.key, two.id, '2581')));
  assert.ok(
    raced.filter(({ status }) => status === 422).length <= 4,
    JSON.stringify(raced.map(({ status }) => status)),
  );
});

test('a tablet that nobody touches is nobody’s again, one that is touched stays, and a revoked one ends its person’s session too', async () => {
  const hall = await addPerson('hall');
  const tablet = await addTablet();
  const { key, idleS } = (await takeOver(tablet.key, hall.id)).body;
  const leftS = async () =>
    (
      await app.db.query<{ s: number }>(
        `SELECT extract(epoch FROM expires_at - now())::float8 AS s FROM staff_session WHERE staff_id = $1 AND device_id = $2`,
        [hall.id, tablet.id],
      )
    ).rows[0]?.s ?? 0;
  await app.db.query("UPDATE staff_session SET expires_at = now() + interval '60 seconds' WHERE device_id = $1", [
    tablet.id,
  ]);
  assert.equal((await call('/api/v1/sessions/current', { method: 'PUT', token: key })).status, 204);
  assert.ok((await leftS()) > idleS / 2);
  await app.db.query("UPDATE staff_session SET expires_at = now() - interval '1 second' WHERE device_id = $1", [
    tablet.id,
  ]);
  await eventually(async () => assert.equal((await who(key)).status, 401));
  assert.equal((await call(`${S}/bills`, { token: tablet.key })).status, 200);

  const again = (await takeOver(tablet.key, hall.id)).body;
  const listed = (await asOwner(`${S}/devices`)).body.items.filter(({ id }: { id: string }) => id === tablet.id);
  assert.equal(listed.length, 1, 'who works at a tablet is no device');
  await asOwner(`${S}/devices/${tablet.id}`, { method: 'DELETE' });
  await eventually(async () => {
    for (const each of [again.key, tablet.key]) assert.equal((await who(each)).status, 401);
  });
});

test('a PIN is no run and no one digit, is the person’s own to set, and goes with a new password', async () => {
  const hall = await addPerson('hall', null);
  const set = (pin: unknown) =>
    call('/api/v1/sessions/current/pin', { method: 'PUT', headers: { cookie: hall.cookie }, body: { pin } });
  for (const pin of ['1111', '1234', '987654', '123', '1234567', '12a4', '１２３４', 5]) {
    assertProblem(await set(pin), 'invalid', 'pin');
  }
  assertProblem(
    await call('/api/v1/sessions/current/pin', { method: 'PUT', token: ADMIN_KEY, body: { pin: '2580' } }),
    'unauthorized',
  );
  assert.equal((await set('2580')).status, 204);
  const tablet = await addTablet();
  assert.equal((await takeOver(tablet.key, hall.id)).status, 201);
  await asOwner(`/api/v1/staff/${hall.id}`, { method: 'PUT', body: { password: 'another long word' } });
  assertProblem(await takeOver(tablet.key, hall.id), 'invalid', 'pin');
  const { rows } = await app.db.query<{ all: string }>('SELECT json_agg(p)::text AS all FROM staff_pin p');
  assert.doesNotMatch(rows[0]!.all, /2580/);
});
