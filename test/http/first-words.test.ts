import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ensurePages } from '../../scripts/pages.mjs';
import { FIRST_DISHES_MAX } from '../../src/pages/first-words.ts';
import { changeDish } from '../cache/scene.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { type DishPlan, makeStore } from '../support/store.ts';

await ensurePages();
const app = await startTestApp({ after });

/** The page in what is painted without a script: what stands between its body and its data. */
const wordsOf = (html: string): string => /<div id="app">([\s\S]*)<script type="application\/json"/.exec(html)![1]!;
async function look(path: string, headers: Record<string, string> = {}) {
  const answer = await app.client.call(path, {
    headers: { accept: 'text/html', 'accept-language': 'ko-KR', ...headers },
  });
  return { ...answer, words: wordsOf(String(answer.body)) };
}
/** What a reader sees of a dish. */
const cardOf = (words: string, name: string): string =>
  words.split('<li>').find((card) => card.includes(`>${name}<`)) ?? assert.fail(`no ${name} in ${words}`);

test('a guest page says its store, its state and its menu in the reader’s language before any script', async () => {
  const store = await makeStore(app.db, { soup: { price: 8_000 } });
  const path = `/s/${store.slug}/t/7`;
  const said = { ko: ['시험점', '주문 가능', '요리 soup', '8,000원'], en: ['Test', 'soup', '₩8,000'] };
  for (const [language, sentences] of Object.entries(said)) {
    const { words, headers } = await look(path, { 'accept-language': `${language}-XX,fr;q=0.5` });
    for (const sentence of sentences) assert.ok(words.includes(sentence), `${language}: ${sentence}`);
    assert.equal(headers['content-language'], language);
    assert.equal(headers.vary, 'Accept-Encoding, Accept-Language');
  }
  // Whoever speaks another language is better served in English; the address decides before the browser does.
  assert.equal((await look(path, { 'accept-language': 'fr' })).headers['content-language'], 'en');
  const { headers, words, body } = await look(`${path}?lang=zh`);
  assert.equal(headers['content-language'], 'zh');
  assert.match(words, /可以点餐/);
  assert.match(String(body), /<html lang="zh">[\s\S]*<title>Test<[\s\S]*rel="modulepreload"[^>]*\/assets\/zh-/);
});

test('each language is a page of its own for whoever keeps it, in every encoding', async () => {
  const store = await makeStore(app.db, { soup: { price: 8_000, remaining: 3 } });
  const path = `${app.app.url}/s/${store.slug}`;
  const tags = new Set<string>();
  for (const language of ['ko', 'en', 'ja', 'zh']) {
    const first = await fetch(path, { headers: { 'accept-language': language, 'accept-encoding': 'identity' } });
    const html = await first.text();
    const etag = first.headers.get('etag')!;
    tags.add(etag);
    const again = await fetch(path, { headers: { 'accept-language': language, 'if-none-match': etag } });
    assert.equal(again.status, 304, language);
    for (const encoding of ['gzip', 'br']) {
      const packed = await fetch(path, { headers: { 'accept-language': language, 'accept-encoding': encoding } });
      assert.equal(packed.headers.get('content-encoding'), encoding);
      assert.equal(await packed.text(), html, `${language} in ${encoding}`);
    }
  }
  assert.equal(tags.size, 4);
});

test('what is sold out or nearly so is said, and another stock is filled into the same words', async () => {
  const store = await makeStore(app.db, { soup: { price: 8_000, remaining: 11 }, tea: { price: 4_000 } });
  const path = `/s/${store.slug}`;
  const soup = store.dishes.soup.id;
  assert.doesNotMatch(cardOf((await look(path)).words, '요리 soup'), /badge /);
  await changeDish(app.client, store.id, soup, { remaining: 10 });
  await eventually(async () => assert.match(cardOf((await look(path)).words, '요리 soup'), /badge warn">10개 남음</));
  await changeDish(app.client, store.id, soup, { remaining: 0 });
  await eventually(async () => assert.match(cardOf((await look(path)).words, '요리 soup'), /badge sold">품절</));
  await changeDish(app.client, store.id, soup, { remaining: 50 });
  await eventually(async () => assert.doesNotMatch(cardOf((await look(path)).words, '요리 soup'), /badge /));
  await changeDish(app.client, store.id, soup, { soldOut: true });
  await changeDish(app.client, store.id, store.dishes.tea.id, { soldOut: true });
  await eventually(async () => {
    const { words } = await look(path);
    for (const name of ['요리 soup', '요리 tea']) assert.match(cardOf(words, name), /badge sold">품절</);
  });
});

test('a pause and its reason are said, and what people wrote is text', async () => {
  const nasty = `<img src=x onerror="alert('1')">&`;
  const store = await makeStore(app.db, { soup: { price: 8_000 } });
  await app.db.query('UPDATE item SET name_ko = $2 WHERE store_id = $1', [store.id, nasty]);
  await app.db.query('UPDATE category SET name_ko = $2 WHERE store_id = $1', [store.id, nasty]);
  await app.db.query('UPDATE store SET name_ko = $2 WHERE id = $1', [store.id, nasty]);
  const state = { state: 'paused', reason: nasty };
  const told = await app.client.call(`/api/v1/stores/${store.id}/state`, {
    method: 'PUT',
    token: ADMIN_KEY,
    body: state,
  });
  assert.equal(told.status, 200);
  const asText = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;';
  await eventually(async () => {
    const { words, body } = await look(`/s/${store.slug}/t/7`);
    assert.match(words, /hero-state paused">주문 잠시 중단</);
    assert.ok(words.includes(`(${asText})`), 'its reason');
    assert.equal(words.split(asText).length - 1, 5, 'store, reason, tab, heading, dish');
    assert.equal(String(body).split(`<title>${asText}</title>`).length, 2, 'its title');
    assert.doesNotMatch(String(body), /<img/);
  });
});

test('an address of no store and of no table say so in words, and a store without a menu too', async () => {
  const store = await makeStore(app.db, {});
  assert.match((await look(`/s/${store.slug}`)).words, /아직 메뉴가 없어요/);
  const missing = await look('/s/no-such-store/t/1');
  assert.equal(missing.status, 404);
  assert.match(missing.words, /이 주소의 매장을 찾을 수 없어요/);
  for (const table of ['%ZZ', '%00', 'x'.repeat(21)]) {
    const { words, headers } = await look(`/s/${store.slug}/t/${table}`);
    assert.match(words, /role="alert"/, table);
    assert.equal(headers['cache-control'], 'no-cache', table);
  }
});

test(`a menu of more than ${FIRST_DISHES_MAX} dishes begins with so many, and has all of them in its data`, async () => {
  const plan = Object.fromEntries(
    Array.from({ length: FIRST_DISHES_MAX + 1 }, (_, at): [string, DishPlan] => [`dish-${at}`, { price: 1_000 + at }]),
  );
  const store = await makeStore(app.db, plan);
  const { words, body } = await look(`/s/${store.slug}`);
  assert.equal(words.split('class="dish"').length - 1, FIRST_DISHES_MAX);
  assert.ok(String(body).includes(store.dishes[`dish-${FIRST_DISHES_MAX}`]!.id));
});
