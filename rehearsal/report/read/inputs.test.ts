import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { CrowdResult } from '../../results/index.ts';
import { quantile } from '../../stats/distribution.ts';
import type { Run } from '../run.ts';
import { figuresOf } from '../run-figures.ts';
import { manifestOf, plausibleMs, simulate, writeRung } from '../testing/simulate.ts';
import { expandInputs, groupRuns, readRun } from './inputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'matjip-report-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const fixture = (name: string): string => join(import.meta.dirname, '../testing/fixtures', name);

async function readOne(word: string, warmupS?: number): Promise<Run> {
  const [input] = expandInputs([word]);
  assert.ok(input);
  return readRun(input, warmupS);
}

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('a result of Artillery 2', () => {
  test('is read with its counts, errors, users and endpoints', async () => {
    const run = await readOne(fixture('artillery-2.json'));
    assert.equal(run.source, 'artillery-2');
    assert.deepEqual(run.totals, {
      attempted: 4279,
      answered: 4239,
      good: 4161,
      unanswered: 40,
      timedOut: 24,
      refused: 0,
      rejected: 0,
      ownFaults: 0,
      errors: { 503: 78, ETIMEDOUT: 24, ECONNRESET: 16 },
      codes: { 200: 4161, 503: 78 },
    });
    assert.deepEqual(run.users, { created: 1440, completed: 1400, failed: 40, skipped: 0 });
    assert.deepEqual(
      run.endpoints.map(({ name, attempted, good }) => [name, attempted, good]),
      [
        ['/menu', 1440, 1401],
        ['/orders (order)', 1426, 1391],
        ['/orders/{{ $uuid }}', 1413, 1369],
      ],
    );
    assert.equal(run.endpoints[0]?.serverTime?.mean, 9.6);
    assert.equal(run.warmupS, 0);
    assert.ok(run.latency && quantile(run.latency, 0.99)?.ms === 58.6);
  });

  test('divides by the time really covered, not by whole periods', async () => {
    const run = await readOne(fixture('artillery-2.json'));
    assert.deepEqual(
      run.periods.map((period) => period.partial),
      [true, false, false, true],
    );
    assert.ok(Math.abs(run.spanS - 33.4) < 0.05, `${run.spanS} s`);
  });

  test('of a few requests does not take the time between them for the time covered', async () => {
    const sparse = simulate({ seed: 1, ratePerSecond: 0.4, durationS: 200, answer: () => ({ ms: 5 }) });
    const run = await readOne(write('sparse.json', JSON.stringify(sparse.result)));
    const perSecond = figuresOf(run).figures.goodPerSecond?.value ?? 0;
    assert.ok(Math.abs(run.spanS - 197) < 5, `${run.spanS} s`);
    assert.ok(Math.abs(perSecond - sparse.counts.answered / 200) < 0.02, `${perSecond}/s`);
  });

  test('ends with its last request, not with the time-outs ten seconds later, and shows a backlog where it was sent', async () => {
    const run = simulate({ seed: 4, ratePerSecond: 80, durationS: 60, answer: () => ({ ms: 20 }) });
    const intermediate = run.result.intermediate as {
      period: string;
      counters: Record<string, number>;
      lastMetricAt: number;
    }[];
    const [, before, after] = intermediate;
    assert.ok(before && after);
    for (const name of ['http.responses', 'http.codes.200']) {
      before.counters[name] = (before.counters[name] ?? 0) - 300;
      after.counters[name] = (after.counters[name] ?? 0) + 300;
    }
    const end = Number(intermediate.at(-1)?.period) + 10_000;
    const lost = {
      period: String(end),
      counters: { 'errors.ETIMEDOUT': 3 },
      firstMetricAt: end + 2900,
      lastMetricAt: end + 2999,
      summaries: {},
    };
    intermediate.push(lost as unknown as (typeof intermediate)[number]);
    const read = await readOne(writeRung(join(folder, 'drained'), run));
    assert.ok(Math.abs(read.spanS - 60) < 0.1, `${read.spanS} s`);
    assert.deepEqual(
      read.periods.map((period) => period.attempted),
      intermediate.map((period) => period.counters['http.requests'] ?? 0),
    );
  });

  test('without its periods is still read', async () => {
    const counters = { 'http.requests': 10, 'http.responses': 10, 'http.codes.200': 10 };
    const summaries = { 'http.response_time': { min: 1, max: 9, count: 10, mean: 4, p50: 4, p95: 8, p99: 9 } };
    const aggregate = { counters, summaries, firstMetricAt: 1000, lastMetricAt: 6000, period: 0 };
    const run = await readOne(write('short.json', JSON.stringify({ aggregate, intermediate: [] })));
    assert.equal(run.totals.good, 10);
    assert.equal(run.spanS, 5);
  });
});

test('a result of Artillery 1 is read into the same shape', async () => {
  const run = await readOne(fixture('artillery-1.json'));
  assert.equal(run.source, 'artillery-1');
  assert.deepEqual(
    [run.totals.attempted, run.totals.answered, run.totals.good, run.totals.timedOut, run.spanS, run.periods.length],
    [1200, 1188, 1170, 12, 20, 2],
  );
  assert.equal(run.latency && quantile(run.latency, 0.95)?.ms, 62.3);
  assert.equal(run.users?.created, 600);

  // Its last period ends with the run, here after three seconds.
  const result = JSON.parse(readFileSync(fixture('artillery-1.json'), 'utf8'));
  result.intermediate.push({ ...result.intermediate[1], timestamp: '2021-03-08T02:11:43.000Z' });
  const longer = await readOne(write('one.json', JSON.stringify(result)));
  assert.deepEqual(
    longer.periods.map(({ atS, spanS, partial }) => [atS, spanS, partial]),
    [
      [0, 10, false],
      [10, 10, false],
      [20, 3, true],
    ],
  );
  assert.equal(longer.spanS, 23);
});

describe('beside a result', () => {
  const run = simulate({
    seed: 9,
    ratePerSecond: 80,
    durationS: 60,
    answer: (random, atS) => ({ ms: plausibleMs(random, atS < 15 ? 90 : 9) }),
  });

  test('the distribution gives full histograms, and the warm-up is cut from them exactly', async () => {
    writeRung(join(folder, 'full'), run, { manifest: manifestOf('full', { warmupS: 20 }), distribution: true });
    const read = await readOne(join(folder, 'full'));
    assert.equal(read.latency?.detail, 'full');
    assert.equal(read.warmupInLatency, false);
    const p95 = quantile(read.latency, 0.95)?.ms ?? Number.NaN;
    assert.ok(p95 > 15 && p95 < 30, `p95 ${p95} ms holds nothing of the slow start`);
    assert.equal(read.totals.attempted, read.latency.total);
    assert.ok(read.totals.attempted < run.counts.attempted * 0.75);
  });

  test('database reads are divided by all requests, not only by the menus that were checked', async () => {
    writeRung(join(folder, 'reads'), run, {
      manifest: manifestOf('reads', { server: { requests: 1000, databaseReads: 900 } }),
      truth: {
        answers: 800,
        checked: 800,
        staleShare: 0,
        oldestAgeMs: 0,
        wrongForEver: false,
        blank: 0,
        errors: 0,
        databaseReads: 900,
        loads: 800,
      },
    });
    assert.equal(figuresOf(await readOne(join(folder, 'reads'))).figures.readsPerRequest?.value, 0.9);
  });

  test('a manifest alone lets the warm-up be cut by periods', async () => {
    writeRung(join(folder, 'periods'), run, { manifest: manifestOf('periods', { warmupS: 20 }) });
    const read = await readOne(join(folder, 'periods'));
    assert.equal(read.latency?.detail, 'summary');
    assert.ok((quantile(read.latency, 0.95)?.ms ?? 99) < 30);
    assert.ok(read.periods.slice(0, 2).every((period) => period.warmup));
  });

  test('a broken line at the end of a killed run is left out and said', async () => {
    writeRung(
      join(folder, 'killed'),
      { ...run, distribution: run.distribution.slice(0, -300) },
      { distribution: true },
    );
    const read = await readOne(join(folder, 'killed'));
    assert.match(read.notes.map((note) => note.en).join(), /1 broken line/);
    assert.equal(read.latency?.detail, 'full');
  });

  test('a sidecar of another shape is left out and said', async () => {
    writeRung(join(folder, 'odd'), run);
    writeFileSync(join(folder, 'odd', 'truth.json'), '{"answers": "many"}');
    const read = await readOne(join(folder, 'odd'));
    assert.equal(read.truth, undefined);
    assert.match(
      read.notes.map((note) => note.en).join(),
      /truth\.json: must have required properties checked, staleShare/,
    );
  });

  test("two results in one folder do not take each other's sidecars", async () => {
    writeRung(join(folder, 'shared'), run, { manifest: manifestOf('shared') });
    writeFileSync(join(folder, 'shared', 'monday.json'), JSON.stringify(run.result));
    assert.equal((await readOne(join(folder, 'shared', 'monday.json'))).manifest, undefined);
    assert.equal((await readOne(join(folder, 'shared', 'result.json'))).manifest?.rung, 'shared');
  });

  test('codes that the manifest expects are right answers', async () => {
    const gone = simulate({
      seed: 2,
      ratePerSecond: 50,
      durationS: 20,
      answer: (random) => ({ ms: 5, code: random() < 0.3 ? 409 : 200 }),
    });
    writeRung(join(folder, 'gone'), gone, { manifest: manifestOf('gone', { expectedCodes: [409] }) });
    const read = await readOne(join(folder, 'gone'));
    assert.equal(read.totals.good, read.totals.attempted);
  });
});

test('our own generator is read with its knee and health, latency from the planned send time', async () => {
  const bins = {
    gamma: 1.0202,
    zeroCount: 0,
    bins: [
      [100, 900],
      [150, 90],
    ] as [number, number][],
  };
  const crowd: CrowdResult = {
    kind: 'matjip-crowd',
    version: 1,
    startedAt: '2026-11-23T03:00:00Z',
    durationS: 3,
    warmupS: 1,
    timeoutMs: 5000,
    seed: 1,
    offeredPerSecond: 500,
    attempted: 1000,
    answered: 990,
    good: 980,
    latency: bins,
    codes: { 200: 980, 503: 10 },
    errors: { 503: 10, timeout: 10 },
    seconds: [0, 1, 2].map((atS) => ({
      atS,
      attempted: 500,
      answered: 495,
      good: 490,
      p50Ms: 7,
      p99Ms: 20,
      maxMs: 30,
    })),
    endpoints: [
      {
        name: 'GET /menu',
        attempted: 1000,
        answered: 990,
        good: 980,
        latency: bins,
        codes: { 200: 980, 503: 10 },
        errors: { 503: 10, timeout: 10 },
      },
    ],
    generator: { processes: 1, cpuShare: 0.4, sendLagP99Ms: 0.2, dropped: 0 },
    knee: {
      ratePerSecond: 900,
      serviceLevel: { p99Ms: 100, errorRate: 0.001 },
      tried: [{ rate: 900, ok: true, p99Ms: 60, errorRate: 0 }],
    },
  };
  const run = await readOne(write('crowd.json', JSON.stringify(crowd)));
  assert.deepEqual(
    [run.source, run.latencyFrom, run.knee?.ratePerSecond, run.totals.timedOut],
    ['crowd', 'planned', 900, 10],
  );
  assert.equal(run.totals.late, 0);

  // Held to the service level, 300 answers were right and too late: no failures, and half a second is no second.
  const slow = { ...crowd, good: 680, durationS: 2.5 };
  const late = await readOne(write('crowd.json', JSON.stringify(slow)));
  assert.equal(late.totals.late, 300);
  assert.ok(Math.abs((figuresOf(late).figures.errorRate?.value ?? 1) - 0.02) < 1e-9);
  assert.deepEqual(
    late.periods.map(({ spanS, partial }) => [spanS, partial]),
    [
      [1, false],
      [1, false],
      [0.5, true],
    ],
  );
  assert.deepEqual(
    run.periods.map((period) => period.warmup),
    [true, false, false],
  );
});

describe('a file that is no result gets one line that names it', () => {
  const result = JSON.stringify({ aggregate: { counters: { 'http.requests': 1 } }, intermediate: [{ counters: {} }] });
  const cases: readonly [string, string, RegExp][] = [
    ['empty.json', '', /^.*empty\.json: is empty$/],
    ['blank.json', ' \n ', /blank\.json: is empty$/],
    ['text.json', 'hello', /text\.json: is not JSON$/],
    ['broken.json', '{"aggregate": {"counters": {]}}', /broken\.json: is not JSON$/],
    ['cut.json', result.slice(0, -20), /cut\.json: ends in the middle after [\d,]+ bytes/],
    ['cut-in-key.json', result.slice(0, 8), /cut-in-key\.json: ends in the middle/],
    [
      'k6.json',
      '{"root_group": {}, "metrics": {"http_reqs": {"count": 5}}}',
      /k6\.json: is JSON, but no result of Artillery 1\.x, 2\.x or matjip \(its keys: root_group, metrics\)$/,
    ],
    ['list.json', '[1, 2, 3]', /list\.json: is JSON, but no result/],
    ['number.json', '42', /number\.json: is JSON, but no result/],
    ['report.json', '{"kind": "matjip-report", "version": 1}', /--against/],
    ['deep.json', `{"aggregate": ${'['.repeat(200)}${']'.repeat(200)}}`, /nested too deep/],
    ['binary.json', '\u0000\u0001\u0002', /is not JSON/],
  ];
  for (const [name, text, expected] of cases) {
    test(name, async () => {
      const file = write(name, text);
      await assert.rejects(readOne(file), (error: Error) => {
        assert.match(error.message, expected);
        assert.ok(!error.message.includes('\n'));
        return true;
      });
    });
  }

  test('a missing file and a folder without a result', () => {
    assert.throws(() => expandInputs([join(folder, 'nowhere.json')]), /nowhere\.json: no such file$/);
    mkdirSync(join(folder, 'hollow'));
    assert.throws(
      () => expandInputs([join(folder, 'hollow')]),
      /hollow: is a folder without a result\.json or crowd\.json$/,
    );
  });
});

describe('names and repeats', () => {
  const tiny = simulate({ seed: 1, ratePerSecond: 20, durationS: 10, answer: () => ({ ms: 5 }) });

  test('a folder brings its repeats along as one group', async () => {
    for (const repeat of [1, 2, 3]) {
      const place = repeat === 1 ? join(folder, 'rung') : join(folder, 'rung', `repeat-${repeat}`);
      writeRung(place, tiny, { manifest: manifestOf('rung', { repeat }) });
    }
    const inputs = expandInputs([join(folder, 'rung')]);
    const groups = groupRuns(inputs, await Promise.all(inputs.map((input) => readRun(input, undefined))));
    assert.deepEqual(
      groups.map((group) => [group.key, group.runs.map((run) => run.repeat)]),
      [['rung', [1, 2, 3]]],
    );
  });

  test('name=file,file makes a group by hand; equal names without that stay apart', async () => {
    const [a, b] = ['one', 'two'].map((name) => writeRung(join(folder, name, 'same'), tiny));
    const inputs = expandInputs([`mine=${a},${b}`, `${a}`, `${b}`]);
    const groups = groupRuns(inputs, await Promise.all(inputs.map((input) => readRun(input, undefined))));
    assert.deepEqual(
      groups.map((group) => [group.key, group.runs.length]),
      [
        ['mine', 2],
        ['same', 1],
        ['same (2)', 1],
      ],
    );
  });

  test('a ladder stands in the order of its steps, whatever the order given', async () => {
    for (const [step, name] of ['ground', 'first', 'second'].entries())
      writeRung(join(folder, name), tiny, { manifest: manifestOf(name, { step }) });
    const inputs = expandInputs(['second', 'ground', 'first'].map((name) => join(folder, name)));
    const groups = groupRuns(inputs, await Promise.all(inputs.map((input) => readRun(input, undefined))));
    assert.deepEqual(
      groups.map((group) => group.key),
      ['ground', 'first', 'second'],
    );
  });
});

test('thousands of URLs that differ by an id are one endpoint, and names lose what cannot be seen', async () => {
  const counters: Record<string, number> = {};
  const summaries: Record<string, unknown> = {};
  for (let i = 0; i < 3000; i++) {
    const id = `0192f0c4-7a2b-7c3d-8e4f-${String(i).padStart(12, '0')}`;
    counters[`plugins.metrics-by-endpoint./orders/${id}.codes.200`] = 2;
    summaries[`plugins.metrics-by-endpoint.response_time./orders/${id}`] = {
      min: 1,
      max: 9,
      count: 2,
      mean: 5,
      p50: 5,
      p95: 9,
      p99: 9,
    };
  }
  counters['plugins.metrics-by-endpoint./a\u202Eb\nc.codes.200'] = 1;
  counters['plugins.metrics-by-endpoint.__proto__.codes.200'] = 1;
  counters['errors.constructor'] = 3;
  const run = await readOne(
    write('ids.json', JSON.stringify({ aggregate: { counters, summaries }, intermediate: [] })),
  );
  assert.deepEqual(
    run.endpoints.map(({ name, attempted }) => [name, attempted]),
    [
      ['/orders/:id', 6000],
      ['/a�b�c', 1],
      ['__proto__', 1],
    ],
  );
  assert.deepEqual(run.totals.errors, { constructor: 3 });
});
