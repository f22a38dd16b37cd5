import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblem, parseRetryAfterMs, problemOf } from './problem.ts';
import { backoffMs } from './retry.ts';

test('waits grow from a quarter second and never pass fifteen seconds', () => {
  assert.equal(
    backoffMs(1, 0, () => 0),
    250,
  );
  assert.equal(
    backoffMs(1, 0, () => 1),
    500,
  );
  assert.equal(
    backoffMs(3, 0, () => 1),
    2000,
  );
  assert.equal(
    backoffMs(50, 0, () => 1),
    15_000,
  );
});

test('a wait is never shorter than the server asked, and an absurd one is cut', () => {
  for (const random of [0, 0.5, 1]) assert.ok(backoffMs(1, 4000, () => random) >= 4000);
  assert.ok(backoffMs(1, 86_400_000, () => 1) < 130_000);
});

test('Retry-After is read as seconds or as a date', () => {
  assert.equal(parseRetryAfterMs('3'), 3000);
  assert.equal(parseRetryAfterMs('Tue, 03 Nov 2026 10:00:05 GMT', Date.parse('2026-11-03T10:00:00Z')), 5000);
  assert.equal(parseRetryAfterMs('soon'), undefined);
  assert.equal(parseRetryAfterMs(null), undefined);
});

test('no answer, 429 and 5xx may be sent again; a refusal may not', () => {
  assert.ok(new ApiProblem('network').retryable);
  assert.ok(new ApiProblem('timeout').retryable);
  assert.ok(problemOf(429, '{"type":"too-many-requests"}', '1').retryable);
  assert.ok(problemOf(502, '<html>Bad gateway</html>', null).retryable);
  assert.ok(!problemOf(409, '{"type":"sold-out"}', null).retryable);
  assert.ok(!problemOf(409, '{"type":"store-closed"}', null).retryable);
  assert.ok(!problemOf(422, '{"type":"invalid"}', null).retryable);
});

test('a problem keeps what the server said', () => {
  const problem = problemOf(409, '{"type":"price-changed","title":"x","total":9500}', null);
  assert.equal(problem.type, 'price-changed');
  assert.equal(problem.body.total, 9500);
});
