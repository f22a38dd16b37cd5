import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoreView } from '../../../src/contract/store.ts';
import { promiseOf, storeSentence, takesNoOrders } from './store-state.ts';

const store = (changes: Partial<StoreView>): StoreView => ({
  id: '',
  slug: '',
  name: { ko: '', en: '' },
  state: 'open',
  reason: null,
  until: null,
  promisedMinutes: 25,
  promisedRange: null,
  currency: 'KRW',
  timeZone: 'Asia/Seoul',
  tables: 1,
  ...changes,
});

test('a guest reads why a store takes no orders and until when, and nothing while it takes them', () => {
  const until = '2026-11-27T09:40:00.000Z';
  assert.equal(storeSentence(store({})), null);
  assert.match(storeSentence(store({ state: 'busy' }))!, /25분/);
  assert.match(storeSentence(store({ state: 'paused', until, reason: '단체 손님' }))!, /18:40.*단체 손님/);
  assert.match(storeSentence(store({ state: 'paused', until, reason: 'kitchen-full' }))!, /주방.*18:40/);
  assert.doesNotMatch(storeSentence(store({ state: 'paused' }))!, /\{\{|null/);
});

test('only a person’s pause takes no orders; a full kitchen gives a place in the line', () => {
  assert.equal(takesNoOrders(store({ state: 'paused' })), true);
  assert.equal(takesNoOrders(store({ state: 'paused', reason: 'kitchen-full' })), false);
  assert.equal(takesNoOrders(store({ state: 'busy' })), false);
});

test('a promise is a range where one was learned', () => {
  assert.equal(promiseOf(store({})), '약 25분');
  assert.equal(promiseOf(store({ promisedRange: { from: 20, to: 32 } })), '약 20~32분');
});
