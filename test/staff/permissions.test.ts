import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PERMISSIONS, ROLES, type Role, type Who } from '../../src/contract/index.ts';
import { createHttpServer } from '../../src/platform/http/server.ts';
import { createAccess, createSessions, holdToPermissions } from '../../src/staff/index.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { captureLog } from '../support/log.ts';
import { makeStore } from '../support/store.ts';

const PASSWORD = 'a long enough word';
const app = await startTestApp({ after });
const [own, other] = [await makeStore(app.db, { dish: { price: 1 } }), await makeStore(app.db, { dish: { price: 1 } })];

type Scope = 'own store' | 'other store' | 'brand' | 'other brand' | 'everywhere';
const SCOPES: Readonly<Record<Scope, object>> = {
  'own store': { store: own.slug },
  'other store': { store: other.slug },
  brand: { brand: `brand-${own.slug}` },
  'other brand': { brand: `brand-${other.slug}` },
  everywhere: {},
};

/** Signs somebody with one role in. @returns the cookie */
async function signIn(role: Role, scope: Scope): Promise<string> {
  const login = `${role}-${scope.replace(' ', '-')}`;
  const added = await app.client.call('/api/v1/staff', {
    token: ADMIN_KEY,
    body: { login, name: login, password: PASSWORD, roles: [{ role, ...SCOPES[scope] }] },
  });
  assert.equal(added.status, 201, JSON.stringify(added.body));
  const answer = await app.client.call('/api/v1/sessions', { body: { login, password: PASSWORD } });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return String(answer.headers['set-cookie']).split(';')[0]!;
}

/** Asks a route as somebody; the answer's body does not matter, and of a stream it never ends. */
async function ask(name: string, headers: Record<string, string>): Promise<number> {
  const [method, route] = name.split(' ') as [string, string];
  const path = route.replace(':store', own.slug).replaceAll(/:\w+/g, 'none');
  const isRead = method === 'GET';
  const controller = new AbortController();
  const answer = await fetch(`${app.app.url}${path}${path.endsWith('/next') ? '?wait=0' : ''}`, {
    method,
    headers: { ...headers, ...(!isRead && { 'content-type': 'application/json' }) },
    // Of the wrong shape, so that whoever is let in changes nothing.
    ...(!isRead && { body: '{"none":1}' }),
    signal: controller.signal,
  });
  controller.abort();
  return answer.status;
}

const isLetIn = (status: number) => status !== 401 && status !== 403;

test('every route opens to the roles of the table at the store in its address, and to nobody else', async () => {
  const routes = Object.entries(PERMISSIONS).filter(
    (entry): entry is [string, Exclude<Who, string>] => typeof entry[1] !== 'string',
  );
  assert.ok(routes.length > 30);
  for (const scope of Object.keys(SCOPES) as Scope[]) {
    for (const role of ROLES) {
      const cookie = await signIn(role, scope);
      // All at once: what one answer is does not depend on another.
      await Promise.all(
        routes.map(async ([name, who]) => {
          const covers =
            scope === 'everywhere' || ((scope === 'own store' || scope === 'brand') && name.includes(':store'));
          const status = await ask(name, { cookie });
          assert.equal(isLetIn(status), covers && who.includes(role), `${role} of ${scope}: ${name}: ${status}`);
        }),
      );
    }
  }
  for (const [name, who] of routes) {
    assert.equal(await ask(name, {}), 401, name);
    assert.ok(isLetIn(await ask(name, { authorization: `Bearer ${ADMIN_KEY}` })), name);
    const keyed = await ask(name, { authorization: `Bearer ${app.app.kitchenKey(own.id)}` });
    assert.equal(isLetIn(keyed), who.includes('kitchen') && name.includes(':store'), `kitchen key: ${name}: ${keyed}`);
    assert.equal(await ask(name, { authorization: `Bearer ${app.app.kitchenKey(other.id)}` }), 401, name);
  }
});

test('what everybody may ask needs no key, and a guest route without its token says that there is nothing', async () => {
  for (const [name, who] of Object.entries(PERMISSIONS)) {
    if (typeof who !== 'string' || name.includes('sessions/current')) continue;
    const status = await ask(name, {});
    assert.ok(who === 'guest' ? status === 404 : isLetIn(status), `${name}: ${status}`);
  }
});

test('the table and the routes are the same', async () => {
  const { paths } = (await app.client.call('/api/openapi.json')).body as { paths: Record<string, object> };
  const known = Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .map((name) => name.replaceAll(/\{(\w+)\}/g, ':$1'))
    .filter((name) => name.includes('/api/v1/'));
  assert.deepEqual(known.sort(), Object.keys(PERMISSIONS).sort());
});

test('a route that is not in the table stops the start', () => {
  const http = createHttpServer({
    logger: captureLog().log,
    bodyBytesMax: 1_000,
    requestTimeoutMs: 1_000,
    closeWithinMs: 1_000,
    problems: { counted: () => {} },
  });
  const sessions = createSessions(undefined as never, () => false);
  holdToPermissions(
    http,
    { find: () => Promise.reject(new Error()) },
    createAccess('a', 'b', sessions),
    sessions,
    undefined as never,
  );
  assert.throws(
    () => http.get('/api/v1/stores/:store/secrets', async () => 'all of them'),
    /GET \/api\/v1\/stores\/:store\/secrets is not in the table/,
  );
});
