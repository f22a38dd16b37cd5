import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newId } from '../../src/platform/id.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { ADMIN_KEY } from '../support/keys.ts';
import { hallOf, newStore, openHall } from './hall.ts';

const hall = await openHall({ after });
const other = hallOf(hall.api, await newStore(hall.api.db));

test('what the hall does needs the store’s own key, or the owner’s', async () => {
  const party = await hall.join();
  const calls = [
    ['GET', '/waitlist', undefined],
    ['POST', '/waitlist/call', {}],
    ['POST', `/waitlist/${party.id}/seat`, undefined],
    ['POST', `/waitlist/${party.id}/no-show`, undefined],
    ['PUT', '/waitlist/state', { state: 'closed' }],
  ] as const;
  for (const [method, path, body] of calls) {
    for (const token of [undefined, 'wrong', party.token, other.key]) {
      assertProblem(await hall.call(path, { method, body, token }), 'unauthorized');
    }
  }
  assert.equal((await hall.look(party)).state, 'waiting');
  assert.equal((await hall.call('/waitlist', { token: ADMIN_KEY })).status, 200);
});

test('a party is its own guest’s: every other token, party and store looks like none', async () => {
  const [mine, theirs] = [await hall.join(), await hall.join()];
  const order = await hall.call(`/orders/${mine.id}`, { token: mine.token });
  assertProblem(order, 'not-found');
  const asks: [string, string | undefined, string?][] = [
    [`/waitlist/${mine.id}`, undefined],
    [`/waitlist/${mine.id}`, theirs.token],
    [`/waitlist/${newId()}`, mine.token],
    [`/waitlist/nonsense`, mine.token],
    [`/waitlist/${mine.id}`, theirs.token, 'DELETE'],
    [`/waitlist/${mine.id}/step-back`, theirs.token, 'POST'],
    [`/waitlist/${mine.id}/events`, theirs.token],
  ];
  for (const [path, token, method = 'GET'] of asks)
    assertProblem(await hall.call(path, { method, token }), 'not-found');
  assertProblem(await other.call(`/waitlist/${mine.id}`, { token: mine.token }), 'not-found');
  assertProblem(await other.seat(mine), 'not-found');
  assert.equal((await hall.look(mine)).state, 'waiting');
  // The hall sees every party of its store.
  assert.equal((await hall.call(`/waitlist/${mine.id}`, { token: hall.key })).body.id, mine.id);
});

test('nobody outside the hall sees a name', async () => {
  await hall.join(2, '비밀');
  const door = await hall.call('/door');
  assert.equal(door.status, 200);
  assert.doesNotMatch(JSON.stringify(door.body), /비밀/);
});

test('what is wrong with a party is said by its field', async () => {
  const join = (body: unknown, key: string | undefined = newId()) => hall.call('/waitlist', { body, key });
  for (const size of [0, 51, 2.5, '2', null]) assertProblem(await join({ size }), 'invalid', 'size');
  assertProblem(await join({}), 'invalid', 'size');
  assertProblem(await join({ size: 2, name: '가'.repeat(31) }), 'invalid', 'name');
  assertProblem(await join({ size: 2, phone: '010' }), 'invalid', 'phone');
  assertProblem(await hall.call('/waitlist', { body: { size: 2 } }), 'invalid', 'Idempotency-Key');
  assertProblem(await join({ size: 2 }, newId(Date.now() - 25 * 3_600_000)), 'invalid', 'Idempotency-Key');
  for (const name of ['\u0000', 'two\nlines']) assertProblem(await join({ size: 2, name }), 'invalid', 'name');
  assertProblem(await hall.setState('sleepy'), 'invalid', 'state');
  assertProblem(await hall.call('/waitlist/call', { body: { party: 'first' }, token: hall.key }), 'invalid', 'party');
  assertProblem(await hall.call('/waitlist?state=gone', { token: hall.key }), 'invalid', 'state');
  const party = await hall.join();
  const step = (body: unknown) =>
    hall.call(`/waitlist/${party.id}/step-back`, { method: 'POST', body, token: party.token });
  for (const stepsLeft of [-1, 4, 'all']) assertProblem(await step({ stepsLeft }), 'invalid', 'stepsLeft');
});

test('nobody waits: there is nobody to call', async () => {
  const empty = hallOf(hall.api, await newStore(hall.api.db));
  assertProblem(await empty.callNext(), 'not-found');
  assert.deepEqual((await empty.call('/door')).body, {
    state: 'open',
    waiting: 0,
    calls: [],
    eta: [2, 4, null].map((sizeMax) => ({ sizeMax, etaMinutes: null })),
  });
});
