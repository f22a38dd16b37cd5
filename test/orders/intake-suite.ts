import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProblemType } from '../../src/contract/index.ts';
import { PROBLEMS } from '../../src/contract/index.ts';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, startTestApp, type TestAppOptions } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { makeStore, remainingOf, setStoreState } from '../support/store.ts';

type Lifetime = Parameters<typeof startTestApp>[0];

const DAY_MS = 86_400_000;

export function assertProblem(answer: Answer, type: ProblemType, field?: string | RegExp): void {
  assert.equal(answer.body.type, type, JSON.stringify(answer.body));
  assert.equal(answer.status, PROBLEMS[type].status);
  assert.equal(answer.body.status, answer.status);
  assert.equal(answer.body.title, PROBLEMS[type].title);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  if (field === undefined) return;
  const fields: { field: string; problem: string }[] = answer.body.fields ?? [];
  assert.ok(
    fields.some((each) => (typeof field === 'string' ? each.field === field : field.test(each.field)) && each.problem),
    `no field ${field} in ${JSON.stringify(fields)}`,
  );
}

/** What a client may rely on when it orders, whichever intake answers. */
export async function testIntake(t: Lifetime, options: TestAppOptions): Promise<void> {
  const app = await startTestApp(t, options);
  const store = await makeStore(app.db, {
    plain: { price: 9_000 },
    counted: { price: 12_000, remaining: 100 },
    last: { price: 15_000, remaining: 2 },
    gone: { price: 8_000, remaining: 0 },
    off: { price: 8_000, soldOut: true },
    pricey: { price: 30_000 },
    choice: {
      price: 10_000,
      groups: [
        { min: 1, max: 1, options: [{ price: 0 }, { price: 1_500 }, { price: 0, soldOut: true }] },
        { min: 0, max: 2, options: [{ price: 500 }, { price: 700 }, { price: 900 }] },
      ],
    },
  });
  const other = await makeStore(app.db, { theirs: { price: 5_000 } });
  const path = (suffix = '') => `/api/v1/stores/${store.id}/orders${suffix}`;
  const line = (name: keyof typeof store.dishes, quantity = 1) => ({ itemId: store.dishes[name].id, quantity });
  /** Every refusal is followed by this: nothing that was refused may stand in the next guest's way. */
  const nextOrderWorks = async () => {
    assert.equal((await app.client.order(store.id, { lines: [line('plain')] })).status, 201);
  };

  test('an order is answered with all of it, and is found again by its token', async () => {
    const key = newId();
    const [size, topping] = store.dishes.choice.groups;
    const optionIds = [size!.options[1]!.id, topping!.options[0]!.id];
    const before = Date.now();
    const answer = await app.client.order(
      store.slug,
      {
        table: 7,
        lines: [
          { ...line('choice', 2), optionIds, note: ' 덜 맵게, "very" \\ much\n' },
          line('counted', 3),
          line('counted'),
        ],
        expectedTotal: 2 * (10_000 + 1_500 + 500) + 4 * 12_000,
      },
      key,
    );
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    const { token, placedAt, promisedAt, number, ...order } = answer.body;
    assert.deepEqual(order, {
      id: key,
      storeId: store.id,
      table: '7',
      status: 'placed',
      total: 72_000,
      currency: 'KRW',
      lines: [
        {
          itemId: store.dishes.choice.id,
          name: { ko: '요리 choice', en: 'choice' },
          quantity: 2,
          unitPrice: 12_000,
          options: [
            { id: optionIds[0], name: { ko: '옵션', en: 'option-1' }, price: 1_500 },
            { id: optionIds[1], name: { ko: '옵션', en: 'option-0' }, price: 500 },
          ],
          note: '덜 맵게, "very" \\ much',
          total: 24_000,
        },
        ...[3, 1].map((quantity) => ({
          itemId: store.dishes.counted.id,
          name: { ko: '요리 counted', en: 'counted' },
          quantity,
          unitPrice: 12_000,
          options: [],
          total: 12_000 * quantity,
        })),
      ],
    });
    assert.equal(answer.headers.location, path(`/${key}`));
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['idempotent-replayed'], undefined);
    assert.ok(Number.isInteger(number) && number >= 1);
    assert.ok(Date.parse(placedAt) >= before && Date.parse(placedAt) <= Date.now());
    assert.equal(Date.parse(promisedAt) - Date.parse(placedAt), 15 * 60_000);
    assert.equal(await remainingOf(app.db, store.id, store.dishes.counted.id), 96);

    const found = await app.client.call(path(`/${key}`), { token });
    assert.equal(found.status, 200);
    assert.deepEqual(found.body, { ...order, number, placedAt, promisedAt });
  });

  test('the same key and body again answer the same, and change nothing', async () => {
    const key = newId();
    const request = {
      lines: [{ ...line('choice'), optionIds: [store.dishes.choice.groups[0]!.options[1]!.id], note: '매운 맛' }],
    };
    const first = await app.client.order(store.id, request, key);
    assert.equal(first.status, 201);
    const again = await app.client.order(store.id, request, key.toUpperCase());
    assert.equal(again.status, 200);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.deepEqual(again.body, first.body);
    const { rows } = await app.db.query<{ orders: number; lines: number }>(
      `SELECT (SELECT count(*) FROM orders WHERE id = $1) AS orders,
         (SELECT count(*) FROM order_line WHERE order_id = $1) AS lines`,
      [key],
    );
    assert.deepEqual(rows, [{ orders: 1, lines: 1 }]);
  });

  test('the same key with another body is refused, and the first order stands', async () => {
    const key = newId();
    assert.equal((await app.client.order(store.id, { lines: [line('plain')] }, key)).status, 201);
    for (const request of [
      { lines: [line('plain', 2)] },
      { lines: [line('plain')], table: 3 },
      { lines: [{ ...line('plain'), note: 'x' }] },
      { lines: [line('plain')], expectedTotal: 9_000 },
    ]) {
      assertProblem(await app.client.order(store.id, request, key), 'key-reused', 'Idempotency-Key');
    }
    assert.equal((await app.client.order(store.id, { lines: [line('plain')] }, key)).status, 200);
    await nextOrderWorks();
  });

  test('a key that was refused may be used again, with another body too', async () => {
    const key = newId();
    assertProblem(await app.client.order(store.id, { lines: [line('gone')] }, key), 'sold-out');
    const [wrong, right, wrongAgain] = await Promise.all([
      app.client.order(store.id, { lines: [line('gone', 2)] }, key),
      app.client.order(store.id, { lines: [line('plain')] }, key),
      app.client.order(store.id, { lines: [line('gone', 2)] }, key),
    ]);
    assert.equal(right.status, 201);
    // They may come before it, or after it and then find the key used.
    for (const answer of [wrong, wrongAgain]) assert.equal(answer.status, 409);
  });

  test('what is sold out is named with how many remain, and the order is refused whole', async () => {
    const stock = () => remainingOf(app.db, store.id, store.dishes.counted.id);
    const before = await stock();
    const answer = await app.client.order(store.id, { lines: [line('counted', 3), line('last', 2), line('last')] });
    assertProblem(answer, 'sold-out');
    assert.deepEqual(answer.body.items, [{ itemId: store.dishes.last.id, remaining: 2 }]);
    assert.equal(await stock(), before);
    assert.equal(await remainingOf(app.db, store.id, store.dishes.last.id), 2);

    for (const name of ['gone', 'off'] as const) {
      const refused = await app.client.order(store.id, { lines: [line('plain'), line(name)] });
      assertProblem(refused, 'sold-out');
      assert.deepEqual(refused.body.items, [{ itemId: store.dishes[name].id, remaining: 0 }]);
    }
    const option = store.dishes.choice.groups[0]!.options[2]!.id;
    const refused = await app.client.order(store.id, { lines: [{ ...line('choice'), optionIds: [option] }] });
    assertProblem(refused, 'sold-out');
    assert.deepEqual(refused.body.items, [{ itemId: store.dishes.choice.id, optionId: option, remaining: 0 }]);
    await nextOrderWorks();
  });

  test('another total than expected is refused with the new one; what the client believes is never charged', async () => {
    const request = { lines: [line('pricey', 2)], expectedTotal: 2 };
    const answer = await app.client.order(store.id, request);
    assertProblem(answer, 'price-changed');
    assert.equal(answer.body.total, 60_000);
    const change = { method: 'PUT', token: ADMIN_KEY, body: { price: 31_000 } };
    const changed = await app.client.call(`/api/v1/stores/${store.id}/items/${store.dishes.pricey.id}`, change);
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    const late = await app.client.order(store.id, { ...request, expectedTotal: 60_000 });
    assertProblem(late, 'price-changed');
    assert.equal(late.body.total, 62_000);
    assert.equal((await app.client.order(store.id, { ...request, expectedTotal: 62_000 })).body.total, 62_000);
  });

  test('a paused store takes nothing new, and still knows its orders', async () => {
    const key = newId();
    assert.equal((await app.client.order(store.id, { lines: [line('plain')] }, key)).status, 201);
    await setStoreState(app.db, store.id, 'paused');
    assertProblem(await app.client.order(store.id, { lines: [line('plain')] }), 'store-closed');
    assert.equal((await app.client.order(store.id, { lines: [line('plain')] }, key)).status, 200);
    await setStoreState(app.db, store.id, 'open');
    await nextOrderWorks();
  });

  test('a wrong field is named by its path, and the next order works', async () => {
    const { plain, choice } = store.dishes;
    const required = choice.groups[0]!.options[0]!.id;
    const one = (changes: object) => ({ lines: [{ ...line('plain'), ...changes }] });
    const cases: [string, unknown, string | RegExp][] = [
      ['no body members', {}, 'lines'],
      ['a list', [], 'body'],
      ['null', null, 'body'],
      ['no lines', { lines: [] }, 'lines'],
      ['lines that are no list', { lines: 7 }, 'lines'],
      ['51 lines', { lines: Array.from({ length: 51 }, () => line('plain')) }, 'lines'],
      ['10,000 lines', { lines: Array.from({ length: 10_000 }, () => 0) }, 'lines'],
      ['quantity 0', one({ quantity: 0 }), 'lines[0].quantity'],
      ['quantity -1', one({ quantity: -1 }), 'lines[0].quantity'],
      ['quantity 1.5', one({ quantity: 1.5 }), 'lines[0].quantity'],
      ['quantity 10^9', one({ quantity: 1_000_000_000 }), 'lines[0].quantity'],
      ['quantity "1"', one({ quantity: '1' }), 'lines[0].quantity'],
      ['quantity null', one({ quantity: null }), 'lines[0].quantity'],
      ['quantity missing', { lines: [{ itemId: plain.id }] }, 'lines[0].quantity'],
      ['an item that is no id', one({ itemId: 'kimchi' }), 'lines[0].itemId'],
      ['an unknown item', one({ itemId: newId() }), 'lines[0].itemId'],
      ['another store’s item', one({ itemId: other.dishes.theirs.id }), 'lines[0].itemId'],
      ['the second line wrong', { lines: [line('plain'), { itemId: newId(), quantity: 1 }] }, 'lines[1].itemId'],
      ['an unknown option', one({ optionIds: [newId()] }), 'lines[0].optionIds[0]'],
      ['an option of another item', one({ optionIds: [required] }), 'lines[0].optionIds[0]'],
      ['a required option missing', { lines: [line('choice')] }, 'lines[0].optionIds'],
      [
        'more options than may be',
        { lines: [{ ...line('choice'), optionIds: choice.groups.flatMap((g) => g.options.map((o) => o.id)) }] },
        'lines[0].optionIds',
      ],
      ['an option twice', { lines: [{ ...line('choice'), optionIds: [required, required] }] }, /^lines\[0\].optionIds/],
      [
        'an option twice in two spellings',
        { lines: [{ ...line('choice'), optionIds: [required, required.toUpperCase()] }] },
        /^lines\[0\].optionIds/,
      ],
      ['a note of 201 characters', one({ note: 'x'.repeat(201) }), 'lines[0].note'],
      ['a note with a NUL', one({ note: 'a\0b' }), 'lines[0].note'],
      ['a note with half a surrogate pair', one({ note: 'a\ud83cb' }), 'lines[0].note'],
      ['a table with a NUL', { ...one({}), table: 'a\0' }, 'table'],
      ['a table of 21 characters', { ...one({}), table: 'x'.repeat(21) }, 'table'],
      ['a negative total', { ...one({}), expectedTotal: -1 }, 'expectedTotal'],
      ['a member that is not known', { ...one({}), total: 1 }, 'total'],
      ['a member of a line that is not known', one({ unitPrice: 1 }), 'lines[0].unitPrice'],
    ];
    for (const [name, body, field] of cases) {
      const answer = await app.client.call(path(), { body, key: newId() });
      assert.equal(answer.status, 422, `${name}: ${JSON.stringify(answer.body)}`);
      assertProblem(answer, 'invalid', field);
    }
    await nextOrderWorks();
  });

  test('a body that cannot be read is refused, and the next order works', async () => {
    const key = newId();
    const good = JSON.stringify({ lines: [line('plain')] });
    assertProblem(await app.client.call(path(), { body: good.slice(0, -2), key }), 'malformed-json', 'body');
    assertProblem(
      await app.client.call(path(), { body: `{"__proto__":1,${good.slice(1)}`, key }),
      'malformed-json',
      'body',
    );
    assertProblem(await app.client.call(path(), { body: '', key }), 'malformed-json', 'body');
    const huge = `{"lines":[${'{},'.repeat((10 * 1024 * 1024) / 3)}{}]}`;
    assertProblem(await app.client.call(path(), { body: huge, key }), 'too-large', 'body');
    assertProblem(
      await app.client.call(path(), { body: good, key, headers: { 'content-type': 'text/plain' } }),
      'unsupported-media-type',
      'Content-Type',
    );
    await nextOrderWorks();
  });

  test('the key is a UUIDv7 of today', async () => {
    const v4 = '3f2f5c1e-9d5b-4c7a-8a3c-2b1d0e9f8a7b';
    const bad = [undefined, '', 'abc', v4, newId(Date.now() - 365 * DAY_MS), newId(Date.now() + 365 * DAY_MS)];
    for (const key of bad) {
      const answer = await app.client.call(path(), { body: { lines: [line('plain')] }, key });
      assertProblem(answer, 'invalid', 'Idempotency-Key');
    }
    const yesterday = newId(Date.now() - DAY_MS + 60_000);
    assert.equal((await app.client.order(store.id, { lines: [line('plain')] }, yesterday)).status, 201);
  });

  test('an unknown store is not found, and neither is an order without its own token', async () => {
    for (const unknown of [newId(), 'no-such-store', '%00', "x';--"]) {
      const answer = await app.client.call(`/api/v1/stores/${unknown}/orders`, {
        body: { lines: [line('plain')] },
        key: newId(),
      });
      assertProblem(answer, 'not-found');
    }
    const mine = (await app.client.order(store.id, { lines: [line('plain')] })).body;
    const theirs = (await app.client.order(store.id, { lines: [line('plain')] })).body;
    for (const [id, token] of [
      [mine.id, theirs.token],
      [mine.id, undefined],
      [mine.id, 'x'],
      [mine.id, `${mine.token}x`],
      [newId(), mine.token],
      ['x', mine.token],
    ]) {
      assertProblem(await app.client.call(path(`/${id}`), { token }), 'not-found');
      assertProblem(await app.client.call(path(`/${id}`), { method: 'DELETE', token }), 'not-found');
    }
    // The token is the order's of its store, and not of a store that happens to know the key too.
    const elsewhere = `/api/v1/stores/${other.id}/orders/${mine.id}`;
    assertProblem(await app.client.call(elsewhere, { token: mine.token }), 'not-found');
    assert.equal((await app.client.call(path(`/${mine.id}`), { token: mine.token })).body.status, 'placed');
  });

  test('cancelling returns the portions once, and then says the same again', async () => {
    const stock = () => remainingOf(app.db, store.id, store.dishes.counted.id);
    const before = (await stock())!;
    const placed = await app.client.order(store.id, { lines: [line('counted', 2), line('plain'), line('counted')] });
    assert.equal(await stock(), before - 3);
    const cancel = () => app.client.call(path(`/${placed.body.id}`), { method: 'DELETE', token: placed.body.token });
    for (let times = 0; times < 2; times += 1) {
      const answer = await cancel();
      assert.equal(answer.status, 200);
      const { token: _, ...order } = placed.body;
      assert.deepEqual(answer.body, { ...order, status: 'cancelled' });
      assert.equal(await stock(), before);
    }
  });

  test('numbers count up from one, store by store', async () => {
    const fresh = await makeStore(app.db, { dish: { price: 1_000 } });
    const lines = [{ itemId: fresh.dishes.dish.id, quantity: 1 }];
    const first = await app.client.order(fresh.id, { lines });
    assert.equal(first.body.number, 1);
    const crowd = await Promise.all(Array.from({ length: 40 }, () => app.client.order(fresh.id, { lines })));
    const numbers = crowd.map((answer) => answer.body.number).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: 40 }, (_, index) => index + 2),
    );
  });

  test('one bad order in a crowd is refused alone', async () => {
    const good = Array.from({ length: 30 }, () => app.client.order(store.id, { lines: [line('plain')] }));
    const bad = Array.from({ length: 10 }, (_, index) =>
      index % 2 === 0
        ? app.client.order(store.id, { lines: [line('gone')] })
        : app.client.order(store.id, { lines: [{ itemId: newId(), quantity: 1 }] }),
    );
    const answers = await Promise.all([...good, ...bad]);
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [...good.map(() => 201), ...bad.map((_, index) => (index % 2 === 0 ? 409 : 422))],
    );
  });

  test('refusals are counted by reason, and none left an error or a stack trace in the log', async () => {
    const { body } = await app.client.call('/metrics');
    for (const reason of ['sold-out', 'price-changed', 'store-closed', 'key-reused', 'invalid']) {
      assert.match(body, new RegExp(`matjip_orders_refused_total\\{reason="${reason}"\\} [1-9]`));
    }
    for (const name of ['group_size', 'wait_seconds', 'commit_seconds']) {
      assert.match(body, new RegExp(`matjip_intake_${name}_count [1-9]`));
    }
    const lines = app.logLines.filter((each) => JSON.parse(each).level >= 50 || /\bat .+:\d+:\d+/.test(each));
    assert.deepEqual(lines, []);
  });
}
