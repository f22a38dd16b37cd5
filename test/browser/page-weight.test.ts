import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { openRestaurant } from './restaurant.ts';

const PAGES = fileURLToPath(new URL('../../dist/web', import.meta.url));
/** DESIGN §10 and issue 15 allow more: script and style of the guest page, cold, compressed; a language that is loaded later not counted. */
const SCRIPT_BYTES_MAX = 37 * 1024;
const PAGE_BYTES_MAX = 60 * 1024;

/** What the words of the demo's menu, 69 dishes, add to its page: 0.16 s at 400 kbit/s. */
const WORDS_BYTES_MAX = 8 * 1024;

const shop = await openRestaurant();

test('the script that a cold guest page loads is at most 37 KiB compressed, and 60 with its style', () => {
  const html = readFileSync(`${PAGES}/guest/index.html`, 'utf8');
  const files = new Set([...html.matchAll(/\/assets\/[^"]+\.js/g)].map(([path]) => path));
  assert.ok(files.size > 0);
  // What a script imports is loaded too, named in the page or not.
  for (const file of files) {
    for (const [, name] of readFileSync(`${PAGES}${file}`, 'utf8').matchAll(
      /(?:from|import)["']\.\/([\w-]+\.js)["']/g,
    )) {
      files.add(`/assets/${name}`);
    }
  }
  const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(PAGES + file)).length, 0);
  assert.ok(bytes <= SCRIPT_BYTES_MAX, `${bytes} bytes`);
  // The style is in the page itself.
  const all = bytes + gzipSync(html).length;
  assert.ok(all <= PAGE_BYTES_MAX, `${all} bytes`);
});

test('the words of a whole menu before any script are at most 8 KiB of its page, compressed', async () => {
  const html = await (await fetch(`${shop.url}/s/${shop.slug}/t/7`, { headers: { 'accept-language': 'ko' } })).text();
  const without = html.replace(/<header class="hero">[\s\S]*<\/main>/, '');
  assert.ok(without.length < html.length);
  const bytes = gzipSync(html).length - gzipSync(without).length;
  assert.ok(bytes <= WORDS_BYTES_MAX, `${bytes} bytes`);
});

test('every script and style has its compressed form beside it', () => {
  const names = readdirSync(`${PAGES}/assets`).filter((name) => /\.(js|css)$/.test(name));
  for (const name of names) {
    if (readFileSync(`${PAGES}/assets/${name}`).length < 512) continue;
    assert.ok(existsSync(`${PAGES}/assets/${name}.gz`) && existsSync(`${PAGES}/assets/${name}.br`), name);
  }
});

test('a guest page needs one request to be painted, its scripts to be used, and nobody else’s server', async () => {
  const { page } = await shop.phone();
  const asked: { url: string; type: string; encoding: string | undefined }[] = [];
  page.on('response', async (response) => {
    const type = response.request().resourceType();
    asked.push({ url: response.url(), type, encoding: response.headers()['content-encoding'] });
  });
  await page.reload({ waitUntil: 'networkidle' });
  await page.locator('.dish').first().waitFor();
  assert.deepEqual(
    asked.filter(({ url }) => new URL(url).origin !== shop.url && !url.startsWith('data:')),
    [],
  );
  assert.deepEqual([...new Set(asked.filter(({ url }) => !url.startsWith('data:')).map(({ type }) => type))].sort(), [
    'document',
    'fetch',
    'script',
  ]);
  // What is asked when the page is there already: what sells now and, where that takes long, whether the store is open still.
  for (const { url } of asked.filter(({ type }) => type === 'fetch')) {
    assert.match(url, new RegExp(`/ranking\\?window=|/stores/${shop.slug}$`));
  }
  for (const { url, encoding } of asked.filter(({ type }) => type === 'document'))
    assert.match(encoding ?? 'none', /^(gzip|br)$/, url);
});

test('a store can be put on the home screen, under its own name and with an icon', async () => {
  const { page, context } = await shop.phone();
  await page.locator('link[rel=manifest]').waitFor({ state: 'attached' });
  const session = await context.newCDPSession(page);
  const { errors, data = '{}' } = await session.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const { start_url, icons } = JSON.parse(data) as { start_url: string; icons: { src: string }[] };
  assert.equal(start_url, `/s/${shop.slug}`);
  const icon = await fetch(new URL(icons[0]!.src, shop.url));
  assert.deepEqual([icon.status, icon.headers.get('content-type')], [200, 'image/png']);
});

test('a guest who scanned a wrong code is told so in plain words', async () => {
  const { page } = await shop.phone({ path: '/s/no-such-store/t/1' });
  await page.getByText('이 주소의 매장을 찾을 수 없어요.').waitFor();
  await page.getByRole('link', { name: '매장 고르기' }).tap();
  await page.getByText('어느 매장에서 드시나요?').waitFor();
});

test('a person at a wrong address gets a page with the way back, and a program an answer it can read', async () => {
  const { page } = await shop.phone({ path: '/nothing' });
  await page.getByText('이 주소에는 아무것도 없어요.').waitFor();
  await page.locator('a[href^="/s/"]').first().waitFor();
  for (const [path, accept, status, type] of [
    ['/nothing', 'text/html,*/*', 404, /^text\/html/],
    ['/nothing', '*/*', 404, /^application\/problem\+json/],
    ['/api/v1/nothing', 'text/html', 404, /^application\/problem\+json/],
  ] as const) {
    const answer = await fetch(new URL(path, page.url()), { headers: { accept } });
    assert.equal(answer.status, status, path);
    assert.match(answer.headers.get('content-type') ?? '', type, path);
  }
});
