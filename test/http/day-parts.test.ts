import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { importMenu, parseMenu } from '../../src/menu/file/index.ts';
import { createTurnMenus } from '../../src/menu/index.ts';
import { loadMenu } from '../../src/menu/load-menu.ts';
import { announce } from '../../src/platform/live/announcer.ts';
import { lockStores } from '../../src/store/index.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const { db, client } = await startTestApp({ after });
const announcer = { announce };
const MENU = `kind,code,name_ko,name_en,price,station,hours
category,lunch,점심,Lunch,,,mon-fri 11:00-14:30
item,set,정식,Set,9000,kitchen,
item,special,특선,Special,12000,kitchen,fri 12:00-13:00
category,drinks,음료,Drinks,,,
item,tea,차,Tea,2000,kitchen,
item,wine,와인,Wine,9000,kitchen,매일 22:00-02:00
`;
const PLAIN = `kind,code,name_ko,name_en,price,station
category,lunch,점심,Lunch,,
item,set,정식,Set,9000,kitchen
`;
const at = (time: string): number => Date.parse(`${time}+09:00`);

/** A store whose menu was written at a moment. */
async function shop(nowMs: number, menu = MENU): Promise<string> {
  const { id } = await makeStore(db, {});
  const file = parseMenu(Buffer.from(menu), { format: 'csv', partial: false });
  await db.transaction((tx) => importMenu(tx, id, file, { nowMs }));
  return id;
}
const shownIn = async (id: string) => {
  const { view, menuVersion } = (await loadMenu(db, id))!;
  const late = view.categories.flatMap(({ items }) =>
    items.flatMap(({ name, notNow }) => (notNow ? [`${name.en}: ${notNow.en}`] : [])),
  );
  return { late, menuVersion };
};

test('a menu turns when a dish’s hours begin and end, by a clock moved by hand, once and only then', async () => {
  // A Friday.
  let nowMs = at('2026-11-27T10:59:00');
  const id = await shop(nowMs);
  const turn = createTurnMenus(db, lockStores, announcer, () => nowMs);
  const first = await shownIn(id);
  assert.deepEqual(first.late, ['Set: From 11:00', 'Special: From 12:00', 'Wine: From 22:00']);
  nowMs = at('2026-11-27T10:59:59.999');
  assert.equal(await turn([id]), 0);

  nowMs = at('2026-11-27T11:00:00');
  // Before anybody has turned it, its version is still the old menu, whoever loads it.
  assert.deepEqual(await shownIn(id), first);
  // Several processes find it at once.
  const turned = await Promise.all(Array.from({ length: 4 }, () => turn([id])));
  assert.deepEqual(turned.sort(), [0, 0, 0, 1]);
  assert.deepEqual(await shownIn(id), {
    late: ['Special: From 12:00', 'Wine: From 22:00'],
    menuVersion: first.menuVersion + 1,
  });
  const late = async (time: string) => {
    nowMs = at(time);
    await turn([id]);
    return (await shownIn(id)).late;
  };
  assert.deepEqual(await late('2026-11-27T12:00:00'), ['Wine: From 22:00']);
  assert.deepEqual(await late('2026-11-27T13:00:00'), ['Special: From Fri 12:00', 'Wine: From 22:00']);
  assert.deepEqual(await late('2026-11-27T22:00:00'), ['Set: From Mon 11:00', 'Special: From Fri 12:00']);
  // Over midnight the evening goes on.
  assert.deepEqual(await late('2026-11-28T01:59:59'), ['Set: From Mon 11:00', 'Special: From Fri 12:00']);
  assert.deepEqual(await late('2026-11-28T02:00:00'), [
    ...['Set: From Mon 11:00', 'Special: From Fri 12:00', 'Wine: From Sat 22:00'],
  ]);
  // A look that finds the same makes no new version.
  const { menuVersion } = await shownIn(id);
  nowMs = at('2026-11-28T02:30:00');
  assert.equal(await turn([id]), 0);
  assert.equal((await shownIn(id)).menuVersion, menuVersion);
});

test('a file without hours turns no more, and one with hours says again what it said', async () => {
  const id = await shop(at('2026-11-27T10:00:00'));
  const file = await client.call(`/api/v1/stores/${id}/menu-file`, { token: ADMIN_KEY });
  assert.match(file.body, /category,lunch,.*mon-fri 11:00-14:30\r?\n/);
  assert.match(file.body, /item,wine,.*mon-sun 22:00-02:00\r?\n/);
  const plain = parseMenu(Buffer.from(PLAIN), { format: 'csv', partial: false });
  await db.transaction((tx) => importMenu(tx, id, plain));
  const { rows } = await db.query('SELECT FROM menu_turn WHERE store_id = $1', [id]);
  assert.deepEqual([rows.length, (await shownIn(id)).late], [0, []]);
});

/** A weekday, in Seoul, that is neither today nor one of its neighbours, whenever the test runs. */
const farDay = (): string => {
  const today = new Date(Date.now() + 9 * 3_600_000).getUTCDay();
  return ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(today + 3) % 7]!;
};

test('a guest is shown when a dish is served, cannot order it until then, and the page changes by itself when it comes', async () => {
  const menu = `kind,code,name_ko,name_en,price,station,hours
category,all,전부,All,,,
item,set,정식,Set,9000,kitchen,${farDay()} 11:00-14:30
item,tea,차,Tea,2000,kitchen,
`;
  const id = await shop(Date.now(), menu);
  const items = async (): Promise<Json[]> =>
    (await client.call(`/api/v1/stores/${id}/menu`)).body.categories.flatMap((each: Json) => each.items);
  const find = async (name: string): Promise<Json> => (await items()).find((item) => item.name.en === name);
  await eventually(async () => assert.match((await find('Set'))?.notNow?.ko ?? '', /^[월화수목금토일] 11:00부터$/));
  const set = await find('Set');
  const tea = await find('Tea');
  assert.equal('notNow' in tea, false);
  const order = (...dishes: string[]) => client.order(id, { lines: dishes.map((itemId) => ({ itemId, quantity: 1 })) });
  const refused = await order(tea.id, set.id);
  assert.deepEqual(
    [refused.status, refused.body.type, refused.body.items],
    [409, 'not-served', [{ itemId: set.id, from: set.servedFrom }]],
  );
  assert.equal((await order(tea.id)).status, 201);

  // Its hours come: nobody writes the menu, and whoever reads it sees them begin.
  await db.query(`UPDATE item SET hours = 'mon-sun 00:00-24:00' WHERE store_id = $1 AND code = 'set'`, [id]);
  await db.query('UPDATE menu_turn SET turns_at = now() WHERE store_id = $1', [id]);
  await eventually(async () => assert.equal('notNow' in (await find('Set')), false));
  await eventually(async () => assert.equal((await order(set.id)).status, 201));
});

test('hours that are none are refused with their place, in both languages', async () => {
  const { id } = await makeStore(db, {});
  const { status, body } = await client.call(`/api/v1/stores/${id}/menu-file/preview`, {
    body: 'kind,code,name_ko,price,station,hours\ncategory,a,가,,,lunch\nitem,b,나,1,kitchen,mon 9-5\n',
    token: ADMIN_KEY,
    headers: { 'content-type': 'text/csv' },
  });
  assert.equal(status, 422);
  assert.deepEqual(
    body.fields.map(({ field }: Json) => field),
    ['row 2, column hours', 'row 3, column hours'],
  );
  assert.match(body.problems[0].what.ko, /시간이 아니에요/);
});
