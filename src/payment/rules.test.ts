import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PaymentState } from '../contract/index.ts';
import type { ProviderPayment } from './ports.ts';
import { decide, type Known } from './rules.ts';

const STATES: readonly PaymentState[] = ['open', 'paid', 'declined', 'cancelled'];
const amount = fc.integer({ min: 1, max: 1_000_000 });
const known = fc.record({ state: fc.constantFrom(...STATES), amount, currency: fc.constantFrom('KRW', 'USD') });
const seen = fc.option(
  fc.record({
    key: fc.constant('k'),
    state: fc.constantFrom(...STATES),
    amount,
    currency: fc.constantFrom('KRW', 'USD'),
    refunded: fc.constant(0),
    payUrl: fc.constant(''),
  }),
  { nil: undefined },
);
const due = fc.integer({ min: -1_000_000, max: 1_000_000 });

test('whatever the provider says and whenever, all that it took is on the bill or goes back, and a bill never gets more than it owes', () => {
  fc.assert(
    fc.property(known, seen, fc.boolean(), due, (intent, told, isOver, owed) => {
      const outcome = decide(intent, told, isOver, owed);
      const isNews = told?.state === 'paid' && intent.state !== 'paid';
      assert.equal(outcome.kind === 'paid', isNews);
      if (outcome.kind !== 'paid') return;
      assert.equal(outcome.taken + (outcome.back?.amount ?? 0), told!.amount);
      assert.ok(outcome.taken <= Math.max(owed, 0));
      if (told!.amount !== intent.amount || told!.currency !== intent.currency) assert.equal(outcome.taken, 0);
    }),
  );
});

test('what is paid stays paid, and what is over only becomes paid', () => {
  const paid = { key: 'k', state: 'paid', amount: 5, currency: 'KRW', refunded: 0, payUrl: '' } as const;
  const is = (state: PaymentState): Known => ({ state, amount: 5, currency: 'KRW' });
  for (const state of STATES) assert.deepEqual(decide(is('paid'), { ...paid, state }, true, 5), { kind: 'nothing' });
  for (const state of ['declined', 'cancelled'] as const) {
    const other: ProviderPayment = { ...paid, state: state === 'declined' ? 'cancelled' : 'declined' };
    assert.deepEqual(decide(is(state), other, true, 5), { kind: 'nothing' });
    assert.deepEqual(decide(is(state), paid, true, 5), { kind: 'paid', taken: 5, back: undefined });
    assert.deepEqual(decide(is('open'), { ...paid, state }, false, 5), { kind: 'ends', state });
  }
  // What never reached the provider is over after a while, and not before.
  assert.deepEqual(decide(is('open'), undefined, false, 5), { kind: 'nothing' });
  assert.deepEqual(decide(is('open'), undefined, true, 5), { kind: 'ends', state: 'cancelled' });
});
