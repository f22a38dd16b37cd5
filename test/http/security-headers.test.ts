import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { createClient } from '../support/client.ts';
import { makeStore } from '../support/store.ts';

const app = await startTestApp({ after }, { env: { TRUST_PROXY: 'loopback', OPS_PORT: '0', PAYMENT: 'sandbox' } });
const ops = createClient(app.app.opsUrl!);
after(() => ops.close());
const store = await makeStore(app.db, { dish: { price: 9_000 } });
const html = { accept: 'text/html' };

const PAGES = [
  ...[
    '/',
    '/setup',
    '/owner',
    '/join',
    '/no-such-page',
    `/s/${store.slug}`,
    '/s/no-such-store',
    `/s/${store.slug}/t/1`,
  ],
  ...['kitchen', 'board', 'w', 'hall', 'bills', 'door', 'owner', 'menu', 'qr', 'staff'].map(
    (page) => `/${page}/${store.slug}`,
  ),
];

test('every page runs and paints what its own server sends, and nothing that stands in it', async () => {
  const pages = [
    ...PAGES.map((path) => ({ path, from: app.client })),
    ...['/ops', '/docs'].map((path) => ({ path, from: ops })),
  ];
  for (const { path, from } of pages) {
    const { headers, body } = await from.call(path, { headers: html });
    assert.match(String(headers['content-type']), /^text\/html/, path);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'self'/, path);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/, path);
    for (const rule of ["frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'"]) {
      assert.ok(policy.includes(rule), `${path}: ${rule}`);
    }
    assert.match(String(headers['permissions-policy']), /camera=\(\), microphone=\(\), geolocation=\(\)/, path);
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    assert.equal(headers['x-frame-options'], 'DENY', path);
    assert.equal(headers['referrer-policy'], 'same-origin', path);
    // What stands in it all the same: styles and lines of script by their hashes, data that is no script, and no attribute that is either.
    for (const [, style] of body.matchAll(/<style>([\s\S]*?)<\/style>/g)) {
      assert.ok(policy.includes(`'sha256-${createHash('sha256').update(style).digest('base64')}'`), path);
    }
    for (const [, attributes, script] of body.matchAll(
      /<script(?![^>]*type="application\/json")([^>]*)>([\s\S]*?)<\/script>/g,
    )) {
      const isKnown = policy.includes(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
      assert.ok(/src=/.test(attributes) ? script === '' : isKnown, path);
    }
    assert.doesNotMatch(body.replaceAll(/<script[\s\S]*?<\/script>/g, ''), /<[^>]+\s(style|on\w+)=/, path);
  }
});

test('browsers that came over TLS are told to come over nothing else, by a trusted proxy’s word', async () => {
  const path = `/s/${store.slug}`;
  const strict = async (headers: Record<string, string>) =>
    (await app.client.call(path, { headers })).headers['strict-transport-security'];
  assert.equal(await strict({ 'x-forwarded-proto': 'https' }), 'max-age=31536000');
  assert.equal(await strict({}), undefined);
  const untrusting = await startTestApp({ after }, { databaseUrl: app.databaseUrl });
  const answer = await untrusting.client.call(path, { headers: { 'x-forwarded-proto': 'https' } });
  assert.equal(answer.headers['strict-transport-security'], undefined);
});

test('no page of somebody else’s may read an answer', async () => {
  for (const method of ['GET', 'OPTIONS']) {
    const { headers } = await app.client.call(`/api/v1/stores/${store.id}`, {
      method,
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'PUT' },
    });
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith('access-control-')),
      [],
    );
  }
});

test('with a port of their own operations are there and nowhere else, however their addresses are written', async () => {
  const own = [
    '/metrics',
    '/readyz',
    '/ops',
    '/docs',
    '/api/openapi.json',
    '/api/v1/ops',
    '/api/v1/batch',
    '/api/v1/jobs/dead',
  ];
  for (const path of own) {
    assert.equal((await ops.call(path, { token: ADMIN_KEY })).status, 200, path);
    for (const written of [path, `${path}?x=1`, path.replace('m', '%6d').replace('o', '%6f'), `/${path}`, `${path}/`]) {
      const answer = await app.client.call(written, { token: ADMIN_KEY });
      assert.equal(answer.status, 404, written);
    }
    assertProblem(await app.client.call(path, { token: ADMIN_KEY }), 'not-found');
    const head = await fetch(app.app.url + path, { method: 'HEAD', headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    assert.equal(head.status, 404, path);
  }
  for (const path of [
    '/',
    `/s/${store.slug}`,
    '/setup',
    '/api/v1/stores',
    `/api/v1/stores/${store.id}/menu`,
    '/api/v1/staff',
  ]) {
    assertProblem(await ops.call(path, { token: ADMIN_KEY }), 'not-found');
  }
  for (const client of [ops, app.client]) assert.equal((await client.call('/healthz')).status, 200);
  // A stranger learns nothing there either.
  assert.equal((await ops.call('/api/v1/ops')).status, 401);
});
