import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Metric, Registry } from 'prom-client';
import { createRequestTimes } from '../../http/operations/request-times.ts';
import { percentileMs } from './figures.ts';
import { createHistory } from './history.ts';
import { createSampler, type Sample } from './take-sample.ts';

const BOUNDS = { everyMs: 5_000, slotsMax: 3, graceMs: 2_000 };
const sample = (slot: number, added: Sample['added'], present: Sample['present'] = {}): Sample => ({
  slot,
  added,
  present,
});
const orders = (count: number) => ({
  'matjip_request_seconds_bucket|order|0.05': 0,
  'matjip_request_seconds_bucket|order|0.08': count,
  'matjip_request_seconds_bucket|order|+Inf': count,
  'matjip_request_seconds_count|order': count,
  matjip_intake_group_size_count: 2,
  matjip_intake_group_size_sum: count,
});

test('what processes counted in the same seconds is added up, and of how full they are the worst counts', () => {
  const history = createHistory(BOUNDS);
  history.add(sample(10, orders(10), { matjip_overload_level: 0.8, matjip_open_streams: 3 }));
  history.add(sample(10, orders(30), { matjip_overload_level: 0.1, matjip_open_streams: 4 }));
  const { points, minute, heard } = history.read(50_000, 2);
  assert.equal(heard, 2);
  assert.equal(points.length, 1);
  const [{ orders: perSecond, level, streams, groupSize, processes }] = points as [(typeof points)[number]];
  assert.deepEqual(
    { perSecond, level, streams, groupSize, processes },
    {
      perSecond: 8,
      level: 0.8,
      streams: 7,
      groupSize: 10,
      processes: 2,
    },
  );
  assert.equal(minute.classes.find((each) => each.class === 'order')!.perSecond, 8);
  assert.equal(minute.intake.ordersPerSecond, 8);
});

test('a point waits for all processes, but not for one that stands still', () => {
  const history = createHistory(BOUNDS);
  history.add(sample(10, orders(10)));
  assert.deepEqual(history.read(50_100, 2).points, []);
  assert.equal(history.read(52_000, 2).points.length, 1);
  assert.equal(history.read(52_000, 2).heard, 1);
});

test('a timer that is early and fires twice for the same seconds makes one sample, and the next has what was counted since', async () => {
  let refused = 0;
  let nowMs = 0;
  const get = async () => ({ values: [{ labels: { class: 'order' }, value: refused }] });
  const none = async () => ({ values: [] });
  const take = createSampler(
    {
      getSingleMetric: (name: string) =>
        ({ get: name === 'matjip_requests_refused_total' ? get : none }) as unknown as Metric,
    },
    5_000,
    () => nowMs,
  );
  const refuseAndTake = (atMs: number, slot: number) => {
    refused += 3;
    nowMs = atMs;
    return take(slot);
  };
  assert.deepEqual((await refuseAndTake(4_999, 1))?.added, {
    'matjip_requests_refused_total|order': 3 * (5_000 / 4_999),
  });
  assert.equal(await refuseAndTake(5_000, 1), undefined);
  assert.deepEqual((await refuseAndTake(9_999, 2))?.added, { 'matjip_requests_refused_total|order': 6 });
});

test('only so many seconds are kept, and the oldest go', () => {
  const history = createHistory(BOUNDS);
  for (let slot = 1; slot <= 9; slot += 1) history.add(sample(slot, orders(slot)));
  assert.deepEqual(
    history.read(60_000, 1).points.map(({ at }) => Date.parse(at) / 5_000),
    [7, 8, 9],
  );
});

test('a percentile lies between the bounds of its count, never past the last, and is none where nothing was counted', () => {
  const added = {
    'a_bucket|0.01': 50,
    'a_bucket|0.02': 90,
    'a_bucket|0.05': 90,
    'a_bucket|+Inf': 100,
  };
  assert.equal(percentileMs(added, 'a', 0.5), 10);
  assert.equal(percentileMs(added, 'a', 0.7), 15);
  assert.equal(percentileMs(added, 'a', 0.99), 50);
  assert.equal(percentileMs(added, 'b', 0.5), null);
  assert.equal(percentileMs({}, 'a', 0.5), null);
});

test('times are printed as a histogram that Prometheus reads: counts up to each bound, by class', async () => {
  const registry = new Registry();
  const times = createRequestTimes(registry);
  const order = times.of('order');
  for (const tookMs of [0.25, 40, 40, 9_000]) order(tookMs);
  const text = await registry.metrics();
  const count = (le: string) =>
    Number(new RegExp(`matjip_request_seconds_bucket\\{class="order",le="${le}"\\} (\\d+)`).exec(text)?.[1]);
  assert.deepEqual(
    ['0.0005', '0.03', '0.05', '5', '+Inf'].map((le) => count(le === '+Inf' ? '\\+Inf' : le)),
    [1, 1, 3, 3, 4],
  );
  assert.match(text, /^# TYPE matjip_request_seconds histogram$/m);
  assert.match(text, /^matjip_request_seconds_count\{class="order"\} 4$/m);
  assert.match(text, /^matjip_request_seconds_sum\{class="order"\} 9\.08025$/m);
  assert.match(text, /^matjip_request_seconds_count\{class="menu"\} 0$/m);
});
