import assert from 'node:assert/strict';
import { PROBLEMS, type ProblemType } from '../../src/contract/index.ts';
import type { Answer } from './client.ts';

/** @param field that is named in it, where a field is wrong */
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
