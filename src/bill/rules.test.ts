import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dueOf, isBusinessNumber, splitEvenly, vatIncluded } from '../contract/index.ts';
import { Problem } from '../platform/http/problem.ts';
import {
  apply,
  type Change,
  checkPayment,
  couponDiscount,
  type DishLine,
  handDiscount,
  NOTHING,
  priceDishes,
  REOPENED_WITHIN_MS,
  refund,
  reopens,
  type Sums,
} from './rules.ts';

const problemOf = (work: () => unknown): Problem => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
};

const step = fc.record({
  kind: fc.constantFrom('order', 'cancel', 'pay', 'discount', 'coupon', 'refund', 'again', 'void', 'reverse'),
  amount: fc.integer({ min: 1, max: 50_000 }),
});

test('whatever happens to a bill, in any order, its sums balance: nobody pays more than is left, nothing more comes back than was paid', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let sums: Sums = NOTHING;
      const orders: number[] = [];
      const made: Change[] = [];
      let given = 0;
      const make = (change: Change): void => {
        made.push(change);
        sums = apply(sums, change);
      };
      for (const { kind, amount } of steps) {
        const before = sums;
        try {
          if (kind === 'order') {
            orders.push(amount);
            sums = { ...sums, total: sums.total + amount };
          } else if (kind === 'cancel') {
            sums = { ...sums, total: sums.total - (orders.pop() ?? 0) };
          } else if (kind === 'pay') {
            checkPayment(sums, amount);
            make({ kind: 'payment', amount, waived: 0 });
          } else if (kind === 'discount') {
            const off = handDiscount(sums, { amount }, given, 50);
            given += off;
            make({ kind: 'discount', amount: off, waived: 0 });
          } else if (kind === 'coupon') {
            make({ kind: 'discount', amount: couponDiscount(sums, { percent: null, amount }), waived: 0 });
          } else if (kind === 'reverse') {
            const discounts = made.filter((change) => change.kind === 'discount');
            const back = discounts[made.filter((change) => change.kind === 'reversal').length];
            if (back) make({ kind: 'reversal', amount: back.amount, waived: 0 });
          } else if (kind === 'void') {
            if (dueOf(sums) > 0) make({ kind: 'void', amount: dueOf(sums), waived: 0 });
          } else {
            make(refund(sums, amount, sums.paid - sums.refunded, kind === 'again'));
          }
        } catch (error) {
          assert.ok(error instanceof Problem);
          assert.deepEqual(sums, before, 'a refusal changes nothing');
        }
        const sumOf = (wanted: string) =>
          made.reduce((sum, change) => sum + (change.kind === wanted ? change.amount : 0), 0);
        assert.equal(sums.paid, sumOf('payment'));
        assert.equal(sums.refunded, sumOf('refund'));
        assert.ok(sums.refunded <= sums.paid);
        assert.equal(sums.discounted, sumOf('discount') - sumOf('reversal'));
        assert.ok(sums.discounted >= 0);
        assert.equal(sums.waived, sumOf('void') + made.reduce((sum, { waived }) => sum + waived, 0));
        const charged = Math.max(sums.total - sums.discounted - sums.waived, 0);
        assert.equal(charged, sums.paid - sums.refunded + dueOf(sums), 'what is charged is paid or due');
        assert.ok(kind === 'cancel' || dueOf(sums) >= Math.min(dueOf(before), 0), 'only a cancel makes a shop owe');
      }
    }),
    { numRuns: 500 },
  );
});

const LINES: DishLine[] = [
  { orderId: 'a', line: 1, quantity: 3, unitPrice: 9_000, paid: 0 },
  { orderId: 'a', line: 2, quantity: 1, unitPrice: 10_001, paid: 0 },
];

test('dishes that are paid one after another come to the whole bill, discounts included', () => {
  fc.assert(
    fc.property(fc.nat(30_000), fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 }), (off, turns) => {
      let sums: Sums = { ...NOTHING, total: 37_001, discounted: off };
      const paid = [0, 0];
      for (const turn of turns) {
        const at = turn === 3 ? 1 : 0;
        const lines = LINES.map((line, index) => ({ ...line, paid: paid[index]! }));
        const amount = priceDishes(sums, lines, [{ orderId: 'a', line: at + 1, quantity: 1 }]);
        paid[at]! += 1;
        sums = apply(sums, { kind: 'payment', amount, waived: 0 });
      }
      assert.equal(dueOf(sums), 0);
    }),
  );
});

test('a dish is paid once, and a dish of another bill is named', () => {
  const sums = { ...NOTHING, total: 37_001 };
  const lines = LINES.map((line) => ({ ...line, paid: line.line === 1 ? 2 : 0 }));
  const twice = problemOf(() => priceDishes(sums, lines, [{ orderId: 'A', line: 1, quantity: 2 }]));
  assert.equal(twice.toBody().fields?.[0]?.allowed, '1 or fewer');
  assert.equal(
    problemOf(() => priceDishes(sums, lines, [{ orderId: 'b', line: 1, quantity: 1 }])).toBody().fields?.[0]?.field,
    'dishes[0]',
  );
});

test('a role gives so much in all and no more, and hears what it may still give', () => {
  const sums = { ...NOTHING, total: 50_000 };
  assert.equal(handDiscount(sums, { percent: 10 }, 0, 10), 5_000);
  assert.equal(problemOf(() => handDiscount(sums, { amount: 2_000 }, 4_000, 10)).toBody().most, 1_000);
  assert.equal(problemOf(() => handDiscount(sums, { percent: 50 }, 0, 0)).type, 'discount-too-large');
});

test('a visit that a discount ended goes on while its guests still sit there, and no later', () => {
  const at = new Date('2026-11-28T12:00:00Z');
  const [bill, discount] = [{ closedAt: at }, { at }];
  assert.ok(reopens(bill, discount, at.getTime() + REOPENED_WITHIN_MS));
  assert.ok(!reopens(bill, discount, at.getTime() + REOPENED_WITHIN_MS + 1));
  assert.ok(!reopens({ closedAt: new Date(at.getTime() + 1) }, discount, at.getTime() + 1), 'somebody paid the rest');
  assert.ok(!reopens({ closedAt: null }, discount, at.getTime()));
});

test('people pay equal parts in coins that there are, and the first pays what does not divide', () => {
  assert.deepEqual(splitEvenly(10_000, 3, 'KRW'), { parts: [3_340, 3_330, 3_330], remainder: 10 });
  assert.deepEqual(splitEvenly(1_000, 3, 'EUR'), { parts: [334, 333, 333], remainder: 1 });
  assert.deepEqual(splitEvenly(5, 2, 'KRW'), { parts: [5, 0], remainder: 5 });
});

test('the tax in a price and the check digit of a business number are reckoned as the tax office does', () => {
  assert.equal(vatIncluded(11_000, 10), 1_000);
  assert.equal(vatIncluded(9_500, 10), 864);
  assert.ok(isBusinessNumber('220-81-62517'));
  assert.ok(!isBusinessNumber('220-81-62518') && !isBusinessNumber('12-3'));
});
