import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Value from 'typebox/value';
import type { ItemView, MenuView } from '../../src/contract/index.ts';
import { createRandom } from '../crowd/random.ts';
import { Truth } from '../results/index.ts';
import { TruthHistory } from './judge.ts';
import { makeChanges, requireChanges } from './make-changes.ts';
import { dishesToChange, planChanges } from './plan-changes.ts';
import { mostLoadsPerSecond, sumCounter } from './read-meters.ts';
import type { Answer } from './shown.ts';
import { summarizeTruth } from './summarize.ts';
import { createTap, readTap } from './tap.ts';
import { askMenu, waitUntilRight } from './wait-until-right.ts';

const dish = (id: string, price: number, more: Partial<ItemView> = {}): ItemView => ({
  id,
  name: { ko: id, en: id },
  price,
  soldOut: false,
  remaining: null,
  allergens: [],
  station: 'soup',
  optionGroups: [],
  ...more,
});

const menuOf = (items: ItemView[]): MenuView => ({
  version: '1',
  currency: 'KRW',
  categories: [{ id: 'c', name: { ko: '', en: '' }, items }],
});

const DISHES = [
  dish('a', 9_000),
  dish('b', 8_000),
  dish('limited', 7_000, { remaining: 5 }),
  dish('gone', 1, { soldOut: true }),
];

/** A shop whose menu can be changed over HTTP, with a cache that may never be told. */
async function shop(t: TestContext, { told }: { told: boolean }) {
  const items = DISHES.map((item) => ({ ...item }));
  let served = JSON.stringify(menuOf(items));
  const server = createServer((request, response) => {
    if (request.method === 'GET') return response.end(served);
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    return request.on('end', () => {
      const item = items.find(({ id }) => request.url!.endsWith(`/items/${id}`));
      if (!item || request.headers.authorization !== 'Bearer key') return response.writeHead(404).end();
      Object.assign(item, JSON.parse(body));
      if (told) served = JSON.stringify(menuOf(items));
      return response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function change(url: string) {
  const dishes = dishesToChange(createRandom('seed'), menuOf(DISHES));
  const history = new TruthHistory(dishes);
  const plan = planChanges(dishes, 20, 110);
  const signal = new AbortController().signal;
  const changes = await makeChanges({ url, storeId: 's', adminKey: 'key', plan, history, beganMs: Date.now(), signal });
  return { dishes, history, changes, signal };
}

test('only dishes that nothing else changes are changed, and every price is new', () => {
  const dishes = dishesToChange(createRandom('seed'), menuOf(DISHES));
  assert.deepEqual(dishes.map(({ id }) => id).sort(), ['a', 'b']);
  const plan = planChanges(dishes, 100, 2_000);
  assert.equal(plan.length, 19);
  const prices = plan.filter(({ field }) => field === 'price').map(({ item, value }) => `${item.id} ${value}`);
  assert.equal(new Set(prices).size, prices.length);
  assert.ok(plan.some(({ field, value }) => field === 'soldOut' && value === true));
  assert.ok(plan.some(({ field, value }) => field === 'soldOut' && value === false));
});

test('a shop that is told of changes is right, one that is not is wrong for ever', async (t) => {
  for (const told of [true, false]) {
    const url = await shop(t, { told });
    const { history, changes, signal } = await change(url);
    assert.equal(changes.length, 5);
    assert.ok(changes.every(({ ackedMs }) => ackedMs !== undefined));
    assert.equal(await waitUntilRight(url, 's', history, 100, signal), told ? 'right' : 'wrong');
  }
});

test('changes that nobody acknowledged are no test of a cache', async (t) => {
  const made = await change('http://127.0.0.1:1');
  assert.throws(() => requireChanges(made.changes), /^Error: None of 5 changes of the menu went through/);
  const truth = await summarizeTruth({ answers: [], ...made, beganMs: 0, wrongForEver: false, meters: [] });
  assert.deepEqual(truth.changes, []);
  requireChanges([]);
  requireChanges((await change(await shop(t, { told: true }))).changes);
});

test('a server that is gone is blank, and its changes are unknown', async () => {
  const url = 'http://127.0.0.1:1';
  const { history, changes, signal } = await change(url);
  assert.ok(changes.every(({ ackedMs }) => ackedMs === undefined));
  assert.equal(await waitUntilRight(url, 's', history, 0, signal), 'blank');
  assert.equal((await askMenu(url, 's')).status, 0);
});

test('what is written by a tap is read from it, and a cut last line is left out', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-tap-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'answers.jsonl');
  const tap = createTap(file);
  const first = tap.menu(menuOf(DISHES));
  tap.answer(1, 2, 200, first);
  tap.answer(3, 4, 304, first);
  assert.equal(tap.menu(menuOf(DISHES)), first, 'the same menu keeps its number');
  assert.equal(tap.menu(menuOf([])), -1, 'a menu without dishes is blank');
  tap.answer(5, 6, 503, -1);
  appendFileSync(file, '[7, 8,');
  const answers: Answer[] = [];
  for await (const answer of readTap(file)) answers.push(answer);
  assert.deepEqual(
    answers.map(({ sentMs, status, shown }) => [sentMs, status, shown?.get('a')?.price]),
    [
      [1, 200, 9_000],
      [3, 304, 9_000],
      [5, 503, undefined],
    ],
  );
});

test('stale, blank and failed answers are counted apart, by second, and the result is one that the report reads', async () => {
  const history = new TruthHistory([DISHES[0]!]);
  history.change('a', 'price', 9_100, 1_000, 1_010);
  const answer = (sentMs: number, price: number | undefined, status = 200): Answer => ({
    sentMs,
    receivedMs: sentMs + 1,
    status,
    shown: price === undefined ? undefined : new Map([['a', { price, soldOut: false }]]),
  });
  const truth = await summarizeTruth({
    answers: [
      answer(500, 9_000),
      answer(1_500, 9_000),
      answer(2_500, 9_100),
      answer(2_600, 9_000),
      answer(2_700, undefined),
      answer(2_800, undefined, 503),
      answer(2_900, undefined, 500),
      answer(2_950, undefined, 0),
    ],
    history,
    changes: [],
    beganMs: 0,
    wrongForEver: false,
    meters: [
      { atMs: 0, loads: 3, databaseReads: 100 },
      { atMs: 1_000, loads: 4, databaseReads: 110 },
      { atMs: 3_000, loads: 24, databaseReads: 130 },
    ],
  });
  assert.ok(Value.Check(Truth, truth));
  const { answers, checked, staleShare, oldestAgeMs, blank, errors, loads, loadsPerSecondMax, databaseReads } = truth;
  assert.deepEqual(
    { answers, checked, staleShare, oldestAgeMs, blank, errors, loads, loadsPerSecondMax, databaseReads },
    {
      answers: 8,
      checked: 4,
      staleShare: 0.5,
      oldestAgeMs: 1_590,
      blank: 2,
      errors: 2,
      loads: 21,
      loadsPerSecondMax: 10,
      databaseReads: 30,
    },
  );
  assert.deepEqual(
    truth.seconds!.map(({ atS, checked, stale }) => [atS, checked, stale]),
    [
      [0, 1, 0],
      [1, 1, 1],
      [2, 2, 1],
    ],
  );
});

test('a counter is summed over its labels, and one of a longer name is another', () => {
  const text = [
    '# HELP loads_count x',
    'loads_count{place="menu",result="ok"} 4',
    'loads_count{place="menu",result="failed"} 1',
    'loads_count{place="store",result="ok"} 100',
    'loads_counter 7',
    'plain 3',
  ].join('\n');
  assert.equal(sumCounter(text, 'loads_count', 'place="menu"'), 5);
  assert.equal(sumCounter(text, 'plain', ''), 3);
  assert.equal(sumCounter(text, 'missing', ''), 0);
  assert.equal(mostLoadsPerSecond([]), 0);
});
