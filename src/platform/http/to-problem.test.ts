import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toProblem } from './to-problem.ts';

const problemOf = (code: string, statusCode?: number) =>
  toProblem(Object.assign(new Error('x'), { code, statusCode }), 1);

test('what rests on somebody or something that was removed meanwhile is stale, and no fault of ours', () => {
  assert.equal(problemOf('23503').type, 'stale');
  assert.equal(problemOf('22021').type, 'invalid');
  assert.equal(problemOf('23505').type, 'internal');
});

test('what the server finds wrong with a request as such says so, and claims no field', () => {
  const { type, status } = problemOf('FST_ERR_ROUTE_MISSING_CONTENT_TYPE', 400);
  assert.deepEqual([type, status], ['malformed-request', 400]);
});
