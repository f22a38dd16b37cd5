import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseMachines } from './choose-machines.ts';
import type { Measured, MeasuredRung } from './measured.ts';
import { makePlan } from './plan.ts';
import type { Prices } from './prices.ts';
import { toJson } from './write-json.ts';

/** Round figures, so that every bill can be checked by hand: a core costs 10 dollars a month. */
const PRICES: Prices = {
  name: { ko: '시험', en: 'test' },
  asOf: '2026-11-01',
  wonPerDollar: 1_000,
  hoursPerMonth: 100,
  machines: [2, 4, 8].map((cores) => ({ name: `m${cores}`, cores, memoryGiB: cores, dollarsPerHour: cores / 10 })),
  loadBalancerDollarsPerHour: 0.01,
  storageDollarsPerGiBMonth: 0.1,
  assume: { headroom: 0.5, averageOfPeak: 0.1, ordersShare: 0.1, databaseShare: 0.5, databaseGiB: 10 },
};

const rungOf = (name: string, knee: number, more: Partial<MeasuredRung> = {}): MeasuredRung => ({
  name,
  label: { ko: name, en: name },
  ladder: 'strategy',
  switches: {},
  cores: 2,
  knee: { low: knee * 0.8, base: knee, high: knee * 1.25 },
  wrong: false,
  cpuMs: { api: 3, database: 1 },
  ...more,
});

const measuredOf = (...rungs: MeasuredRung[]): Measured => ({
  kind: 'matjip-measured',
  version: 1,
  measuredAt: '2026-11-27T00:00:00Z',
  machine: 'a machine',
  rungs: rungs.map((rung, step) => ({ ...rung, step })),
});

test('whole machines hold the work with one of each role lost, and nothing cheaper does', () => {
  const need = fc.record({
    apiCores: fc.double({ min: 0.01, max: 700, noNaN: true }),
    databaseCores: fc.double({ min: 0.01, max: 8, noNaN: true }),
    redis: fc.boolean(),
  });
  fc.assert(
    fc.property(need, (wanted) => {
      const choice = chooseMachines(wanted, PRICES)!;
      const carries = (role: string): number => {
        const set = choice.sets.find((each) => each.role === role);
        return set ? (set.count - 1) * set.machine.cores : 0;
      };
      const together = carries('everything');
      if (together > 0) assert.ok(together + 1e-6 >= wanted.apiCores + wanted.databaseCores);
      else {
        assert.ok(carries('api') + 1e-6 >= wanted.apiCores);
        assert.ok(carries('database') + 1e-6 >= wanted.databaseCores);
      }
      assert.equal(carries('redis') > 0, wanted.redis);
      const paid = choice.sets.reduce((sum, { machine, count }) => sum + count * machine.dollarsPerHour * 100, 0);
      assert.ok(choice.dollarsPerMonth + 1e-6 >= paid);
      // Every other number of one kind of API machine beside the smallest database that is large enough.
      const database = PRICES.machines.find(({ cores }) => cores >= wanted.databaseCores)!;
      for (const machine of PRICES.machines) {
        const count = Math.ceil(wanted.apiCores / machine.cores) + 1;
        const redis = wanted.redis ? 2 * 20 : 0;
        const bill = count * machine.dollarsPerHour * 100 + 2 * (database.dollarsPerHour * 100 + 1) + 1 + redis;
        if (count <= 100) assert.ok(choice.dollarsPerMonth <= bill + 1e-6);
      }
    }),
  );
});

test('a bill that can be checked by hand', () => {
  // 1,000/s by 2 cores, half kept free: 250/s a core. 2,000/s need 8 cores, 6 of API and 2 of Postgres.
  const plan = makePlan(2_000, measuredOf(rungOf('only', 1_000)), PRICES);
  const [rung] = plan.rungs;
  assert.equal(rung!.safePerCore, 250);
  // Together: 2 × m8 with storage, 162 dollars. Apart: 4 × m2 for 6 cores and one lost, 2 × m2 with storage, balancer: 123.
  assert.deepEqual(
    rung!.choices.base!.sets.map(({ role, machine, count }) => [role, machine.name, count]),
    [
      ['api', 'm2', 4],
      ['database', 'm2', 2],
    ],
  );
  assert.equal(Math.round(rung!.choices.base!.dollarsPerMonth), 123);
  // 2,000/s × 0.1 × 0.1 × 360,000 s are 7.2 million orders.
  assert.equal(Math.round(rung!.perMillionOrders! * 100) / 100, 17.08);
  const json = toJson(plan);
  assert.deepEqual(json.rungs[0]!.monthly!.base, 123_000);
  assert.equal(json.rungs[0]!.machines, 6);
});

test('the slow end of the knee’s interval costs most and the fast end least', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 500, max: 5_000 }), (peak, knee) => {
      const { low, base, high } = makePlan(peak, measuredOf(rungOf('only', knee)), PRICES).rungs[0]!.choices;
      if (low && base && high) {
        assert.ok(low.dollarsPerMonth <= base.dollarsPerMonth && base.dollarsPerMonth <= high.dollarsPerMonth);
      }
      if (!base) assert.equal(high, undefined);
    }),
  );
});

test('a database that no machine of the list holds makes the rung impossible, with the reason', () => {
  const plan = makePlan(100_000, measuredOf(rungOf('slow', 100)), PRICES);
  const json = toJson(plan);
  assert.equal(json.rungs[0]!.machines, null);
  assert.match(json.rungs[0]!.impossible!, /one Postgres needs 1,000 cores, and the largest machine of the list has 8/);
  assert.equal(plan.best, undefined);
  assert.match(json.advice, /^No rung holds 100,000 requests a second/);
});

test('the advice names the machines, the money, the fullest role and the step that saves most', () => {
  const plan = makePlan(2_000, measuredOf(rungOf('untuned', 250), rungOf('cache', 1_000)), PRICES);
  assert.match(
    plan.advice.en,
    /^To hold 2,000 requests a second you need 4 × m2 for the API and 2 × m2 for Postgres at the rung “cache” \(₩123,000 a month\); the next won is best spent on/,
  );
  assert.match(plan.advice.en, /The step that saves most is from “untuned” to “cache”: at least ₩[\d,]+ a month\.$/);
  assert.equal(plan.best!.measured.name, 'cache');
});

test('where even the fullest machine has room for twice the crowd, the next won is not for machines', () => {
  const { advice } = makePlan(1, measuredOf(rungOf('cache', 1_000)), PRICES);
  assert.match(advice.en, /the next won is best spent on something else, as the fullest machine is only 1 % full\.$/);
  assert.match(advice.ko, /다음 돈은 다른 데 쓰는 것이 낫습니다\. 가장 많이 찬 기계도 1 %만 찹니다\.$/);
});

test('a rung that answers wrongly is never the advice, however cheap', () => {
  const plan = makePlan(500, measuredOf(rungOf('right', 1_000), rungOf('wrong', 50_000, { wrong: true })), PRICES);
  assert.equal(plan.best!.measured.name, 'right');
  assert.match(toJson(plan).advice, /“right”/);
});

test('where the bills’ intervals meet, no rung is called cheaper', () => {
  const plan = makePlan(2_000, measuredOf(rungOf('one', 1_000), rungOf('other', 1_050)), PRICES);
  assert.match(plan.advice.en, /It is not shown to be cheaper than “(one|other)”/);
});

const scalingOf = (alpha: number, beta: number) =>
  [1, 2, 4, 8, 16, 24, 32].map((cores) => ({
    cores,
    perSecond: (500 * cores) / (1 + alpha * (cores - 1) + beta * cores * (cores - 1)),
  }));

test('a law of scaling that the data carry asks for more cores than proportion does, and is held against a size it did not see', () => {
  const scaling = scalingOf(0.03, 0.0001);
  const rungs = makePlan(3_000, measuredOf(rungOf('plain', 1_000), rungOf('law', 1_000, { scaling })), PRICES).rungs;
  const [plain, law] = rungs.map(({ need }) => need!.apiCores + need!.databaseCores);
  assert.equal(plain, 12);
  assert.ok(law! > 12 && law! < 20, String(law));
  const { checked } = rungs[1]!.capacity;
  assert.equal(checked!.cores, 32);
  assert.ok(Math.abs(checked!.predicted / checked!.measured - 1) < 0.01);
});

test('beyond the peak of the law no number of machines holds the crowd', () => {
  const scaling = scalingOf(0.1, 0.01);
  const plan = makePlan(20_000, measuredOf(rungOf('law', 1_000, { scaling })), PRICES);
  assert.match(plan.rungs[0]!.impossible!.en, /law of scaling has its peak below it/);
});

test('data that cannot carry the law are refused with the reason, and the plan says what it counts instead', () => {
  const reasons = [
    {
      scaling: scalingOf(0.1, 0).slice(0, 5),
      why: /at least 6 different numbers of cores are needed, and there are 5/,
    },
    {
      scaling: scalingOf(0.1, 0).map(({ cores }) => ({ cores, perSecond: 100 * cores ** 1.3 })),
      why: /comes out negative \(-.*grew faster than the cores/,
    },
    { scaling: [...scalingOf(0.1, 0), { cores: 3, perSecond: 0 }], why: /0\/s on 3 cores is no point of it/ },
    {
      scaling: [90, 10, 400, 30, 500, 60].map((perSecond, i) => ({ cores: i + 1, perSecond })),
      why: /negative|do not follow the curve|interval is too wide/,
    },
  ];
  for (const { scaling, why } of reasons) {
    const [rung] = toJson(makePlan(500, measuredOf(rungOf('only', 1_000, { scaling })), PRICES)).rungs;
    assert.equal(rung!.scaling.law, 'proportional');
    assert.match((rung!.scaling as { refused: string }).refused, why);
  }
});

test('a series of fractions of a core is a law of small nodes: it is foretold, and far beyond it the last sizes count on', () => {
  const off = [1.01, 0.98, 1.0, 1.02, 0.99, 1.01, 0.98, 1.0];
  const scaling = off.map((luck, index) => {
    const n = index + 1;
    return { cores: n / 8, perSecond: ((60 * n) / (1 + 0.03 * (n - 1))) * luck };
  });
  const one = rungOf('law', 1_000, { scaling, cores: 1 });
  const [rung] = makePlan(200_000, measuredOf(one), PRICES).rungs;
  const { law, unit, checked, reach, coresFor } = rung!.capacity;
  assert.equal(unit, 1 / 8);
  assert.ok(law && checked?.cores === 1);
  const ratio = checked.predicted / checked.measured;
  assert.ok(ratio > 0.8 && ratio < 1.25, String(ratio));
  // Twice what one core carries takes more than two, and the law is asked up to twice the largest size at most.
  const two = coresFor(2_000, 1_000)!;
  assert.ok(two > 2 && two < 4, String(two));
  assert.ok(reach! >= 1 && reach! <= 2, String(reach));
  // Farther than the law can say nothing is called impossible: in proportion from there.
  const [far, farther] = [coresFor(1e6, 1_000)!, coresFor(2e6, 1_000)!];
  assert.ok(far > reach! && Math.abs(farther / far - 2) < 1e-6);
  assert.match(toJson(makePlan(500, measuredOf(one), PRICES)).rungs[0]!.scaling.law, /usl/);
});
