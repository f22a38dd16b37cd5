import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, request } from 'node:http';
import { describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';
import { changeDish, menuPath } from './scene.ts';

interface Raw {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** Asks without any client's kindness: the bytes as they came. */
function ask(url: string, headers: Record<string, string> = {}): Promise<Raw> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

const DECODERS = { br: brotliDecompressSync, gzip: gunzipSync } as const;

for (const cache of ['memory', 'off']) {
  describe(`CACHE=${cache}`, async () => {
    test('menu and stores carry an ETag and what shared caches need, and 304 answers who has them', async (t) => {
      const { app, db } = await startTestApp(t, { env: { CACHE: cache } });
      const store = await makeStore(db, { soup: { price: 9_000 } });
      for (const path of [menuPath(store), '/api/v1/stores']) {
        const first = await ask(`${app.url}${path}`);
        assert.equal(first.status, 200);
        assert.match(first.headers.etag!, /^W\/"[\w-]+"$/);
        assert.equal(first.headers['cache-control'], 'public, max-age=0, s-maxage=1, stale-while-revalidate=1');
        assert.equal(first.headers.vary, 'Accept-Encoding');
        assert.equal(first.headers['x-cache'], 'miss');
        assert.equal(first.headers['content-length'], String(first.bytes.length));
        // A proxy may have taken the mark of a weak tag away.
        const strong = first.headers.etag!.slice(2);
        for (const tag of [first.headers.etag!, strong, `"other", ${first.headers.etag}`, `W/"other",${strong}`, '*']) {
          const again = await ask(`${app.url}${path}`, { 'if-none-match': tag });
          assert.equal(again.status, 304);
          assert.equal(again.bytes.length, 0);
          assert.equal(again.headers.etag, first.headers.etag);
          assert.equal(again.headers['x-cache'], cache === 'off' ? 'miss' : 'hit');
        }
        for (const tag of ['"other"', 'W/"other"', strong.slice(1), `${strong}x`]) {
          assert.equal((await ask(`${app.url}${path}`, { 'if-none-match': tag })).status, 200, tag);
        }
      }
    });

    test('each encoding holds the same menu under one weak tag, any of them is 304, and q=0 is heard', async (t) => {
      const { app, db } = await startTestApp(t, { env: { CACHE: cache } });
      const store = await makeStore(db, { soup: { price: 9_000, remaining: 5 }, rice: { price: 2_000 } });
      const url = `${app.url}${menuPath(store)}`;
      const plain = await ask(url);
      const wanted: [accepts: string, encoding: 'br' | 'gzip' | undefined][] = [
        ['gzip, deflate, br', 'br'],
        ['gzip', 'gzip'],
        ['br;q=0, gzip;q=0.5', 'gzip'],
        ['identity', undefined],
        ['br;q=0.0,gzip;q=0', undefined],
        ['x-gzip-like', undefined],
        ['GZIP', 'gzip'],
        ['gzip;q=1.0, br;q=0.5', 'gzip'],
        ['br;q=0.1, identity;q=1', undefined],
        ['gzip;Q=0.5 , identity; q=0.5', 'gzip'],
        ['br;q=much', undefined],
      ];
      for (const [accepts, encoding] of wanted) {
        // Twice: made for the first, kept for the second.
        for (let turn = 0; turn < 2; turn++) {
          const answer = await ask(url, { 'accept-encoding': accepts });
          assert.equal(answer.headers['content-encoding'], encoding, accepts);
          const bytes = encoding ? DECODERS[encoding](answer.bytes) : answer.bytes;
          assert.deepEqual(bytes, plain.bytes);
          // Three byte strings under one tag: it must not be a strong one (RFC 9110 §8.8.1).
          assert.equal(answer.headers.etag, plain.headers.etag);
          assert.match(answer.headers.etag!, /^W\//);
          const known = { 'accept-encoding': accepts, 'if-none-match': answer.headers.etag! };
          const again = await ask(url, known);
          assert.deepEqual([again.status, again.bytes.length, again.headers.etag], [304, 0, plain.headers.etag]);
        }
      }
    });

    test('a change makes another ETag', async (t) => {
      const { app, db, client } = await startTestApp(t, { env: { CACHE: cache } });
      const store = await makeStore(db, { soup: { price: 9_000 } });
      const url = `${app.url}${menuPath(store)}`;
      const { etag } = (await ask(url)).headers;
      await changeDish(client, store.id, store.dishes.soup.id, { price: 9_500 });
      await eventually(async () => assert.equal((await ask(url, { 'if-none-match': etag! })).status, 200));
    });
  });
}

test('two processes give the same menu the same ETag', async (t) => {
  const first = await startTestApp(t);
  const second = await startTestApp(t, { databaseUrl: first.databaseUrl });
  const store = await makeStore(first.db, { soup: { price: 9_000 } });
  const tags = await Promise.all([first, second].map(({ app }) => ask(`${app.url}${menuPath(store)}`)));
  assert.equal(tags[0]!.headers.etag, tags[1]!.headers.etag);
});

test('a new store comes into the list', async (t) => {
  const { db, client } = await startTestApp(t);
  await makeStore(db, { soup: { price: 9_000 } });
  const count = async (): Promise<number> => (await client.call('/api/v1/stores')).body.items.length;
  assert.equal(await count(), 1);
  await makeStore(db, { soup: { price: 9_000 } });
  await eventually(async () => assert.equal(await count(), 2));
});

test('a paused store is shown as paused, alone and in the list', async (t) => {
  const { db, client } = await startTestApp(t);
  const store = await makeStore(db, { soup: { price: 9_000 } });
  const states = async (): Promise<string[]> => [
    (await client.call(`/api/v1/stores/${store.slug}`)).body.state,
    (await client.call('/api/v1/stores')).body.items[0].state,
  ];
  assert.deepEqual(await states(), ['open', 'open']);
  await db.query(`UPDATE store_head SET state = 'paused' WHERE store_id = $1`, [store.id]);
  await eventually(async () => assert.deepEqual(await states(), ['paused', 'paused']));
});
