import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { OrderRequest } from '../contract/index.ts';
import type { Problem } from '../platform/http/problem.ts';
import { newId } from '../platform/id.ts';
import { toCandidate } from './candidate.ts';
import { type Decision, decide, type GroupState, type Head, orderKey } from './decide.ts';
import type { Catalogue, CatalogueItem, GroupPace, StatedState } from './ports.ts';
import { remainingOf, type StockCount } from './stock-count.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 3);
const TODAY = '2026-11-24';

const item = (id: string, changes: Partial<CatalogueItem> = {}): CatalogueItem => ({
  id,
  name: { ko: id, en: id },
  price: 1_000,
  soldOut: false,
  dailyLimit: null,
  station: 'kitchen',
  groups: [],
  options: new Map(),
  ...changes,
});

const catalogue = (...items: CatalogueItem[]): Catalogue => ({
  menuVersion: 1,
  items: new Map(items.map((each) => [each.id, each])),
});

/** A store of which this is said, and that promises a quarter of an hour. */
const said = (state: StatedState['state'], changes: Partial<StatedState> = {}): GroupPace => ({
  stated: { state, by: 'hand', reason: null, untilMs: null, ...changes },
  added: new Map(),
  take: () => 15,
});

const head = (id: string, of: Catalogue, changes: Partial<Head> = {}): Head => ({
  store: {
    id,
    slug: id,
    name: { ko: id, en: id },
    state: 'open',
    promisedMinutes: 15,
    currency: 'KRW',
    timeZone: 'Asia/Seoul',
    tables: 10,
    dayStartsHour: 4,
    prepMinutes: 15,
    hours: null,
    daysOff: [],
    tableNames: null,
    tableLinks: 'open',
    tableGenerations: {},
    visitCode: false,
    isPaced: false,
    room: null,
    tableLimits: { orders: 30, portions: 150, unpaid: 1_000_000 },
    discountMax: { hall: 10, manager: 50 },
    business: null,
    reason: null,
    until: null,
    promisedRange: { from: 10, to: 20 },
  },
  pace: said('open'),
  day: TODAY,
  lastNumber: 0,
  catalogue: of,
  ...changes,
});

const state = (heads: readonly Head[], changes: Partial<GroupState> = {}): GroupState => ({
  heads: new Map(heads.map((each) => [each.store.id, each])),
  existing: new Map(),
  stock: new Map(),
  nowMs: NOW_MS,
  today: () => TODAY,
  tableRefusal: () => undefined,
  ...changes,
});

/** Counts of dishes of a store: so many portions are left. */
const counts = (storeId: string, portions: Readonly<Record<string, number>>): GroupState['stock'] =>
  new Map(
    Object.entries(portions).map(([id, offered]) => [
      orderKey(storeId, id),
      { count: 1, day: TODAY, offered, sold: 0 },
    ]),
  );

const want = (storeId: string, lines: OrderRequest['lines'], id = newId(), more: Partial<OrderRequest> = {}) =>
  toCandidate(storeId, id, { lines, ...more });
const kindOf = (decision: Decision) => (decision.kind === 'refused' ? decision.problem.type : decision.kind);
const problemOf = (decision: Decision): Problem => {
  assert.ok(decision.kind === 'refused');
  return decision.problem;
};

test('portions go to whoever came first, and a smaller order may still have what a larger one could not', () => {
  const { decisions, sold, placed } = decide(
    [
      want('a', [{ itemId: 'soup', quantity: 3 }]),
      want('a', [{ itemId: 'soup', quantity: 2 }]),
      want('a', [{ itemId: 'soup', quantity: 1 }]),
      want('a', [{ itemId: 'soup', quantity: 1 }]),
    ],
    state([head('a', catalogue(item('soup')), { lastNumber: 41 })], { stock: counts('a', { soup: 4 }) }),
  );
  assert.deepEqual(decisions.map(kindOf), ['placed', 'sold-out', 'placed', 'sold-out']);
  assert.deepEqual(problemOf(decisions[1]!).toBody().items, [{ itemId: 'soup', remaining: 1 }]);
  assert.deepEqual(problemOf(decisions[3]!).toBody().items, [{ itemId: 'soup', remaining: 0 }]);
  assert.deepEqual(sold, [{ storeId: 'a', itemId: 'soup', count: 1, day: TODAY, offered: 4, sold: 4 }]);
  assert.deepEqual(
    placed.map((order) => [...order.fromCounts]),
    [[['soup', 1]], [['soup', 1]]],
  );
  assert.deepEqual(
    placed.map((order) => order.number),
    [42, 43],
  );
});

test('a key twice in one group is one order, and the second caller is a replay', () => {
  const id = newId();
  const lines = [{ itemId: 'soup', quantity: 1 }];
  const { decisions, placed } = decide(
    [want('a', lines, id), want('a', lines, id), want('a', lines, id, { table: 9 }), want('b', lines, id)],
    state([head('a', catalogue(item('soup'))), head('b', catalogue(item('soup')))]),
  );
  assert.deepEqual(decisions.map(kindOf), ['placed', 'replayed', 'key-reused', 'placed']);
  assert.equal(placed.length, 2);
});

test('an order’s portions are its own store’s, also where two stores name a dish alike', () => {
  const menu = catalogue(item('soup'));
  const { decisions, sold } = decide(
    ['a', 'b', 'b', 'a'].map((store) => want(store, [{ itemId: 'soup', quantity: 2 }])),
    state([head('a', menu), head('b', menu)], {
      stock: new Map([...counts('a', { soup: 2 }), ...counts('b', { soup: 5 })]),
    }),
  );
  assert.deepEqual(decisions.map(kindOf), ['placed', 'placed', 'placed', 'sold-out']);
  assert.deepEqual(
    sold.map(({ storeId, sold: portions }) => [storeId, portions]),
    [
      ['a', 2],
      ['b', 4],
    ],
  );
});

test('the first order of a day turns the count: a daily limit is whole again, what a person counted goes on', () => {
  const yesterday = { count: 3, day: '2026-11-23', offered: 10, sold: 9 };
  const { decisions, sold, placed } = decide(
    [
      want('a', [
        { itemId: 'daily', quantity: 4 },
        { itemId: 'hand', quantity: 1 },
        { itemId: 'unlimited', quantity: 7 },
        { itemId: 'never', quantity: 1 },
      ]),
      want('a', [{ itemId: 'daily', quantity: 2 }]),
      want('a', [{ itemId: 'hand', quantity: 1 }]),
    ],
    state(
      [
        head('a', catalogue(item('daily', { dailyLimit: 5 }), item('hand'), item('unlimited'), item('never')), {
          day: '2026-11-23',
          lastNumber: 80,
        }),
      ],
      {
        stock: new Map<string, StockCount>([
          [orderKey('a', 'daily'), yesterday],
          [orderKey('a', 'hand'), yesterday],
          [orderKey('a', 'unlimited'), { ...yesterday, offered: null }],
        ]),
      },
    ),
  );
  assert.deepEqual(decisions.map(kindOf), ['placed', 'sold-out', 'sold-out']);
  const row = (itemId: string, count: number, offered: number | null, portions: number) => ({
    storeId: 'a',
    itemId,
    count,
    day: TODAY,
    offered,
    sold: portions,
  });
  assert.deepEqual(sold, [row('daily', 4, 5, 4), row('hand', 3, 1, 1), row('unlimited', 3, null, 7)]);
  // What nothing limited took from no count.
  assert.deepEqual(Object.fromEntries(placed[0]!.fromCounts), { daily: 4, hand: 3 });
});

test('a clock that was set back turns no day and gives no portions', () => {
  const { decisions } = decide(
    [want('a', [{ itemId: 'daily', quantity: 1 }])],
    state([head('a', catalogue(item('daily', { dailyLimit: 5 })))], {
      stock: new Map([[orderKey('a', 'daily'), { count: 4, day: TODAY, offered: 5, sold: 5 }]]),
      today: () => '2026-11-23',
    }),
  );
  assert.deepEqual(decisions.map(kindOf), ['sold-out']);
});

test('a refused order leaves its key free, within a group as between groups', () => {
  const id = newId();
  const { decisions } = decide(
    [
      want('a', [{ itemId: 'soup', quantity: 9 }], id),
      want('a', [{ itemId: 'soup', quantity: 1 }], id),
      want('a', [{ itemId: 'soup', quantity: 9 }], id),
    ],
    state([head('a', catalogue(item('soup')))], { stock: counts('a', { soup: 1 }) }),
  );
  assert.deepEqual(decisions.map(kindOf), ['sold-out', 'placed', 'key-reused']);
});

test('an order that exists is a replay even when the store has closed and the dish is gone', () => {
  const order = want('a', [{ itemId: 'soup', quantity: 1 }]);
  const { decisions, placed, numbers, sold } = decide(
    [order],
    state([head('a', catalogue(), { pace: said('paused') })], {
      existing: new Map([[orderKey('a', order.id), order.requestHash]]),
    }),
  );
  assert.deepEqual(decisions.map(kindOf), ['replayed']);
  assert.deepEqual([placed.length, numbers.size, sold.length], [0, 0, 0]);
});

test('a paused store and a store that is not there take nothing; a busy one does', () => {
  const lines = [{ itemId: 'soup', quantity: 1 }];
  const menu = catalogue(item('soup'));
  const { decisions } = decide(
    [want('paused', lines), want('nowhere', lines), want('busy', lines)],
    state([head('paused', menu, { pace: said('paused') }), head('busy', menu, { pace: said('busy') })]),
  );
  assert.deepEqual(decisions.map(kindOf), ['store-closed', 'not-found', 'placed']);
});

test('a paused store says why and until when; one whose kitchen is full is only busy', () => {
  const untilMs = NOW_MS + 10 * 60_000;
  const refusal = (by: StatedState['by'], reason: string) =>
    problemOf(
      decide(
        [want('a', [{ itemId: 'soup', quantity: 1 }])],
        state([head('a', catalogue(item('soup')), { pace: said('paused', { by, reason, untilMs }) })]),
      ).decisions[0]!,
    );
  for (const [by, type] of [
    ['hand', 'store-closed'],
    ['pacing', 'busy'],
  ] as const) {
    const problem = refusal(by, '단체 손님');
    const { until, reason } = problem.toBody();
    assert.deepEqual(
      [problem.type, until, reason, problem.retryAfterS],
      [type, new Date(untilMs).toISOString(), '단체 손님', 600],
    );
  }
});

test('numbers begin at one on a new day, and a clock that was set back repeats none', () => {
  const lines = [{ itemId: 'soup', quantity: 1 }];
  const menu = catalogue(item('soup'));
  const take = (changes: Partial<Head>) => {
    const { numbers, placed } = decide([want('a', lines)], state([head('a', menu, changes)]));
    return { number: placed[0]!.number, ...numbers.get('a')! };
  };
  assert.deepEqual(take({ day: '-infinity', lastNumber: 0 }), {
    number: 1,
    lastNumber: 1,
    day: TODAY,
    stockChanged: false,
  });
  assert.equal(take({ day: '2026-11-23', lastNumber: 99 }).number, 1);
  assert.deepEqual(take({ day: '2026-11-25', lastNumber: 99 }), {
    number: 100,
    lastNumber: 100,
    day: '2026-11-25',
    stockChanged: false,
  });
});

test('the promise follows the store’s minutes', () => {
  const { placed } = decide(
    [want('a', [{ itemId: 'soup', quantity: 1 }])],
    state([head('a', catalogue(item('soup')))]),
  );
  assert.deepEqual([placed[0]!.placedAtMs, placed[0]!.promisedAtMs], [NOW_MS, NOW_MS + 15 * 60_000]);
});

test('however a group is made up, stock is conserved, orders are whole, and nobody who came first is passed over', () => {
  const stores = ['a', 'b'];
  const dishes = ['x', 'y', 'free'];
  const dishOf = (store: string, name: string) => `${store}-${name}`;
  const menus = new Map(stores.map((store) => [store, catalogue(...dishes.map((name) => item(dishOf(store, name))))]));
  const line = fc.record({ dish: fc.constantFrom(...dishes), quantity: fc.integer({ min: 1, max: 4 }) });
  const wish = fc.record({
    store: fc.constantFrom(...stores),
    key: fc.integer({ min: 0, max: 30 }),
    lines: fc.array(line, { minLength: 1, maxLength: 4 }),
  });
  const keys = Array.from({ length: 31 }, () => newId());
  fc.assert(
    fc.property(
      fc.array(wish, { maxLength: 60 }),
      fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 4, maxLength: 4 }),
      fc.nat(500),
      (wishes, portions, lastNumber) => {
        const candidates = wishes.map(({ store, key, lines }) =>
          want(
            store,
            lines.map(({ dish, quantity }) => ({ itemId: dishOf(store, dish), quantity })),
            keys[key],
          ),
        );
        const counted = stores.flatMap((store) => [dishOf(store, 'x'), dishOf(store, 'y')]);
        const stock = new Map(counted.map((dish, index) => [dish, portions[index]!]));
        const { decisions, placed, sold, numbers } = decide(
          candidates,
          state(
            stores.map((store) => head(store, menus.get(store)!, { lastNumber })),
            {
              stock: new Map(
                stores.flatMap((store) => [
                  ...counts(store, Object.fromEntries([...stock].filter(([dish]) => dish.startsWith(`${store}-`)))),
                ]),
              ),
            },
          ),
        );

        // One by one, as simply as it can be said: the whole group must come to the same.
        const left = new Map(stock);
        const known = new Map<string, string>();
        const expected = candidates.map((candidate) => {
          const key = orderKey(candidate.storeId, candidate.id);
          if (known.has(key)) return known.get(key) === candidate.requestHash ? 'replayed' : 'key-reused';
          const need = new Map<string, number>();
          for (const { itemId, quantity } of candidate.lines) need.set(itemId, (need.get(itemId) ?? 0) + quantity);
          if ([...need].some(([dish, wanted]) => (left.get(dish) ?? wanted) < wanted)) return 'sold-out';
          for (const [dish, wanted] of need) if (left.has(dish)) left.set(dish, left.get(dish)! - wanted);
          known.set(key, candidate.requestHash);
          return 'placed';
        });
        assert.deepEqual(decisions.map(kindOf), expected);
        for (const [dish, remaining] of left) {
          const count = sold.find(({ itemId }) => itemId === dish);
          assert.equal(count ? remainingOf(count) : stock.get(dish), remaining);
        }

        for (const store of stores) {
          const own = placed.filter((order) => order.candidate.storeId === store);
          assert.deepEqual(
            own.map((order) => order.number),
            own.map((_, index) => lastNumber + 1 + index),
          );
          assert.equal(numbers.get(store)?.lastNumber, own.length > 0 ? lastNumber + own.length : undefined);
        }
        for (const order of placed) {
          assert.equal(
            order.priced.total,
            order.candidate.lines.reduce((sum, each) => sum + each.quantity * 1_000, 0),
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});
