import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createMemorySoldOutItems } from '../../src/menu/index.ts';
import { type Candidate, toCandidate } from '../../src/order/candidate.ts';
import { createIdempotencyCache } from '../../src/order/idempotency-cache.ts';
import type { Intake } from '../../src/order/index.ts';
import { createPlaceOrder } from '../../src/order/place-order.ts';
import { soldOut } from '../../src/order/price.ts';
import { createSoldOutGate } from '../../src/order/sold-out-gate.ts';
import type { Queryable } from '../../src/platform/db/pool.ts';
import { Problem } from '../../src/platform/http/problem.ts';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const { client, db } = await startTestApp({ after });
const store = await makeStore(db, { stew: { price: 9_000, remaining: 0 }, rice: { price: 1_000, remaining: 9 } });
const { stew, rice } = store.dishes;

const want = (...itemIds: string[]) => ({ lines: itemIds.map((itemId) => ({ itemId, quantity: 1 })) });
const order = (...itemIds: string[]): Candidate => toCandidate(store.id, newId(), want(...itemIds));

/** A process whose intake says no to everybody, and counts whom; three are a crowd. Its clock is moved by hand. */
function refusingProcess(on: Queryable = db) {
  let nowMs = 10_000;
  const reached: Candidate[] = [];
  const questions: string[] = [];
  const counted: Queryable = {
    query(text, values, name) {
      questions.push(name ?? text);
      return on.query(text, values, name);
    },
  };
  const intake: Pick<Intake, 'take'> = {
    async take(candidate) {
      reached.push(candidate);
      return { kind: 'refused', problem: soldOut([{ itemId: candidate.lines[0]!.itemId, remaining: 0 }]) };
    },
  };
  const items = createMemorySoldOutItems(counted, () => nowMs);
  const place = createPlaceOrder({
    db: counted,
    intake: intake as Intake,
    acknowledged: createIdempotencyCache(10),
    soldOut: createSoldOutGate(items, { crowdPerSecond: 3, crowdMs: 5_000 }, () => nowMs),
    now: Date.now,
    bounds: { retryAgeMs: 1_000, lookUpsMax: 100, waitingMax: 1_000, refusalWaitMs: 1, lookUpWithinMs: 60 },
  });
  const refused = (candidate: Candidate) =>
    place(candidate, {}).then(
      () => assert.fail('it was taken'),
      (error) => {
        assert.ok(error instanceof Problem, String(error));
        assert.equal(error.type, 'sold-out');
        return error.toBody().items;
      },
    );
  const crowd = async () => {
    for (let count = 0; count < 3; count += 1) await refused(order(stew.id));
    assert.equal(reached.length, 3);
  };
  return { place, refused, crowd, items, reached, questions, pass: (ms: number) => (nowMs += ms) };
}

test('a few orders of a sold-out dish are the database’s to answer; of a crowd it sees no more, and all are told the same', async () => {
  const { refused, crowd, reached, questions } = refusingProcess();
  await crowd();
  assert.deepEqual(questions, []);
  const told = await Promise.all(Array.from({ length: 200 }, () => refused(order(rice.id, stew.id))));
  for (const items of told) assert.deepEqual(items, [{ itemId: stew.id, remaining: 0 }]);
  assert.equal(reached.length, 3);
  // One or two looks at what is sold out, and the orders looked up a hundred by one statement: the first alone, the rest behind it.
  assert.ok(questions.length <= 6, questions.join());
});

test('a crowd’s orders without the sold-out dish go their way', async () => {
  const { refused, crowd, reached } = refusingProcess();
  await crowd();
  await refused(order(rice.id));
  assert.equal(reached.length, 4);
});

test('an order that was acknowledged is answered again, whoever took it and however young its key', async () => {
  const { place, refused, crowd, reached } = refusingProcess();
  await db.query('UPDATE stock SET offered = sold + 1 WHERE item_id = $1', [stew.id]);
  const id = newId();
  const { status, body } = await client.order(store.id, want(stew.id), id);
  assert.equal(status, 201);
  await crowd();
  const { token: _, ...taken } = body;
  assert.deepEqual(await place(toCandidate(store.id, id, want(stew.id)), {}), { isNew: false, order: taken });
  await assert.rejects(place(toCandidate(store.id, id, want(stew.id, rice.id)), {}), { type: 'key-reused' });
  await refused(order(stew.id));
  assert.equal(reached.length, 3);
});

test('a dish that is back is let through when that is heard, and 0.8 s after the last look when it is not', async () => {
  const { refused, crowd, items, reached, questions, pass } = refusingProcess();
  await crowd();
  await refused(order(stew.id));
  await items.changed(store.id, { back: [stew.id] });
  await refused(order(stew.id));
  assert.equal(reached.length, 4);
  // Heard in the wrong order, it is sold out once more, and not for long.
  await items.changed(store.id, { gone: [stew.id] });
  await db.query('UPDATE stock SET offered = sold + 1 WHERE item_id = $1', [stew.id]);
  await refused(order(stew.id));
  assert.equal(reached.length, 4);
  pass(799);
  await refused(order(stew.id));
  assert.equal(reached.length, 4);
  pass(1);
  await refused(order(stew.id));
  assert.equal(reached.length, 5);
  assert.ok(questions.filter((name) => name === 'read-sold-out').length <= 3);
  await db.query('UPDATE stock SET offered = sold WHERE item_id = $1', [stew.id]);
});

test('what nobody can look up is left to the database', async () => {
  const away: Queryable = { query: () => Promise.reject(new Error('away')) };
  const { refused, crowd, reached } = refusingProcess(away);
  await crowd();
  await refused(order(stew.id));
  assert.equal(reached.length, 4);
});

test('when the crowd is gone the database answers again', async () => {
  const { refused, crowd, reached, pass } = refusingProcess();
  await crowd();
  await refused(order(stew.id));
  assert.equal(reached.length, 3);
  pass(5_000);
  await refused(order(stew.id));
  assert.equal(reached.length, 4);
});

test('yesterday’s count of a dish with new portions each day is no reason to refuse', async () => {
  const { refused, crowd, reached } = refusingProcess();
  await db.query('UPDATE item SET daily_limit = 5 WHERE id = $1', [stew.id]);
  await db.query(`UPDATE stock SET day = '2020-01-01' WHERE item_id = $1`, [stew.id]);
  await crowd();
  await refused(order(stew.id));
  assert.equal(reached.length, 4);
  await db.query('UPDATE item SET daily_limit = NULL WHERE id = $1', [stew.id]);
});

test('through the API: a crowd is refused whole, a dish that is put back is sold, and nobody is refused wrongly after it', async () => {
  const shop = await makeStore(db, { dish: { price: 9_000, remaining: 1 } });
  const request = { lines: [{ itemId: shop.dishes.dish.id, quantity: 1 }] };
  const answers = await Promise.all(Array.from({ length: 400 }, () => client.order(shop.id, request)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  for (const answer of answers) {
    if (answer.status === 201) continue;
    assertProblem(answer, 'sold-out');
    assert.deepEqual(answer.body.items, [{ itemId: shop.dishes.dish.id, remaining: 0 }]);
  }
  const path = `/api/v1/stores/${shop.id}/items/${shop.dishes.dish.id}`;
  const body = { remaining: 2 };
  assert.equal((await client.call(path, { method: 'PUT', token: ADMIN_KEY, body })).status, 200);
  await eventually(async () => assert.equal((await client.order(shop.id, request)).status, 201));
});
