import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMoney } from './money.ts';

test('won have no minor unit and read as in a Korean menu', () => {
  assert.equal(formatMoney(9000, 'KRW', 'ko'), '9,000원');
  assert.equal(formatMoney(0, 'KRW', 'ko'), '0원');
  assert.equal(formatMoney(1_234_500, 'KRW', 'en'), '₩1,234,500');
});

test('a currency with cents is divided by a hundred', () => {
  assert.equal(formatMoney(1250, 'USD', 'en'), '$12.50');
});
