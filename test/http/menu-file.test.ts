import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import iconv from 'iconv-lite';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import type { Json } from '../support/client.ts';
import { makeStore } from '../support/store.ts';

const { app, db, client } = await startTestApp({ after });
const FILE = `kind,code,name_ko,name_en,price,station,min,max
category,stews,찌개,Stews,,,,
item,kimchi,김치찌개,Kimchi stew,9000,soup,,
group,spice,맵기,,,,1,1
option,mild,순한맛,,,,,
option,hot,매운맛,,500,,,
item,doenjang,된장찌개,,8000,soup,,
`;

interface Options {
  readonly method?: string;
  readonly type?: string;
  readonly seen?: string | undefined;
  readonly token?: string;
}
const send = (path: string, body: string | Buffer, { method = 'POST', type, seen, token = ADMIN_KEY }: Options = {}) =>
  client.call(`/api/v1/stores/${path}`, {
    method,
    body,
    token,
    headers: { 'content-type': type ?? 'text/csv', ...(seen !== undefined && { 'if-match': `"${seen}"` }) },
  });
const preview = (store: string, body: string | Buffer, query = '') => send(`${store}/menu-file/preview${query}`, body);
const put = (store: string, body: string | Buffer, seen: string | undefined, query = '') =>
  send(`${store}/menu-file${query}`, body, { method: 'PUT', seen });
const take = (store: string, format = 'csv') =>
  client.call(`/api/v1/stores/${store}/menu-file?format=${format}`, { token: ADMIN_KEY });

/** A store with the menu of `FILE`. @returns its id and its menu's version */
async function shop(file = FILE): Promise<{ id: string; version: string }> {
  const { id } = await makeStore(db, {});
  const { body } = await preview(id, file);
  const { status, body: done } = await put(id, file, body.version, `?removed=${body.counts.removed}`);
  assert.equal(status, 200, JSON.stringify(done));
  return { id, version: String(done.version) };
}

test('a preview says row by row and field by field what would change, and changes nothing', async () => {
  const { id, version } = await shop();
  const before = (await take(id)).body;
  const next =
    FILE.replace('Kimchi stew,9000', 'Kimchi,9500').replace(/item,doenjang.*\n/, '') +
    'item,,순두부찌개,,"8,500원",탕,,\n';
  const { status, body } = await preview(id, next);
  assert.equal(status, 200);
  assert.deepEqual(body, {
    version: Number(version),
    counts: { added: 1, changed: 1, removed: 1, unchanged: 4 },
    reordered: false,
    mustConfirm: false,
    changes: [
      {
        change: 'changed',
        kind: 'item',
        code: 'kimchi',
        name: '김치찌개',
        within: ['찌개'],
        fields: [
          { column: 'name_en', from: 'Kimchi stew', to: 'Kimchi' },
          { column: 'price', from: '9000', to: '9500' },
        ],
      },
      {
        change: 'added',
        kind: 'item',
        code: 'sundubujjigae',
        name: '순두부찌개',
        within: ['찌개'],
        fields: [
          { column: 'name_ko', from: '', to: '순두부찌개' },
          { column: 'price', from: '', to: '8500' },
          { column: 'station', from: '', to: 'soup' },
          { column: 'sold_out', from: '', to: 'no' },
          { column: 'age_check', from: '', to: 'no' },
        ],
      },
      { change: 'removed', kind: 'item', code: 'doenjang', name: '된장찌개', within: ['찌개'], fields: [] },
    ],
    made: [{ kind: 'item', code: 'sundubujjigae', name: '순두부찌개' }],
    notes: [],
  });
  assert.equal((await take(id)).body, before);

  assert.deepEqual((await put(id, next, version)).body, { version: Number(version) + 1, written: 2, archived: 1 });
  const menu = (await client.call(`/api/v1/stores/${id}/menu`)).body;
  assert.deepEqual(
    menu.categories[0].items.map((item: Json) => [item.name.ko, item.price]),
    [
      ['김치찌개', 9500],
      ['순두부찌개', 8500],
    ],
  );
});

test('whatever is taken home is read back the same, and in whichever encoding it comes', async () => {
  const { id, version } = await shop();
  for (const format of ['csv', 'json']) {
    const { headers, body } = await take(id, format);
    assert.equal(headers.etag, `"${version}"`);
    assert.match(String(headers['content-disposition']), new RegExp(`menu-.*\\.${format}"$`));
    const file = format === 'json' ? JSON.stringify(body) : iconv.encode(body.replace('\uFEFF', ''), 'cp949');
    const seen = (await preview(id, file)).body;
    assert.deepEqual(
      [seen.counts, seen.reordered],
      [{ added: 0, changed: 0, removed: 0, unchanged: 6 }, false],
      format,
    );
    assert.equal(seen.notes.length, format === 'json' ? 0 : 1);
    assert.deepEqual((await put(id, file, version)).body, { version: Number(version), written: 0, archived: 0 });
  }
  assert.equal((await take(id, 'pdf')).status, 422);
  // Larger than what is read at once, so by a thread, which says the same.
  const long = `${FILE}${Array.from({ length: 1_000 }, (_, at) => `item,,긴 이름의 요리 ${at},,${at},soup,,\n`).join('')}`;
  const read = (await preview(id, long)).body;
  assert.deepEqual([read.counts.added, read.made.length, read.changes.length], [1_000, 1_000, 1_000]);
  const wrong = await preview(id, long.replace('요리 7,,7,', '요리 7,,일곱,'));
  assert.deepEqual([wrong.status, wrong.body.fields[0].field], [422, 'row 15, column price']);
});

test('of two people at once the later one is told, and a request that is sent again finds its work done', async () => {
  const { id, version } = await shop();
  const cheaper = FILE.replace('9000', '8500');
  const dearer = FILE.replace('9000', '9900');
  const answers = await Promise.all([put(id, cheaper, version), put(id, dearer, version)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
  const [first, second] = answers[0]!.status === 200 ? [cheaper, dearer] : [dearer, cheaper];
  const refused = answers.find(({ status }) => status === 409)!;
  assert.deepEqual([refused.body.type, refused.body.version], ['stale', Number(version) + 1]);

  const again = await put(id, first, version);
  assert.deepEqual([again.status, again.body], [200, { version: Number(version) + 1, written: 0, archived: 0 }]);
  assert.equal((await put(id, second, version)).status, 409);
  assert.equal((await put(id, second, String(refused.body.version))).status, 200);
});

test('when many rows go the import needs their number, and when the kitchen changed something meanwhile a new look', async () => {
  const { id, version } = await shop();
  const small = 'kind,code,name_ko,price,station\ncategory,drinks,음료\nitem,cola,콜라,2000,drinks\n';
  const seen = (await preview(id, small)).body;
  assert.deepEqual([seen.mustConfirm, seen.counts.removed], [true, 6]);
  for (const query of ['', '?removed=5']) {
    const { status, body } = await put(id, small, version, query);
    assert.equal(status, 422);
    assert.deepEqual(body.fields, [
      { field: 'querystring.removed', problem: 'is not how many rows would go', allowed: '6' },
    ]);
  }
  const [dish] = (await client.call(`/api/v1/stores/${id}/menu`)).body.categories[0].items;
  const soldOut = { method: 'PUT', token: app.kitchenKey(id), body: { soldOut: true } };
  assert.equal((await client.call(`/api/v1/stores/${id}/items/${dish.id}`, soldOut)).status, 200);
  assert.equal((await put(id, small, version, '?removed=6')).status, 409);
  const now = (await preview(id, small)).body;
  assert.equal((await put(id, small, String(now.version), '?removed=6')).status, 200);
});

test('a price list of some dishes changes only these', async () => {
  const { id, version } = await shop();
  const { body } = await preview(id, '메뉴명;가격\n된장찌개;8.500\n', '?partial=true');
  assert.equal(body.type, 'invalid');
  const { body: seen } = await preview(id, '메뉴명;가격\n된장찌개;8,500\n', '?partial=true');
  assert.deepEqual(
    seen.changes.map(({ code, fields }: Json) => [code, fields]),
    [['doenjang', [{ column: 'price', from: '8000', to: '8500' }]]],
  );
  assert.equal((await put(id, '메뉴명;가격\n된장찌개;8,500\n', version, '?partial=true')).status, 200);
  const unknown = await preview(id, 'kind,code,price\nitem,pizza,1\n', '?partial=true');
  assert.deepEqual(unknown.body.problems, [
    {
      where: { en: 'row 2, column code', ko: "2행 '코드' 칸" },
      what: { en: "the store has no item 'pizza' there", ko: "이 매장의 그 자리에는 메뉴 'pizza'이(가) 없어요" },
    },
  ]);
});

test('a file that is wrong is refused with every place, in Korean too; what is no file, with what is allowed', async () => {
  const { id, version } = await shop();
  const bad = await put(id, FILE.replace('9000', '구천원').replace('8000', '-1'), version);
  assert.equal(bad.status, 422);
  assert.deepEqual(bad.body.fields, [
    { field: 'row 3, column price', problem: "'구천원' is not a whole number from 0 to 10000000" },
    { field: 'row 7, column price', problem: "'-1' is not a whole number from 0 to 10000000" },
  ]);
  assert.deepEqual(bad.body.problems[0], {
    where: { en: 'row 3, column price', ko: "3행 '가격' 칸" },
    what: {
      en: "'구천원' is not a whole number from 0 to 10000000",
      ko: "'구천원'은(는) 0부터 10000000까지의 정수가 아니에요",
    },
  });
  const unseen = await put(id, FILE, undefined);
  assert.deepEqual([unseen.status, unseen.body.fields[0].field], [422, 'If-Match']);
  assert.equal((await send(`${id}/menu-file`, FILE, { method: 'PUT', seen: 'x' })).status, 422);
  const large = await preview(id, Buffer.alloc(5_000_001, 'a'));
  assert.deepEqual([large.status, large.body.fields[0].allowed], [413, 'at most 5000000 bytes']);
  assert.equal((await send(`${id}/menu-file/preview`, FILE, { type: 'text/plain' })).status, 415);
  assert.equal((await preview(id, '')).status, 422);
  assert.equal((await preview(id, Buffer.from('PK\x03\x04 no archive'))).status, 422);
  assert.equal((await preview('no-such-store', FILE)).status, 404);
  assert.equal((await send(`${id}/menu-file/preview`, FILE, { token: app.kitchenKey(id) })).status, 403);
  assert.equal((await take(id)).headers.etag, `"${version}"`);
});
