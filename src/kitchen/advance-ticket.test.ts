import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { OrderStatus } from '../contract/index.ts';
import { orderStatusOf, parseTicketId } from './advance-ticket.ts';

test('an order is cooking from its first station’s start, and ready when its last is', () => {
  const cases: [OrderStatus[], OrderStatus][] = [
    [['placed'], 'placed'],
    [['placed', 'placed'], 'placed'],
    [['placed', 'cooking'], 'cooking'],
    [['placed', 'served'], 'cooking'],
    [['cooking', 'ready'], 'cooking'],
    [['ready', 'ready'], 'ready'],
    [['served', 'ready'], 'ready'],
    [['served', 'served'], 'served'],
  ];
  for (const [tickets, status] of cases) assert.equal(orderStatusOf(tickets), status, tickets.join());
});

test('the order of the tickets does not matter, and a step forward never moves the order back', () => {
  const steps: OrderStatus[] = ['placed', 'cooking', 'ready', 'served'];
  const rank = (status: OrderStatus) => steps.indexOf(status);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 6 }), fc.nat(5), (tickets, at) => {
      const status = orderStatusOf(tickets);
      assert.equal(orderStatusOf([...tickets].reverse()), status);
      const moved = tickets.with(at % tickets.length, steps[Math.min(3, rank(tickets[at % tickets.length]!) + 1)]!);
      assert.ok(rank(orderStatusOf(moved)) >= rank(status));
    }),
  );
});

test('a ticket’s id is its order’s and its station’s', () => {
  const orderId = '01a20f93-93ca-7f57-b250-47764723c31b';
  assert.deepEqual(parseTicketId(`${orderId.toUpperCase()}:wok`), { orderId, station: 'wok' });
  assert.deepEqual(parseTicketId(`${orderId}:a:b`), { orderId, station: 'a:b' });
  for (const id of ['', orderId, `${orderId}:`, `x${orderId}:wok`, `${orderId}:${'x'.repeat(41)}`]) {
    assert.throws(() => parseTicketId(id), { name: 'Problem', type: 'not-found' });
  }
});
