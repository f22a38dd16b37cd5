import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderView } from '../../src/contract/order.ts';
import { ApiProblem } from '../shared/problem.ts';
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
