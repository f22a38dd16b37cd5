import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { Knee } from '../results/index.ts';
import { compare } from './compare.ts';
import { expandInputs, readRun } from './read/inputs.ts';
import { figuresOf, kneeFigure } from './run-figures.ts';
import { manifestOf, simulate, writeRung } from './testing/simulate.ts';
import { workDetail } from './verdict/details.ts';

const tried = (rate: number, ok: boolean, generatorLimited = false) => ({
  rate,
  ok,
  p99Ms: ok ? 50 : 500,
  errorRate: 0,
  ...(generatorLimited && { generatorLimited }),
});
const knee = (ratePerSecond: number | null, ...loads: Knee['tried']): Knee => ({
  ratePerSecond,
  serviceLevel: { p99Ms: 100, errorRate: 0.001 },
  tried: loads,
});

test('a knee is exact where the server broke, and a lower bound where only the generator did or nothing was too much', () => {
  const server = knee(400, tried(400, true), tried(900, false, true), tried(600, false), tried(600, false));
  assert.deepEqual(kneeFigure(server), { value: 400 });
  const generator = knee(400, tried(400, true), tried(900, false), tried(600, false, true), tried(600, false, true));
  assert.deepEqual(kneeFigure(generator), { value: 400, atLeast: true });
  const onceEach = knee(400, tried(400, true), tried(600, false, true), tried(600, false));
  assert.deepEqual(kneeFigure(onceEach), { value: 400 });
  assert.deepEqual(kneeFigure(knee(400, tried(200, true), tried(400, true))), { value: 400, atLeast: true });
  // A load that was kept the second time says nothing against itself.
  const again = knee(400, tried(300, false, true), tried(300, true), tried(400, true), tried(500, false));
  assert.deepEqual(kneeFigure(again), { value: 400 });
  assert.deepEqual(kneeFigure(knee(null, tried(50, false), tried(16, false))), { value: 16, isBelow: true });
});

test('a knee is unknown where the generator gave up at every load, and below the lowest load that the server failed', () => {
  assert.equal(kneeFigure(knee(null, tried(50, false, true), tried(16, false, true))), undefined);
  assert.deepEqual(kneeFigure(knee(null, tried(50, false), tried(16, false, true))), { value: 50, isBelow: true });
});

test('a percentile that the file does not know is no figure, whatever its maximum', async () => {
  const slice = (at: string, max: number): unknown => ({
    timestamp: at,
    scenariosCreated: 600,
    requestsCompleted: 600,
    latency: { min: 3, max, median: 10, p95: 20, p99: 30 },
    codes: { 200: 600 },
    errors: {},
  });
  const intermediate = [slice('2021-03-08T02:11:30.000Z', 40), slice('2021-03-08T02:11:40.000Z', 9000)];
  const file = join(mkdtempSync(join(tmpdir(), 'matjip-figures-')), 'old.json');
  after(() => rmSync(dirname(file), { recursive: true }));
  writeFileSync(file, JSON.stringify({ aggregate: slice('2021-03-08T02:11:40.000Z', 9000), intermediate }));
  const [input] = expandInputs([file]);
  assert.ok(input);
  for (const warmupS of [undefined, 5]) {
    const { figures } = figuresOf(await readRun(input, warmupS));
    assert.deepEqual([figures.p99?.value, figures.p999], [30, undefined]);
  }
});

test('what a request costs is told at half the knee where that was measured, and never held against a cost at another kind of load', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-work-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const run = simulate({ seed: 1, ratePerSecond: 20, durationS: 20, answer: () => ({ ms: 5 }) });
  const server = { cpuSeconds: 6, databaseCpuSeconds: 4, requests: 400, databaseStatements: 4_000, databaseBytes: 1 };
  for (const name of ['before', 'after'])
    writeRung(join(folder, name), run, { manifest: manifestOf(name, { server }) });
  const counted = { databaseReads: 4_000, databaseStatements: 8_000, databaseBytes: 16_000 };
  const work = { offeredPerSecond: 1_000, requests: 4_000, cpuSeconds: 2, databaseCpuSeconds: 2, ...counted };
  const house = { kind: 'matjip-full-house', version: 1, kneePerSecond: 2_000, usefulMs: 1_000, work, steps: [] };
  writeFileSync(join(folder, 'after/full-house.json'), JSON.stringify(house));
  const groups = await Promise.all(
    ['before', 'after'].map(async (name) => {
      const [input] = expandInputs([join(folder, name)]);
      return { key: name, label: { ko: name, en: name }, runs: [figuresOf(await readRun(input!, undefined))] };
    }),
  );
  const [before, after] = groups.map(({ runs }) => runs[0]!.figures);
  assert.deepEqual(before!.cpuMs, { value: 25 });
  assert.deepEqual(after!.cpuMs, { value: 1, perSecond: 1_000 });
  assert.deepEqual([after!.cpuDatabaseMs?.value, after!.statementsPerRequest?.value], [0.5, 2]);
  assert.equal(compare(groups[0]!, groups[1]!, 'cpuMs', groups), undefined);
  assert.ok(compare(groups[0]!, groups[1]!, 'p50', groups));
  const said = workDetail(groups).map(({ en }) => en);
  assert.deepEqual(said, [
    'CPU, statements, bytes and reads of a request are measured at half of each knee: after 1,000/s.',
  ]);
});
