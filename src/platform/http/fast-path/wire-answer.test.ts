import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WireAnswer, WireTemplate } from './wire-answer.ts';

const HEADERS = ['retry-after', '3', 'content-type', 'application/problem+json'];

test('an answer of a template is, to the byte, the one that is made of the same headers and body', () => {
  const template = new WireTemplate(503, HEADERS);
  for (const body of ['', '{"type":"busy"}', 'x'.repeat(1_234)]) {
    const filled = template.fill(body);
    const made = new WireAnswer(503, [...HEADERS, 'content-length', String(body.length)], Buffer.from(body));
    // Whole seconds may pass between two answers.
    const undated = (bytes: Buffer) => bytes.toString('latin1').replace(/\r\nDate: [^\r]+GMT\r/, '');
    assert.equal(undated(Buffer.from(filled.bytes())), undated(made.bytes()));
    assert.deepEqual([filled.status, filled.headers, filled.body], [made.status, made.headers, made.body]);
  }
});
