import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from './en.ts';
import { ko } from './ko.ts';

const placeholders = (message: string) => [...message.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

test('both languages have the same messages', () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(ko).sort());
});

test('every message says something and fills in the same values in both languages', () => {
  for (const key of Object.keys(ko) as (keyof typeof ko)[]) {
    assert.ok(ko[key].trim() && en[key].trim(), `${key} is empty`);
    assert.deepEqual(placeholders(en[key]), placeholders(ko[key]), key);
  }
});
