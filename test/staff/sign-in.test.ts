import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, test } from 'node:test';
import type { Db } from '../../src/platform/db/pool.ts';
import { createPasswords, createSignIn, forgetSessions } from '../../src/staff/index.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const PASSWORD = '맛있는 된장찌개 한 그릇';
const app = await startTestApp({ after });
const second = await startTestApp({ after }, { databaseUrl: app.databaseUrl });
const store = await makeStore(app.db, { dish: { price: 1_000 } });

let people = 0;
async function addPerson(
  roles: object[] = [{ role: 'manager', store: store.slug }],
): Promise<{ id: string; login: string }> {
  people += 1;
  const answer = await app.client.call('/api/v1/staff', {
    token: ADMIN_KEY,
    body: { login: `person-${people}`, name: `사람 ${people}`, password: PASSWORD, roles },
  });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}
const signIn = (login: string, password = PASSWORD, headers: Record<string, string> = {}): Promise<Answer> =>
  app.client.call('/api/v1/sessions', { body: { login, password }, headers });
const cookieOf = (answer: Answer): string => String(answer.headers['set-cookie']).split(';')[0]!;
const settings = (cookie: string, api = app) =>
  api.client.call(`/api/v1/stores/${store.slug}/settings`, { headers: { cookie } });
const statusOf = async (answer: Promise<Answer>) => (await answer).status;

test('somebody signs in by name, is known in every process, and is out at once when they sign out', async () => {
  const { login } = await addPerson();
  const answer = await signIn(` ${login.toUpperCase()} `);
  assert.deepEqual([answer.status, answer.body.name], [201, `사람 ${people}`]);
  assert.match(
    String(answer.headers['set-cookie']),
    /^matjip-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
  );
  const cookie = cookieOf(answer);
  for (const api of [app, second]) assert.equal(await statusOf(settings(cookie, api)), 200);
  const current = await app.client.call('/api/v1/sessions/current', { headers: { cookie } });
  assert.deepEqual(current.body, { name: `사람 ${people}`, roles: [{ role: 'manager', store: store.slug }] });
  const out = await app.client.call('/api/v1/sessions/current', { method: 'DELETE', headers: { cookie } });
  assert.equal(out.status, 204);
  assert.match(String(out.headers['set-cookie']), /Max-Age=0/);
  await eventually(async () => {
    for (const api of [app, second]) assert.equal(await statusOf(settings(cookie, api)), 401);
  });
});

test('over https the cookie is the browser’s own, and a plain one that a neighbour set counts for nothing', async () => {
  const secure = await startTestApp(
    { after },
    { databaseUrl: app.databaseUrl, env: { PUBLIC_URL: 'https://eat.example' } },
  );
  const { login } = await addPerson();
  const host = { host: 'eat.example' };
  const answer = await secure.client.call('/api/v1/sessions', { body: { login, password: PASSWORD }, headers: host });
  assert.match(
    String(answer.headers['set-cookie']),
    /^__Host-matjip=[\w-]+; Secure; Path=\/; HttpOnly; SameSite=Strict/,
  );
  const cookie = cookieOf(answer);
  const path = `/api/v1/stores/${store.slug}/settings`;
  assert.equal((await secure.client.call(path, { headers: { ...host, cookie } })).status, 200);
  const planted = cookie.replace('__Host-matjip', 'matjip-session');
  assert.equal((await secure.client.call(path, { headers: { ...host, cookie: planted } })).status, 401);
});

test('a page of somebody else’s can neither sign in nor change anything with the cookie of who is signed in', async () => {
  const { login } = await addPerson();
  const cookie = cookieOf(await signIn(login));
  const change = (headers: Record<string, string>) =>
    app.client.call(`/api/v1/stores/${store.slug}`, {
      method: 'PUT',
      body: { prepMinutes: 12 },
      headers: { cookie, ...headers },
    });
  for (const headers of [
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ] as Record<string, string>[]) {
    assertProblem(await change(headers), 'unauthorized');
    assertProblem(await signIn(login, PASSWORD, headers), 'forbidden');
  }
  assert.equal((await change({ 'sec-fetch-site': 'same-origin' })).status, 200);
  assert.equal((await change({ origin: app.app.url })).status, 200);
});

test('a wrong name and a wrong password sound the same; too many lock the login in every process, and nobody who is in', async () => {
  const { id, login } = await addPerson();
  const cookie = cookieOf(await signIn(login));
  const [nobody, wrong] = [await signIn('nobody-at-all'), await signIn(login, 'wrong password')];
  assertProblem(wrong, 'unauthorized');
  assert.deepEqual(nobody.body, wrong.body);
  const tries: Answer[] = [];
  for (let count = 0; count < 4; count += 1) tries.push(await signIn(login, 'wrong password'));
  assertProblem(tries.at(-1)!, 'too-many-requests');
  assert.equal(tries.at(-1)!.headers['retry-after'], '60');
  const right = await second.client.call('/api/v1/sessions', { body: { login, password: PASSWORD } });
  assertProblem(right, 'too-many-requests');
  assert.equal(await statusOf(settings(cookie)), 200);
  // The minute is over: right is right again, and the next wrong one locks for longer.
  const over = () => app.db.query(`UPDATE staff SET locked_until = now() - interval '1 second' WHERE id = $1`, [id]);
  await over();
  assert.equal((await signIn(login, 'wrong password')).headers['retry-after'], '120');
  await over();
  assert.equal((await signIn(login)).status, 201);
  assertProblem(await signIn(login, 'wrong password'), 'unauthorized');
  const { body } = await app.client.call('/api/v1/staff-log', { token: ADMIN_KEY });
  const said = body.items.filter(({ by }: { by: string }) => by === login).map(({ what }: { what: string }) => what);
  assert.deepEqual(said.slice(0, 4), ['sign-in refused', 'signed in', 'sign-in locked', 'sign-in locked']);
});

test('tries at the same moment are no more than those one after another', async () => {
  const { id, login } = await addPerson();
  const answers = await Promise.all(
    [app, second].flatMap(({ client }) =>
      Array.from({ length: 5 }, () => client.call('/api/v1/sessions', { body: { login, password: 'wrong password' } })),
    ),
  );
  // On a busy machine some find no turn, and have tried nothing.
  const looked = answers.filter(({ status }) => status === 401);
  const { rows } = await app.db.query<{ failures: number }>('SELECT failures FROM staff WHERE id = $1', [id]);
  assert.ok(looked.length <= 4 && rows[0]!.failures <= 5, JSON.stringify(answers.map(({ status }) => status)));
});

test('no database connection is held while a password is hashed', async () => {
  const { login } = await addPerson();
  const real = createPasswords((_key, work) => work());
  let [transactions, hashed] = [0, 0];
  const db: Db = {
    ...app.db,
    async transaction(work) {
      transactions += 1;
      return app.db.transaction(work).finally(() => {
        transactions -= 1;
      });
    },
  };
  const passwords: typeof real = {
    hash: real.hash,
    isRight: (password, findHash) =>
      real.isRight(password, async () => {
        const hash = await findHash();
        assert.equal(transactions, 0);
        hashed += 1;
        return hash;
      }),
  };
  const bounds = { failuresMax: 5, lockFirstS: 60, lockMaxS: 60 };
  const enter = createSignIn(db, passwords, bounds, Date.now);
  assert.match(await enter(login, PASSWORD), /^[\w-]{43}$/);
  await assert.rejects(enter(login, 'wrong password'), { type: 'unauthorized' });
  assert.equal(hashed, 2);
});

test('a new password, other roles or leaving end every session within the second', async () => {
  for (const [method, body] of [
    ['PUT', { password: 'another long word' }],
    ['PUT', { roles: [{ role: 'kitchen', store: store.slug }] }],
    ['DELETE', undefined],
  ] as const) {
    const { id, login } = await addPerson();
    const cookie = cookieOf(await signIn(login));
    assert.equal(await statusOf(settings(cookie, second)), 200);
    const changed = await app.client.call(`/api/v1/staff/${id}`, { method, token: ADMIN_KEY, body });
    assert.ok(changed.status < 300, JSON.stringify(changed.body));
    await eventually(async () => {
      for (const api of [app, second]) assert.equal(await statusOf(settings(cookie, api)), 401);
    });
    if (method === 'DELETE') assertProblem(await signIn(login), 'unauthorized');
  }
});

test('a tablet is signed in by a key of its own, over a restart, until that one key is revoked', async () => {
  const devices = `/api/v1/stores/${store.slug}/devices`;
  const add = async (name: string) =>
    (await app.client.call(devices, { token: ADMIN_KEY, body: { name, role: 'kitchen' } })).body;
  const [grill, bar] = [await add('그릴 태블릿'), await add('바')];
  const tickets = (key: string, api = app) =>
    api.client.call(`/api/v1/stores/${store.slug}/kitchen/tickets`, { token: key });
  for (const { key } of [grill, bar]) assert.equal(await statusOf(tickets(key)), 200);
  assert.equal(
    (await app.client.call(`/api/v1/stores/${store.slug}/sales?from=2026-01-01&to=2026-01-02`, { token: bar.key }))
      .status,
    403,
  );
  const later = await startTestApp({ after }, { databaseUrl: app.databaseUrl });
  assert.equal(await statusOf(tickets(bar.key, later)), 200);

  const listed = await app.client.call(devices, { token: ADMIN_KEY });
  assert.deepEqual(
    listed.body.items.map(({ name }: { name: string }) => name),
    ['그릴 태블릿', '바'],
  );
  assert.equal(JSON.stringify(listed.body).includes('mjd_'), false);
  assert.equal((await app.client.call(`${devices}/${grill.id}`, { method: 'DELETE', token: ADMIN_KEY })).status, 204);
  await eventually(async () => {
    for (const api of [app, later]) assert.equal(await statusOf(tickets(grill.key, api)), 401);
  });
  assert.equal(await statusOf(tickets(bar.key)), 200);
  assertProblem(await app.client.call(`${devices}/${grill.id}`, { method: 'DELETE', token: ADMIN_KEY }), 'not-found');
});

test('nothing that opens anything is in the database as it was sent', async () => {
  const { login } = await addPerson();
  const token = cookieOf(await signIn(login)).split('=')[1]!;
  const { rows } = await app.db.query<{ all: string }>(
    `SELECT concat((SELECT json_agg(s) FROM staff s), (SELECT json_agg(s) FROM staff_session s), (SELECT json_agg(s) FROM staff_log s)) AS all`,
  );
  assert.match(rows[0]!.all, /\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  for (const secret of [token, PASSWORD]) assert.equal(rows[0]!.all.includes(secret), false);
});

test('each wrong field of somebody new is named', async () => {
  const good = { login: 'someone', name: '누구', password: PASSWORD, roles: [{ role: 'hall', store: store.slug }] };
  for (const [wrong, field] of [
    [{ login: 'A B' }, 'login'],
    [{ name: '\u0007' }, 'name'],
    [{ password: 'short' }, 'password'],
    [{ roles: [] }, 'roles'],
    [{ roles: [{ role: 'cook' }] }, 'roles[0].role'],
    [{ roles: [{ role: 'hall', store: 'nowhere' }] }, 'roles[0].store'],
    [{ roles: [{ role: 'hall', brand: 'nowhere' }] }, 'roles[0].brand'],
    [{ roles: [{ role: 'hall', brand: 'x', store: 'y' }] }, 'roles[0]'],
  ] as const) {
    assertProblem(
      await app.client.call('/api/v1/staff', { token: ADMIN_KEY, body: { ...good, ...wrong } }),
      'invalid',
      field,
    );
  }
  const both = await Promise.all([1, 2].map(() => app.client.call('/api/v1/staff', { token: ADMIN_KEY, body: good })));
  assert.deepEqual(both.map(({ status }) => status).sort(), [201, 422]);
});

test('what nobody can use any more is thrown away a day later, and a tablet stays signed in', async () => {
  const { login } = await addPerson();
  const [over, good] = [cookieOf(await signIn(login)), cookieOf(await signIn(login))];
  const path = `/api/v1/stores/${store.slug}`;
  const tablet = await app.client.call(`${path}/devices`, { token: ADMIN_KEY, body: { name: 'till', role: 'hall' } });
  for (const role of ['hall', 'kitchen']) {
    assert.equal((await app.client.call(`${path}/invitations`, { token: ADMIN_KEY, body: { role } })).status, 201);
  }
  const hashOf = (cookie: string) => hash('sha256', cookie.split('=')[1]!, 'hex');
  await app.db.query(`UPDATE staff_session SET expires_at = now() - interval '25 hours' WHERE token_hash = $1`, [
    hashOf(over),
  ]);
  await app.db.query(`UPDATE staff_invitation SET expires_at = now() - interval '25 hours' WHERE role = 'kitchen'`);
  await app.db.query(`INSERT INTO used_stream_ticket VALUES ('late', now() - interval '25 hours'), ('new', now())`);
  assert.deepEqual(await forgetSessions(app.db), { sessions: 1, invitations: 1 });
  assert.deepEqual(await forgetSessions(app.db), { sessions: 0, invitations: 0 });
  assert.equal(await statusOf(settings(good)), 200);
  assert.equal(await statusOf(app.client.call(`${path}/bills`, { token: tablet.body.key })), 200);
  const { rows } = await app.db.query<{ nonce: string }>(
    `SELECT nonce FROM used_stream_ticket WHERE nonce IN ('late', 'new')`,
  );
  assert.deepEqual(rows, [{ nonce: 'new' }]);
});
