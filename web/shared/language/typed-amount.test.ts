import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAmount, writeAmount } from './typed-amount.ts';

test('an amount is read as people write it in any of the currencies', () => {
  for (const typed of ['9000', '9,000', '9,000원', '₩9,000', ' 9 000 ', '9000.0']) {
    assert.equal(readAmount(typed, 'KRW'), 9000, typed);
  }
  for (const typed of ['12.5', '$12.50', '12.500']) assert.equal(readAmount(typed, 'USD'), 1250, typed);
  assert.equal(readAmount('0', 'KRW'), 0);
});

test('what is no amount is none, and neither is one that is finer than the currency or longer than nine digits', () => {
  for (const typed of ['', '원', '오천원', '-1', '1e3', '9.5', '1234567890']) {
    assert.equal(readAmount(typed, 'KRW'), undefined, typed);
  }
  assert.equal(readAmount('12.505', 'USD'), undefined);
  assert.equal(readAmount('123456789', 'KRW'), 123_456_789);
});

test('an amount is written as it is read', () => {
  assert.equal(writeAmount(9000, 'KRW'), '9000');
  assert.equal(readAmount(writeAmount(1250, 'USD'), 'USD'), 1250);
});
