import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OrderRequest, WebhookRequest } from '../../../contract/index.ts';
import { createValidatorCompiler, hasMoreValues } from './validation.ts';

const compile = createValidatorCompiler();
const validatorOf = (schema: object) =>
  compile({ schema, method: 'POST', url: '/', httpPart: 'body' } as never) as unknown as {
    (data: unknown): boolean;
    errors: { keyword: string; instancePath: string }[];
  };

/** Values that count how often somebody looks into one of them. */
function counting(count: number) {
  let looks = 0;
  const look = () => {
    looks += 1;
  };
  const values = Array.from(
    { length: count },
    (_, a) =>
      new Proxy(
        { a },
        {
          get(target, name, receiver) {
            look();
            return Reflect.get(target, name, receiver);
          },
          ownKeys(target) {
            look();
            return Reflect.ownKeys(target);
          },
        },
      ),
  );
  return { values, looks: () => looks };
}

test('a list that is too long is refused for its length, and no entry is compared with another', () => {
  const validate = validatorOf(WebhookRequest);
  const { values, looks } = counting(10_800);
  assert.equal(validate({ url: 'https://example.com', events: values }), false);
  assert.deepEqual(
    validate.errors.map(({ keyword, instancePath }) => [keyword, instancePath]),
    [['maxItems', '/events']],
  );
  // As many as it takes to see that it is large, where a comparison of each with each takes 58 million.
  assert.ok(looks() <= 2_000, `${looks()} looks`);
});

test('a large body is told one fault, however many it has; a small one all of them', () => {
  const validate = validatorOf(OrderRequest);
  for (const hostile of [
    { lines: Array.from({ length: 43_000 }, () => ({})) },
    { lines: [], ...Object.fromEntries(Array.from({ length: 16_000 }, (_, n) => [`a${n}`, 1])) },
    { lines: [{ itemId: 'x', quantity: 1, optionIds: Array.from({ length: 30_000 }, () => 1) }] },
    { expectedTotal: 'x', lines: Array.from({ length: 43_000 }, () => ({})) },
    Array.from({ length: 60_000 }, () => 1),
  ]) {
    assert.equal(validate(hostile), false);
    assert.equal(validate.errors.length, 1);
  }
  assert.equal(validate({ table: '', lines: [{ quantity: 0 }, { itemId: 'x', quantity: 1.5 }] }), false);
  assert.ok(validate.errors.length >= 5);
});

test('the size of a value is looked at no further than the bound', () => {
  assert.equal(hasMoreValues({ a: [1, 2] }, 4), false);
  assert.equal(hasMoreValues({ a: [1, 2, 3] }, 4), true);
  const { values, looks } = counting(1_000);
  assert.equal(hasMoreValues(values, 10), true);
  assert.ok(looks() < 40);
});
