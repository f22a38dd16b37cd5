import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startTestApp } from '../support/app.ts';
import { makeStore } from '../support/store.ts';

const { client, db, logLines } = await startTestApp({ after });
const stores: Awaited<ReturnType<typeof makeStore<'stew'>>>[] = [];
for (let count = 0; count < 5; count += 1) stores.push(await makeStore(db, { stew: { price: 9_000 } }));
const slugs = stores.map(({ slug }) => slug).sort();

const cursor = (text: string | Buffer) => Buffer.from(text).toString('base64url');
const list = (query: string) => client.call(`/api/v1/stores?${query}`);

test('a cursor that no list ever gave is its sender’s fault, and those who ask at the same time get their lists', async () => {
  const wrong = ['a\0b', '\0', 'with space', '한식', Buffer.from([0xff, 0xfe]), '-x', 'x'.repeat(100)].map(cursor);
  const asked = await Promise.all([
    ...[...wrong, '', '%00', '%ZZ', `${cursor('e')}=`, 'x'.repeat(300)].map((text) => list(`cursor=${text}`)),
    list('limit=2'),
    ...slugs.map((slug) => list(`limit=3&cursor=${cursor(slug)}`)),
  ]);
  const honest = asked.splice(-slugs.length - 1);
  for (const { status, body } of asked) {
    assert.equal(status, 422);
    assert.equal(body.fields[0].field, 'cursor');
  }
  assert.deepEqual(
    honest.map(({ status, body }) => [status, ...body.items.map((store: { slug: string }) => store.slug)]),
    [[200, ...slugs.slice(0, 2)], ...slugs.map((_, index) => [200, ...slugs.slice(index + 1, index + 4)])],
  );
  assert.equal(logLines.filter((line) => line.includes('"level":50')).length, 0);
});

test('pages of the list, which anybody can ask for without end, are read by connections that no order uses', async () => {
  for (const slug of slugs) assert.equal((await list(`limit=1&cursor=${cursor(slug)}`)).status, 200);
  const { rows } = await db.query<{ pool: string }>(
    `SELECT DISTINCT application_name AS pool FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%WHERE s.slug > k.after%'`,
  );
  assert.deepEqual(rows, [{ pool: 'matjip-public' }]);
});

test('a list is walked to its end by its own cursors', async () => {
  const seen: string[] = [];
  let query = 'limit=2';
  for (let pages = 0; pages < 10; pages += 1) {
    const { body } = await list(query);
    seen.push(...body.items.map((store: { slug: string }) => store.slug));
    if (!body.next) break;
    query = `limit=2&cursor=${body.next}`;
  }
  assert.deepEqual(seen, slugs);
});

test('names of stores that do not exist are refused to who asks for them, and stores beside them are found', async () => {
  const asked = await Promise.all([
    ...['%00', 'a%00b', 'x'.repeat(64), 'no-such-store', encodeURIComponent('한식')].map((name) =>
      client.call(`/api/v1/stores/${name}`),
    ),
    ...slugs.map((slug) => client.call(`/api/v1/stores/${slug}`)),
    ...stores.map(({ id }) => client.call(`/api/v1/stores/${id}`)),
  ]);
  const statuses = asked.map(({ status }) => status);
  assert.ok(
    statuses.slice(0, 5).every((status) => status >= 400 && status < 500),
    statuses.join(),
  );
  assert.ok(
    statuses.slice(5).every((status) => status === 200),
    statuses.join(),
  );
});
