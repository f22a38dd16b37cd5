import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LineView } from '../../../src/contract/line.ts';
import type { OrderView } from '../../../src/contract/order.ts';
import { ApiProblem } from '../../shared/server/problem.ts';
import { ATTEMPTS_MAX, deliver, type Pending } from './deliver.ts';

const pending: Pending = { key: 'key-1', body: '{"lines":[]}', lines: [], madeAtMs: 0 };
const order = { id: 'key-1', number: 42 } as OrderView;

/** A courier that meets each of `answers` in turn, and notes what it was asked to send and how long to wait. */
function courierMeeting(...answers: (OrderView | ApiProblem)[]) {
  const sent: string[] = [];
  const waits: number[] = [];
  return {
    sent,
    waits,
    post: async ({ key, body }: Pending) => {
      sent.push(`${key} ${body}`);
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      if (answer instanceof ApiProblem) throw answer;
      return answer as OrderView;
    },
    wait: async (ms: number) => {
      waits.push(ms);
      return true;
    },
    onRetry: () => {},
    look: async () => ({ ahead: 0, etaSeconds: 0, admitted: true, pollAfterMs: 0 }),
    onLook: () => {},
    keepPlace: () => {},
  };
}

test('a lost answer, a timeout and a 502 are met with the same key and the same bytes', async () => {
  const courier = courierMeeting(
    new ApiProblem('network'),
    new ApiProblem('timeout'),
    new ApiProblem('unavailable', 502),
    order,
  );
  assert.deepEqual(await deliver(pending, courier), { kind: 'taken', order });
  assert.deepEqual(courier.sent, Array(4).fill('key-1 {"lines":[]}'));
});

test('a full waiting room is left alone for as long as it asks', async () => {
  const courier = courierMeeting(new ApiProblem('busy', 503, {}, 7000), order);
  await deliver(pending, courier);
  assert.ok(courier.waits[0]! >= 7000, `${courier.waits}`);
});

test('a refusal is final', async () => {
  const refusal = new ApiProblem('sold-out', 409);
  const courier = courierMeeting(refusal, order);
  assert.deepEqual(await deliver(pending, courier), { kind: 'refused', problem: refusal });
  assert.equal(courier.sent.length, 1);
});

test('without any answer the trying has an end, and the outcome is unknown', async () => {
  const courier = courierMeeting(new ApiProblem('network'));
  assert.deepEqual(await deliver(pending, courier), { kind: 'unknown' });
  assert.equal(courier.sent.length, ATTEMPTS_MAX);
});

test('a guest who stops is obeyed at the next wait', async () => {
  const courier = { ...courierMeeting(new ApiProblem('network')), wait: async () => false };
  assert.deepEqual(await deliver(pending, courier), { kind: 'unknown' });
  assert.equal(courier.sent.length, 1);
});

const busyWith = (token: string, ahead = 3) => new ApiProblem('busy', 503, { place: { token, ahead, etaSeconds: 9 } });

/** A line that answers each look in turn. */
function lineSaying(...looks: (LineView | ApiProblem)[]) {
  const seen: string[] = [];
  return {
    seen,
    look: async (place: string) => {
      const said = looks[Math.min(seen.push(place), looks.length) - 1]!;
      if (said instanceof ApiProblem) throw said;
      return said;
    },
  };
}
const waiting = (pollAfterMs: number): LineView => ({ ahead: 2, etaSeconds: 9, admitted: false, pollAfterMs });
const admitted: LineView = { ahead: 0, etaSeconds: 0, admitted: true, pollAfterMs: 0 };

test('a full store’s place is waited in, asking as seldom as told, and then the same order is sent with it', async () => {
  const line = lineSaying(waiting(2_000), new ApiProblem('network'), waiting(5_000), admitted);
  const kept: (string | undefined)[] = [];
  const places: (string | undefined)[] = [];
  const courier = {
    ...courierMeeting(busyWith('p1'), order),
    ...line,
    keepPlace: (at: string | undefined) => kept.push(at),
  };
  const post = courier.post;
  const outcome = await deliver(pending, {
    ...courier,
    post: (sent) => {
      places.push(sent.place);
      return post(sent);
    },
  });
  assert.deepEqual(outcome, { kind: 'taken', order });
  assert.deepEqual([places, kept], [[undefined, 'p1'], ['p1']]);
  assert.deepEqual(courier.sent, Array(2).fill('key-1 {"lines":[]}'));
  assert.ok(courier.waits.includes(2_000) && courier.waits.includes(5_000));
});

test('after a reload the place is asked for first, and the order is sent once', async () => {
  const line = lineSaying(waiting(1_000), admitted);
  const courier = { ...courierMeeting(order), ...line };
  assert.deepEqual(await deliver({ ...pending, place: 'p1' }, courier), { kind: 'taken', order });
  assert.deepEqual([line.seen, courier.sent.length], [['p1', 'p1'], 1]);
});

test('a place that is good no more is let go, and the order gets another', async () => {
  const line = lineSaying(new ApiProblem('invalid', 422), admitted);
  const courier = { ...courierMeeting(busyWith('p2'), order), ...line };
  assert.deepEqual(await deliver({ ...pending, place: 'p1' }, courier), { kind: 'taken', order });
  assert.deepEqual(line.seen, ['p1', 'p2']);
});

test('however long the line is, waiting in it is no failure', async () => {
  const line = lineSaying(...Array.from({ length: 100 }, () => waiting(1_000)), admitted);
  const courier = { ...courierMeeting(busyWith('p1'), order), ...line };
  assert.equal((await deliver(pending, courier)).kind, 'taken');
});
