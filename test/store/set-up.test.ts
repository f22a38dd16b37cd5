import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  readHours,
  storeAddCommand,
  storeListCommand,
  storeQrCommand,
  storeSetCommand,
  storeStateCommand,
} from '../../src/commands/store.ts';
import { readConfig } from '../../src/config.ts';
import { newId } from '../../src/platform/id.ts';
import { importDemo } from '../../src/seed/demo.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer } from '../support/client.ts';
import { codeOf, ROOT, readDocument } from '../support/documents.ts';
import { eventually } from '../support/eventually.ts';
import { testDatabase } from '../support/postgres.ts';

const app = await startTestApp({ after });
const other = await startTestApp({ after }, { databaseUrl: app.databaseUrl });
await importDemo(app.db);
const config = { databaseUrl: app.databaseUrl, home: '/none' };

const NAME = { ko: '새 가게', en: 'New place' };
const MINE = { slug: 'mine', name: { ko: '우리', en: 'Mine' } };
let made = 0;
const slugs = () => {
  made += 1;
  return `shop-${made}`;
};
const add = (body: object, options: object = {}): Promise<Answer> =>
  app.client.call('/api/v1/stores', {
    token: ADMIN_KEY,
    body: { brand: MINE, name: NAME, slug: slugs(), ...body },
    ...options,
  });
const put = (slug: string, body: object): Promise<Answer> =>
  app.client.call(`/api/v1/stores/${slug}`, { method: 'PUT', token: ADMIN_KEY, body });
const itemsOf = (menu: Answer) => menu.body.categories.flatMap((each: { items: object[] }) => each.items);
/** One that needs no choice. */
const plainItem = (menu: Answer): { id: string } =>
  itemsOf(menu).find((each: { optionGroups: { min: number }[] }) => each.optionGroups.every(({ min }) => min === 0));
const everyDay = (from: string, to: string) => [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from, to }));
/** Hours of which the present minute is none. */
const closedNow = () => {
  const hour = new Date().getUTCHours();
  const two = (at: number) => `${String((hour + at) % 24).padStart(2, '0')}:00`;
  return everyDay(two(3), two(4));
};

test('a store is made with what its owner says, and guests find it in every process', async () => {
  const answer = await add({
    slug: 'harbour',
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    tables: ['A1', 'A2', 'Bar'],
    hours: everyDay('00:00', '24:00'),
    daysOff: ['2027-01-01', '2026-12-25', '2027-01-01'],
    prepMinutes: 25,
    stations: ['화구', 'Wok 2'],
    languages: ['en'],
  });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  assert.equal(answer.headers.location, `/api/v1/stores/${answer.body.id}`);
  const { brand, tables, tableNames, currency, daysOff, promisedMinutes, state } = answer.body;
  assert.deepEqual(
    { brand, tables, tableNames, currency, daysOff, promisedMinutes, state },
    {
      brand: { slug: 'mine', name: MINE.name },
      tables: 3,
      tableNames: ['A1', 'A2', 'Bar'],
      currency: 'EUR',
      daysOff: ['2026-12-25', '2027-01-01'],
      promisedMinutes: 25,
      state: 'open',
    },
  );
  await eventually(async () => assert.equal((await other.client.call('/api/v1/stores/harbour')).status, 200));
  const menu = await other.client.call('/api/v1/stores/harbour/menu');
  assert.deepEqual([menu.body.currency, menu.body.categories], ['EUR', []]);
  const seen = (await other.client.call('/api/v1/stores/harbour')).body;
  assert.deepEqual(seen.stationNames, [
    { code: 'grill', name: '화구' },
    { code: 'wok-2', name: 'Wok 2' },
  ]);
  assert.equal('tableNames' in seen || 'hours' in seen, false);
});

test('a template gives its menu and settings, and not what is sold out there', async () => {
  const from = '/api/v1/stores/gangnam';
  const dish = itemsOf(await app.client.call(`${from}/menu`))[0] as { id: string };
  await app.client.call(`${from}/items/${dish.id}`, { method: 'PUT', token: ADMIN_KEY, body: { soldOut: true } });
  const { status, body } = await add({ slug: 'branch', brand: undefined, template: 'gangnam', tables: 4 });
  assert.equal(status, 201, JSON.stringify(body));
  assert.deepEqual([body.brand.slug, body.tables, body.promisedMinutes], ['dalgrak', 4, 15]);
  const [old, copied] = await Promise.all(
    ['gangnam', 'branch'].map(async (slug) => itemsOf(await app.client.call(`/api/v1/stores/${slug}/menu`))),
  );
  const sold = ({ name, price }: { name: object; price: number }) => ({ name, price });
  assert.deepEqual(copied.map(sold), old.map(sold));
  assert.ok(copied.length > 10);
  assert.equal(copied[0].soldOut, false);
  assert.notEqual(copied[0].id, old[0].id);
  const order = await app.client.order('branch', {
    table: '4',
    lines: [
      {
        itemId: copied.find((each: { optionGroups: { min: number }[] }) =>
          each.optionGroups.every(({ min }) => min === 0),
        ).id,
        quantity: 1,
      },
    ],
  });
  assert.equal(order.status, 201, JSON.stringify(order.body));
});

test('each wrong field is named, with what is allowed, and nothing is made', async () => {
  const wrong: [object, string, RegExp][] = [
    [{ slug: 'No Slug' }, 'slug', /a-z, 0-9/],
    [{ slug: newId() }, 'slug', /a-z, 0-9/],
    [{ name: { ko: ' ', en: '' } }, 'name.ko', /one language/],
    [{ name: { ko: 'a\u0000b', en: '' } }, 'name.ko', /plain text/],
    [{ name: undefined }, 'name', /name of the store/],
    [{ timeZone: 'Seoul' }, 'timeZone', /Asia\/Seoul/],
    [{ timeZone: '+09:00' }, 'timeZone', /Asia\/Seoul/],
    [{ timeZone: 'Asia/Nowhere' }, 'timeZone', /Asia\/Seoul/],
    [{ currency: 'WON' }, 'currency', /KRW/],
    [{ tables: 501 }, 'tables', /500/],
    [{ tables: ['A', 'A '] }, 'tables[1]', /once/],
    [{ stations: ['구이', 'grill'] }, 'stations[1]', /once/],
    [{ tables: ['A', '\u0007'] }, 'tables[1]', /plain text/],
    [{ hours: [{ day: 8, from: '10:00', to: '11:00' }] }, 'hours[0].day', /7/],
    [{ hours: [{ day: 1, from: '24:00', to: '11:00' }] }, 'hours[0].from', /./],
    [{ hours: [{ day: 1, from: '10:00', to: '10:00' }] }, 'hours[0].to', /24:00/],
    [{ daysOff: ['2026-02-30'] }, 'daysOff[0]', /./],
    [{ prepMinutes: 0 }, 'prepMinutes', /1/],
    [{ languages: ['fr'] }, 'languages[0]', /ko/],
    [{ template: 'nobody' }, 'template', /slug/],
    [{ template: 'gangnam', currency: 'EUR' }, 'currency', /KRW/],
    [{ brand: { slug: 'unknown' } }, 'brand.name', /brand/],
    [{ brand: undefined }, 'brand', /belongs/],
    [{ colour: 'red' }, 'colour', /^$/],
  ];
  const count = async () => (await app.db.query('SELECT FROM store')).rowCount;
  const before = await count();
  for (const [body, field, allowed] of wrong) {
    const answer = await add(body);
    assertProblem(answer, 'invalid', field);
    assert.match(answer.body.fields.find((each: { field: string }) => each.field === field).allowed ?? '', allowed);
  }
  const several = await add({ timeZone: 'x', currency: 'y', tables: [' '] });
  assert.deepEqual(
    several.body.fields.map(({ field }: { field: string }) => field),
    ['tables[0]', 'timeZone', 'currency'],
  );
  assert.equal(await count(), before);
  assert.equal((await app.db.query(`SELECT FROM brand WHERE slug = 'unknown'`)).rowCount, 0);
});

test('of two who make the same slug at once one makes it, and the other is told that it is taken', async () => {
  const slug = slugs();
  const answers = await Promise.all(Array.from({ length: 6 }, () => add({ slug })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 422, 422, 422, 422, 422]);
  for (const answer of answers.filter(({ status }) => status === 422)) assertProblem(answer, 'invalid', 'slug');
});

test('sent again under the same key it makes nothing; the same key for another store is refused', async () => {
  const [slug, key] = [slugs(), newId()];
  assert.equal((await add({ slug }, { key })).status, 201);
  const again = await add({ slug }, { key });
  assert.deepEqual([again.status, again.body.id, again.headers['idempotent-replayed']], [200, key, 'true']);
  assertProblem(await add({ slug: slugs() }, { key }), 'key-reused');
});

test('what is changed is seen in every process; what is left out stays', async () => {
  const slug = slugs();
  await add({ slug, prepMinutes: 20, tables: 3 });
  await eventually(async () => assert.equal((await other.client.call(`/api/v1/stores/${slug}`)).status, 200));
  const changed = await put(slug, { prepMinutes: 30 });
  assert.deepEqual([changed.status, changed.body.prepMinutes, changed.body.tables], [200, 30, 3]);
  await eventually(async () =>
    assert.equal((await other.client.call(`/api/v1/stores/${slug}`)).body.promisedMinutes, 30),
  );
  assert.equal((await put(slug, {})).status, 200);
  assertProblem(await put(slug, { slug: 'other' }), 'invalid', 'slug');
  assertProblem(await put('nobody', { prepMinutes: 3 }), 'not-found');
});

test('currency, zone and hour of a new day stay once there are orders', async () => {
  assert.equal((await put('jeju', { currency: 'USD' })).status, 200);
  assert.equal((await put('jeju', { currency: 'KRW' })).status, 200);
  const item = plainItem(await app.client.call('/api/v1/stores/jeju/menu'));
  assert.equal((await app.client.order('jeju', { lines: [{ itemId: item.id, quantity: 1 }] })).status, 201);
  for (const change of [{ currency: 'USD' }, { timeZone: 'UTC' }, { dayStartsHour: 0 }]) {
    assertProblem(await put('jeju', change), 'invalid', Object.keys(change)[0]!);
  }
  assert.equal((await put('jeju', { currency: 'KRW', tables: 5 })).status, 200);
});

test('a store takes orders in its hours only, says when it opens, and a person may open it before', async () => {
  const slug = slugs();
  await add({ slug, brand: undefined, template: 'hongdae', timeZone: 'UTC', hours: closedNow() });
  const item = plainItem(await app.client.call(`/api/v1/stores/${slug}/menu`));
  const order = () => app.client.order(slug, { lines: [{ itemId: item.id, quantity: 1 }] });
  const { state, reason, until } = (await app.client.call(`/api/v1/stores/${slug}`)).body;
  assert.deepEqual([state, reason], ['paused', 'closed']);
  const refused = await order();
  assertProblem(refused, 'store-closed');
  assert.deepEqual([refused.body.reason, refused.body.until], ['closed', until]);

  const opened = await app.client.call(`/api/v1/stores/${slug}/state`, {
    method: 'PUT',
    token: ADMIN_KEY,
    body: { state: 'open' },
  });
  assert.equal(opened.body.state, 'open', JSON.stringify(opened.body));
  assert.equal((await order()).status, 201);
  await put(slug, { hours: null });
  await app.client.call(`/api/v1/stores/${slug}/state`, { method: 'PUT', token: ADMIN_KEY, body: { state: 'open' } });
  assert.equal((await order()).status, 201);
});

test('a store that listed its tables takes orders for these and for nobody else', async () => {
  const slug = slugs();
  await add({ slug, brand: undefined, template: 'hongdae', tables: ['A1'] });
  const item = plainItem(await app.client.call(`/api/v1/stores/${slug}/menu`));
  const order = (table?: string, key?: string) =>
    app.client.order(slug, { ...(table !== undefined && { table }), lines: [{ itemId: item.id, quantity: 1 }] }, key);
  const key = newId();
  assert.equal((await order('A1', key)).status, 201);
  assert.equal((await order()).status, 201);
  assertProblem(await order('A2'), 'invalid', 'table');
  await put(slug, { tables: 0 });
  await eventually(async () => assertProblem(await order('A1'), 'invalid', 'table'));
  // What was taken before is known again.
  assert.equal((await order('A1', key)).status, 200);
});

test('whoever opens their first restaurant says nothing of brands: it has one of its name', async () => {
  const { url } = await testDatabase();
  const lines: string[] = [];
  await storeAddCommand({ ...config, databaseUrl: url }, 'first', { name: '첫집' }, (line) => void lines.push(line));
  assert.match(lines.at(-1)!, /^Made first: 첫집 .*\(first\), 20 tables/);
});

test('the command line makes, changes, pauses, opens and lists stores, and names what is wrong', async () => {
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  await storeAddCommand(
    config,
    'cli',
    { brand: 'cli-brand', brandName: '줄', name: '명령', tables: '6', hours: 'mon-sun 00:00-24:00' },
    log,
  );
  assert.match(lines.at(-1)!, /^Made cli: 명령 \/ 명령 \(cli-brand\), 6 tables, KRW, Asia\/Seoul, open$/);
  await storeSetCommand(config, 'cli', { nameEn: 'Command', tables: 'A, B', prepMinutes: 9, payFirst: 'on' }, log);
  assert.match(lines.at(-1)!, /명령 \/ Command .*2 tables/);
  await storeStateCommand(config, 'cli', 'paused', { reason: '휴식', minutes: 30 }, log);
  assert.match(lines.at(-1)!, /^cli: paused \(휴식\) until \d{4}-/);
  await eventually(async () => assert.equal((await app.client.call('/api/v1/stores/cli')).body.state, 'paused'));
  await storeStateCommand(config, 'cli', 'open', {}, log);
  assert.equal(lines.at(-1), 'cli: open');
  await storeListCommand(config, { json: true }, log);
  const found = JSON.parse(lines.at(-1)!).find(({ slug }: { slug: string }) => slug === 'cli');
  assert.deepEqual([found.prepMinutes, found.tableNames, found.hours.length, found.payFirst], [9, ['A', 'B'], 7, true]);
  await assert.rejects(storeSetCommand(config, 'cli', { payFirst: 'perhaps' }, log), /payFirst/);

  await assert.rejects(storeAddCommand(config, 'cli', { brand: 'cli-brand', name: 'x' }, log), /slug: is taken/);
  await assert.rejects(storeSetCommand(config, 'cli', { prepMinutes: 999 }, log), /prepMinutes/);
  await assert.rejects(storeSetCommand(config, 'cli', { daysOff: '2026-13-01' }, log), /daysOff/);
  await assert.rejects(storeSetCommand(config, 'nobody', {}, log), /no store 'nobody'/);
  assert.throws(() => readHours('monday 10-12'), RangeError);
  assert.deepEqual(
    readHours('fri-mon 18:00-02:00')!.map(({ day }) => day),
    [5, 6, 7, 1],
  );
  assert.equal(readHours('always'), null);
});

test('the codes of all tables are a PDF to be printed, from the page and from the command line; it needs the key, and says which formats there are', async () => {
  const slug = slugs();
  await add({ slug, name: { ko: '똠얌꿍집', en: '' }, tables: 13, tableLinks: 'signed' });
  const path = `/api/v1/stores/${slug}/table-links`;
  const sheet = await fetch(`${app.app.url}${path}?format=pdf`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  assert.equal(sheet.headers.get('content-type'), 'application/pdf');
  assert.match(sheet.headers.get('content-disposition')!, new RegExp(`filename="qr-${slug}\\.pdf"`));
  const pdf = Buffer.from(await sheet.arrayBuffer()).toString('latin1');
  assert.match(pdf, /^%PDF-/);
  // Thirteen tables and takeaway, twelve a page; the Hangul is in the file, whatever the printer has.
  assert.equal(pdf.match(/\/Type \/Page\b/g)?.length, 2);
  assert.match(pdf, /NanumGothicBold/);
  assertProblem(await app.client.call(`${path}?format=png`, { token: ADMIN_KEY }), 'invalid', 'format');
  assertProblem(await app.client.call(`${path}?format=pdf`), 'unauthorized');

  const home = await mkdtemp(join(tmpdir(), 'matjip-codes-'));
  after(() => rm(home, { recursive: true, force: true }));
  const file = join(home, 'codes.pdf');
  const lines: string[] = [];
  const commandConfig = { ...readConfig({ MATJIP_HOME: home }), databaseUrl: app.databaseUrl };
  await storeQrCommand({ ...commandConfig, publicUrl: 'https://eat.example' }, slug, { file }, (line) =>
    lines.push(line),
  );
  assert.match(lines.join('\n'), /14 codes, which begin with https:\/\/eat\.example$/);
  assert.match((await readFile(file)).toString('latin1'), /^%PDF-/);
  await storeQrCommand(commandConfig, slug, { file }, (line) => lines.push(line));
  assert.match(lines.at(-1)!, /this computer only/);
  await assert.rejects(storeQrCommand(commandConfig, 'nobody', { file }), /no store 'nobody'/);
});

/** A `curl` as a document has it, with what the reader puts in the place of its variables. */
function requestOf(curl: string): { path: string; method: string; headers: Record<string, string>; body: string } {
  const headers = [...curl.matchAll(/-H (["'])([\w-]+): (.*?)\1/g)].map(([, , name, value]) => [
    name!.toLowerCase(),
    value!.replace('$ADMIN_KEY', ADMIN_KEY).replace('$UUIDV7', newId()),
  ]);
  return {
    path: /(\/api\/\S+)/.exec(curl)![1]!,
    method: /-X (\w+)/.exec(curl)![1]!,
    headers: Object.fromEntries(headers),
    body: /-d '(.*)'/.exec(curl)![1]!,
  };
}

test('each request that a document types with curl is taken by the demo as it stands, in both languages alike', async () => {
  const typed = globSync(['*.md', 'docs/**/*.md', 'deploy/*.md'], { cwd: ROOT }).flatMap((file) =>
    codeOf(readDocument(file))
      .filter((code) => /^curl .*\/api\//.test(code))
      .map((curl) => ({ file, curl })),
  );
  assert.ok(typed.length >= 6, String(typed.length));
  const [korean, english] = [true, false].map((isKorean) =>
    typed
      .filter(({ file }) => file.endsWith('.ko.md') === isKorean)
      .map(({ curl }) => curl)
      .sort(),
  );
  assert.deepEqual(korean, english);
  for (const { file, curl } of typed.filter(({ file: name }) => !name.endsWith('.ko.md'))) {
    const { path, ...options } = requestOf(curl);
    const { status, body } = await app.client.call(path, options);
    assert.ok(status >= 200 && status < 300, `${file}: ${status} ${JSON.stringify(body)}`);
  }
});
