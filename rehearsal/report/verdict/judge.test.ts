import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Manifest, Truth } from '../../results/index.ts';
import { gaussian, seeded } from '../../stats/seeded.ts';
import type { GroupFigures } from '../figures.ts';
import { expandInputs, groupRuns, readRun } from '../read/inputs.ts';
import { makeReport, type Report } from '../report.ts';
import { manifestOf, type Outcome, plausibleMs, simulate, writeRung } from '../testing/simulate.ts';
import { writeSimulatedLadder } from '../testing/simulated-ladder.ts';
import { judge } from './judge.ts';

const folder = mkdtempSync(join(tmpdir(), 'matjip-verdict-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Server {
  name: string;
  answer: (random: () => number, atS: number) => Outcome;
  ratePerSecond?: number;
  durationS?: number;
  seed?: number;
  repeat?: number;
  truth?: Partial<Truth>;
  manifest?: Partial<Manifest>;
}

const steady =
  (medianMs: number) =>
  (random: () => number): Outcome => ({ ms: plausibleMs(random, medianMs) });

const NO_TRUTH: Truth = {
  answers: 1000,
  checked: 1000,
  staleShare: 0,
  oldestAgeMs: 0,
  wrongForEver: false,
  blank: 0,
  errors: 0,
  databaseReads: 10,
  loads: 1,
};

async function reportOn(...servers: Server[]): Promise<Report> {
  const words = servers.map((server, i) => {
    const { name, answer, ratePerSecond = 80, durationS = 60, repeat = 1, seed = i + 1, truth, manifest } = server;
    const place = mkdtempSync(join(folder, 'rung-'));
    return writeRung(place, simulate({ seed, ratePerSecond, durationS, answer }), {
      manifest: manifestOf(name, {
        repeat,
        offeredPerSecond: ratePerSecond,
        timeoutMs: 10_000,
        generator: { cpuShare: 0.1 },
        ...manifest,
      }),
      ...(truth ? { truth: { ...NO_TRUTH, ...truth } } : {}),
      distribution: true,
    });
  });
  return reportOnFiles(words);
}

async function reportOnFiles(words: string[]): Promise<Report> {
  const inputs = expandInputs(words);
  const runs = [];
  for (const input of inputs) runs.push(await readRun(input, undefined));
  return makeReport(groupRuns(inputs, runs), { madeAt: new Date(0) });
}

const alarmsOf = (report: Report): string => report.verdict.alarms.map((alarm) => alarm.text.en).join('\n');

describe('the verdict names a planted error', () => {
  test('a menu that stays stale for ever', async () => {
    const report = await reportOn(
      { name: 'plain', answer: steady(40), truth: {} },
      { name: 'stale', answer: steady(4), truth: { staleShare: 0.6, oldestAgeMs: 50_000, wrongForEver: true } },
    );
    assert.match(
      alarmsOf(report),
      /^stale: after a change it gave the old answer to the end\. It is wrong for ever\.$/,
    );
    assert.equal(report.verdict.tone, 'flawed');
  });

  test('an order that was acknowledged and lost, and one that was taken twice', async () => {
    const report = await reportOn({
      name: 'leaky',
      answer: steady(5),
      truth: { orders: { acknowledged: 900, lost: 1, doubled: 2 } },
    });
    assert.equal(alarmsOf(report), 'leaky: 1 acknowledged order(s) were lost.\nleaky: 2 order(s) were taken twice.');
  });

  test('and says what a right server bought over one as fast and wrong', async () => {
    const report = await reportOn(
      { name: 'stale', answer: steady(8), truth: { staleShare: 0.9, oldestAgeMs: 50_000, wrongForEver: true } },
      { name: 'right', answer: steady(8), truth: {} },
    );
    assert.equal(report.verdict.sentence.en, 'Right cuts the stale answers of stale from 90 % to 0 %.');
  });

  test('blank menus of a refresher that died', async () => {
    const report = await reportOn({ name: 'blank', answer: steady(5), truth: { blank: 120 } });
    assert.match(alarmsOf(report), /120 answers were blank/);
  });

  test('a server that froze for four seconds', async () => {
    const report = await reportOn({
      name: 'frozen',
      answer: (random, atS) => (atS > 31 && atS < 35 ? { ms: (35 - atS) * 1000 } : steady(8)(random)),
    });
    assert.match(alarmsOf(report), /^frozen: between 0:27 and 0:37 the server stood still for (3\.\d+|4) s\.$/);
    const beside = await reportOn(
      { name: 'plain', answer: steady(8) },
      {
        name: 'frozen',
        answer: (random, atS) => (atS > 31 && atS < 35 ? { ms: (35 - atS) * 1000 } : steady(90)(random)),
      },
    );
    assert.match(
      beside.verdict.sentence.en,
      /frozen raises the p\d+ latency of plain .*, and has the fault named below\.$/,
    );
  });

  test('a server that froze for longer than anybody waits, over two of its periods', async () => {
    const report = await reportOn({
      name: 'frozen',
      answer: (random, atS) => {
        if (atS < 21 || atS > 33) return steady(8)(random);
        return atS < 23 ? { error: 'ETIMEDOUT' } : { ms: (33 - atS) * 1000 };
      },
    });
    assert.match(alarmsOf(report), /^frozen: between 0:17 and 0:27 the server stood still for ≥ 10 s\.$/m);
  });

  test('but not a single slow request, nor a server that is slow throughout', async () => {
    let count = 0;
    const one = await reportOn({
      name: 'one',
      answer: (random) => ({ ms: ++count === 2000 ? 4000 : plausibleMs(random, 8) }),
    });
    assert.equal(alarmsOf(one), '');
    const slow = await reportOn({ name: 'slow', answer: (random) => ({ ms: 500 + 3000 * random() }) });
    assert.equal(alarmsOf(slow), '');
  });
});

describe('missing answers', () => {
  test('make the p99 of a server that stopped answering read at least the time-out', async () => {
    const report = await reportOn({
      name: 'gone',
      answer: (random, atS) => (atS > 50 ? { error: 'ETIMEDOUT' } : steady(8)(random)),
    });
    assert.deepEqual(report.figures[0]?.runs[0]?.figures.p99, { value: 10_000, atLeast: true });
    assert.match(report.verdict.sentence.en, /99 of 100 waited up to, or beyond, 10 s\.$/);
    assert.equal(report.checks.find((check) => check.code === 'survivors')?.level, 'warn');
  });

  test('make a comparison worse, never better', async () => {
    const report = await reportOn(
      { name: 'up', answer: steady(40) },
      { name: 'dying', answer: (random, atS) => (atS > 40 ? { error: 'ETIMEDOUT' } : steady(4)(random)) },
    );
    assert.equal(report.comparisons.get('dying')?.p99?.meaning, 'worse');
  });

  test('of a run that was over before its warm-up say so, and do not blame the server', async () => {
    const report = await reportOn({ name: 'short', answer: steady(8), durationS: 30, manifest: { warmupS: 60 } });
    assert.equal(report.verdict.tone, 'invalid');
    assert.equal(
      report.verdict.sentence.en,
      'Nothing was measured of short: it took 30 s, and the first 60 s were cut as its warm-up.',
    );
  });

  test('of a target that was down are nothing measured, and no conclusion', async () => {
    const report = await reportOn(
      { name: 'up', answer: steady(8) },
      { name: 'down', answer: () => ({ error: 'ECONNREFUSED' }) },
    );
    assert.equal(report.verdict.tone, 'invalid');
    assert.match(report.verdict.sentence.en, /^Nothing was measured of down/);
    assert.equal(report.checks.find((check) => check.code === 'measured')?.level, 'stop');
  });
});

describe('a difference', () => {
  test('is not shown between two runs of the same server, and the sentence says so', async () => {
    const report = await reportOn({ name: 'a', answer: steady(20) }, { name: 'b', answer: steady(20) });
    assert.equal(report.verdict.tone, 'none');
    assert.match(
      report.verdict.sentence.en,
      /^No difference shown between a and b: p99 latency ×[\d.]+, and one run of each cannot show that\.$/,
    );
  });

  test('of single runs comes with the warning that their noise is unknown, and of repeats with the noise', async () => {
    const details = async (...servers: Server[]): Promise<string> =>
      (await reportOn(...servers)).verdict.details.map((detail) => detail.en).join('\n');
    const [a, b] = [
      { name: 'a', answer: steady(20) },
      { name: 'b', answer: steady(20) },
    ];
    assert.match(await details(a), /^Run only once, so the noise is unknown/);
    assert.match(await details(a, b), /^Run only once, so the noise is unknown/);
    assert.match(await details(a, { ...a, repeat: 2, seed: 9 }, b), /^Noise floor: repeats of the same thing differ/);
  });

  test('is not shown in at least 23 of 25 ladders of the same server with repeats', async () => {
    const random = seeded(77);
    let shown = 0;
    for (let trial = 0; trial < 25; trial++) {
      const runs = ['a', 'b'].flatMap((name) =>
        [1, 2, 3].map(
          (repeat): Server => ({
            name,
            repeat,
            ratePerSecond: 30,
            seed: trial * 10 + repeat + (name === 'b' ? 5 : 0),
            answer: steady(20 * Math.exp(0.1 * gaussian(random))),
          }),
        ),
      );
      const report = await reportOn(...runs);
      if (report.comparisons.get('b')?.p99?.meaning !== 'none') shown++;
    }
    assert.ok(shown <= 2, `${shown} of 25`);
  });

  test('is not shown between single runs so short that a few requests decide the percentile', async () => {
    let shown = 0;
    for (let trial = 0; trial < 40; trial++) {
      const run = { answer: steady(20), ratePerSecond: 40, durationS: 15, manifest: { warmupS: 5 } };
      const report = await reportOn({ name: 'a', seed: trial, ...run }, { name: 'b', seed: 1000 + trial, ...run });
      if (report.verdict.tone !== 'none') shown++;
    }
    assert.ok(shown <= 2, `${shown} of 40`);
  });

  test('is found in none of its figures in 95 of 100 verdicts on the same server with repeats', () => {
    const random = seeded(5);
    const noisy = (value: number): { value: number } => ({ value: value * Math.exp(0.1 * gaussian(random)) });
    const figuresOf = (key: string): GroupFigures => ({
      key,
      label: { ko: key, en: key },
      runs: [1, 2, 3].map(() => ({
        offeredPerSecond: 60,
        requests: 2400,
        stepMs: 0.001,
        relativeError: 0,
        figures: { p50: noisy(20), p95: noisy(50), p99: noisy(90), cpuMs: noisy(2), goodPerSecond: noisy(60) },
      })),
    });
    let shown = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const figures = [figuresOf('a'), figuresOf('b')];
      const groups = figures.map(({ key, label }) => ({ key, label, runs: [] }));
      if (judge(groups, figures, new Set()).tone !== 'none') shown++;
    }
    assert.ok(shown <= 60, `${shown} of 1000`);
  });

  test('of a clearly faster server is shown with its factor', async () => {
    const report = await reportOn({ name: 'slow', answer: steady(80) }, { name: 'fast', answer: steady(8) });
    assert.equal(report.verdict.tone, 'better');
    assert.match(
      report.verdict.sentence.en,
      /^At 80 requests per second, fast cuts the p99 latency of slow from \d+ ms to \d+ ms \(×\d+(\.\d)? lower\)\.$/,
    );
  });

  test('is named where one of several is worse and none is better', async () => {
    const report = await reportOn(
      { name: 'a', answer: steady(20) },
      { name: 'b', answer: steady(20) },
      { name: 'c', answer: steady(240) },
    );
    assert.equal(report.verdict.tone, 'worse');
    assert.match(report.verdict.sentence.en, /^At 80 requests per second, c raises the p99 latency of a from/);
  });

  test('of latency at unequal loads leads, and the load is said beside it', async () => {
    const report = await reportOn(
      { name: 'calm', answer: steady(8), ratePerSecond: 40 },
      { name: 'busy', answer: steady(80), ratePerSecond: 120 },
    );
    assert.equal(report.comparisons.get('busy')?.goodPerSecond, undefined);
    assert.equal(report.checks.find((check) => check.code === 'equal-load')?.level, 'warn');
    assert.equal(report.verdict.tone, 'loads');
    assert.match(
      report.verdict.sentence.en,
      /^The p99 latency was .* for calm at 40 .* for busy at 120 .*may have made\.$/,
    );

    // Faster although busier is a finding.
    const faster = await reportOn(
      { name: 'calm', answer: steady(2000), ratePerSecond: 30 },
      { name: 'busy', answer: steady(3), ratePerSecond: 72 },
    );
    assert.equal(faster.verdict.tone, 'better');
    assert.match(faster.verdict.sentence.en, /although it was offered more\.$/);
  });

  test('measured by a generator that was the bottleneck is no conclusion', async () => {
    const report = await reportOn(
      { name: 'slow', answer: steady(80) },
      { name: 'fast', answer: steady(8), manifest: { generator: { cpuShare: 0.99 } } },
    );
    assert.equal(report.verdict.tone, 'invalid');
    assert.match(report.verdict.sentence.en, /generator was the bottleneck in fast/);
  });
});

describe('the ladder', () => {
  test('is won by the step that is fast and right, not by the one that is fast and wrong or was never tested', async () => {
    const report = await reportOnFiles(writeSimulatedLadder(join(folder, 'ladder'), 2));
    assert.deepEqual(report.verdict.about, { group: 'event-cache', figure: 'knee' });
    assert.match(
      report.verdict.sentence.en,
      /^Event cache lets the same machine carry ×14 the requests of no cache \(1,900\/s → 26,000\/s\), and no answer was stale\.$/,
    );
    assert.match(report.verdict.sentence.ko, /^이벤트 캐시: .*캐시 없음의 14배/);
    assert.deepEqual(
      report.verdict.alarms.map((alarm) => alarm.group),
      ['no-expiry-error-cache'],
    );
    assert.match(
      report.verdict.details.map((detail) => detail.en).join('\n'),
      /The ladder pays up to its top, event cache\./,
    );
  });
});
