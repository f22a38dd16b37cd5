import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { reportCommand } from './command.ts';
import { manifestOf, plausibleMs, simulate, writeRung } from './testing/simulate.ts';
import { parseThreshold } from './thresholds.ts';

const folder = mkdtempSync(join(tmpdir(), 'matjip-report-command-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

/** The command as a person runs it in that folder, and what it said. */
async function report(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { log, error } = console;
  const said = { out: '', err: '' };
  console.log = (line: string) => {
    said.out += `${line}\n`;
  };
  console.error = (line: string) => {
    said.err += `${line}\n`;
  };
  try {
    const code = await reportCommand(args);
    return { code, ...said };
  } finally {
    Object.assign(console, { log, error });
  }
}

const home = process.cwd();
after(() => process.chdir(home));

before(() => {
  process.chdir(folder);
  const run = (seed: number, medianMs: number, failing = 0): ReturnType<typeof simulate> =>
    simulate({
      seed,
      ratePerSecond: 60,
      durationS: 50,
      answer: (random) => ({ ms: plausibleMs(random, medianMs), code: random() < failing ? 500 : 200 }),
    });
  writeRung(path('slow'), run(1, 60));
  writeRung(path('fast'), run(2, 6));
  writeRung(path('failing'), run(3, 6, 0.2));
});

describe('matjip report', () => {
  test('writes a page, Markdown and JSON, says the verdict and ends with 0', async () => {
    const { code, out, err } = await report(
      'slow',
      'fast',
      '-o',
      'new/folder/page.html',
      '--md',
      'page.md',
      '--json',
      'page.json',
      '--lang',
      'en',
      '--title',
      'Lunch',
    );
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^At 6\d requests per second, fast cuts the p99 latency of slow from \d+ ms to \d+ ms/);
    assert.match(
      readFileSync(path('new/folder/page.html'), 'utf8'),
      /^<!doctype html>\n<html lang="en" data-lang="en">[\s\S]*<title>Lunch<\/title>/,
    );
    assert.match(
      readFileSync(path('page.md'), 'utf8'),
      /^## Lunch\n\n\*\*At 6\d requests per second[\s\S]*\| \*\*fast\*\* \| 6\d\/s \|[^\n]*▼ ×\d+(\.\d)? better/,
    );
    const saved = JSON.parse(readFileSync(path('page.json'), 'utf8'));
    assert.deepEqual(
      [saved.kind, saved.groups.map((group: { key: string }) => group.key)],
      ['matjip-report', ['slow', 'fast']],
    );
  });

  test('fills what was measured into the form of an interview, and leaves blanks where only a person knows', async () => {
    const { code, err } = await report('slow', 'fast', 'failing', '--interview', 'told.md', '--lang', 'en');
    assert.deepEqual([code, err], [0, '']);
    const told = readFileSync(path('told.md'), 'utf8');
    const parts = told.split(/^\*\*(.+)\.\*\*$/m);
    assert.deepEqual(
      parts.filter((_, index) => index % 2 === 1),
      ['Why', 'Tried', 'Result', 'Learned', 'Regret'],
    );
    const [why, tried, result, learned, regret] = parts.filter((_, index) => index > 0 && index % 2 === 0);
    for (const text of [why!, learned!, regret!]) assert.match(text, /^- ___ \(/m);
    assert.match(tried!, /^- fast: 6\d requests a second, one run$/m);
    assert.match(result!, /^- fast: .*p99 latency \d+ ms → \d+ ms \(▼ ×[\d.]+ better\)/m);
    assert.match(learned!, /failing/);
    assert.match(regret!, /measured once/);
    await report('slow', 'fast', '--interview', 'told.ko.md');
    assert.match(readFileSync(path('told.ko.md'), 'utf8'), /^\*\*아쉬운 것\.\*\*$/m);
  });

  test('answers a wrong command line with one line and 2', async () => {
    for (const [args, expected] of [
      [[], /give at least one result/],
      [['slow'], /say where to write/],
      [['slow', '-o', 'x.html', '--lang', 'fr'], /--lang is ko or en, not fr/],
      [['slow', '-o', 'x.html', '--colour'], /Unknown option '--colour'/],
      [['slow', '--threshold', 'p98<=1'], /"p98<=1" is no threshold/],
      [['slow', '-o', 'x.html', '--warmup', '-1'], /Option '--warmup' argument is ambiguous/],
      [['slow', '-o', 'x.html', '--warmup', 'long'], /--warmup is a number of seconds/],
    ] as const) {
      const { code, err } = await report(...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(err, expected);
      assert.equal(err.trim().split('\n').length, 1, err);
    }
  });

  test('explains itself', async () => {
    const { code, out } = await report('--help');
    assert.equal(code, 0);
    assert.match(out, /matjip report RESULT\.json… -o FILE\.html/);
  });

  test('names an unreadable file in one line, ends with 1 and writes nothing', async () => {
    writeFileSync(path('foreign.json'), '{"hello": 1}');
    const { code, err } = await report('slow', 'foreign.json', '-o', 'never.html');
    assert.equal(code, 1);
    assert.equal(
      err,
      'matjip report: foreign.json: is JSON, but no result of Artillery 1.x, 2.x or matjip (its keys: hello)\n',
    );
    assert.equal(existsSync(path('never.html')), false);
  });

  test('leaves out numbers that cannot be, and makes a page of the rest', async () => {
    const counters = '"http.requests":10,"http.responses":10,"http.codes.200":10,"http.codes.500":-5,"errors.E":1e400';
    const latency = '{"min":-1,"max":1e308,"count":1e300,"p50":3,"p99":7}';
    const times = '"firstMetricAt":1,"lastMetricAt":1e300';
    writeFileSync(
      'damaged.json',
      `{"aggregate":{${times},"counters":{${counters}},"summaries":{"http.response_time":${latency}}},"intermediate":[{"period":"1e300",${times},"counters":{${counters}},"summaries":{"http.response_time":${latency}}}]}`,
    );
    const { code, err } = await report('damaged.json', '-o', 'damaged.html', '--md', 'damaged.md');
    assert.deepEqual([code, err], [0, '']);
    assert.doesNotMatch(readFileSync(path('damaged.html'), 'utf8'), /NaN|Infinity/);
  });

  test('does not write over what it reads', async () => {
    for (const option of ['-o', '--md', '--json', '--interview']) {
      const { code, err } = await report('fast', option, './fast/result.json');
      assert.equal(code, 1);
      assert.match(err, /^matjip report: \.\/fast\/result\.json: is one of the results; [^\n]+\n$/);
    }
    assert.equal((await report('slow', '--against', 'fast/result.json', '--json', 'fast/result.json')).code, 1);
    assert.match(readFileSync(path('fast/result.json'), 'utf8'), /^\{"aggregate"/);
  });

  test('names a place that cannot be written', async () => {
    const { code, err } = await report('slow', '-o', 'slow/result.json/page.html');
    assert.equal(code, 1);
    assert.match(err, /^matjip report: [^\n]+\n$/);
  });
});

describe('thresholds', () => {
  test('that hold end with 0, and without any output file', async () => {
    const { code } = await report(
      'fast',
      '--threshold',
      'p99<=200',
      '--threshold',
      'errorRate<=1%',
      '--threshold',
      'p50<0.1s',
    );
    assert.equal(code, 0);
  });

  test('that are missed end with 1, each in a line', async () => {
    const { code, err } = await report(
      'fast',
      'failing',
      '--lang',
      'en',
      '--threshold',
      'errorRate<=0.01',
      '--threshold',
      'fast:p50<=1',
      '--threshold',
      'fast:errorRate<=0',
    );
    assert.equal(code, 1);
    assert.match(
      err,
      /^missed: errorRate<=0\.01 \(failing: (19|20|21)(\.\d)? %\)\nmissed: fast:p50<=1 \(fast: \d+(\.\d)? ms\)\n$/,
    );
  });

  test('on what was not measured are missed', async () => {
    const { code, err } = await report(
      'fast',
      '--lang',
      'en',
      '--threshold',
      'knee>=100',
      '--threshold',
      'other:p99<=100',
    );
    assert.equal(code, 1);
    assert.match(err, /knee>=100 \(fast: not measured\)\nmissed: other:p99<=100 \(other: no such result\)/);
  });
});

test('a threshold on what allows no conclusion is missed', async () => {
  const run = simulate({ seed: 4, ratePerSecond: 60, durationS: 50, answer: () => ({ ms: 6 }) });
  writeRung(path('breathless'), run, { manifest: manifestOf('breathless', { generator: { cpuShare: 0.99 } }) });
  const { code, err } = await report('breathless', '--threshold', 'p99<=100');
  assert.equal(code, 1);
  assert.equal(err, 'missed: p99<=100 (breathless: 6 ms, no conclusion)\n');
});

describe('a baseline', () => {
  test('may be an earlier --json or a result, and thresholds may be factors of it', async () => {
    assert.equal((await report('slow', '--json', 'before.json')).code, 0);
    for (const baseline of ['before.json', 'slow']) {
      const better = await report(
        'fast',
        '--against',
        baseline,
        '--threshold',
        'p99<=0.5x',
        '-o',
        'against.html',
        '--lang',
        'en',
      );
      assert.equal(better.code, 0, better.err);
      assert.match(readFileSync(path('against.html'), 'utf8'), /Against the baseline[\s\S]*▼ ×[\d.]+ better/);
    }
    const worse = await report('slow', '--against', 'fast', '--threshold', 'p99<=1.1x');
    assert.equal(worse.code, 1);
    assert.match(worse.err, /missed: p99<=1\.1x/);
  });

  test('of another load bears no factor of its latency', async () => {
    const calm = simulate({
      seed: 4,
      ratePerSecond: 20,
      durationS: 50,
      answer: (random) => ({ ms: plausibleMs(random, 60) }),
    });
    writeRung(path('calm'), calm);
    const { code, err } = await report('fast', '--against', 'calm', '--threshold', 'p99<=1.1x');
    assert.equal(code, 1);
    assert.match(err, /missed: p99<=1\.1x \(fast: not comparable: 6\d\/s, baseline 2\d\/s\)/);
  });

  test('that is broken is named', async () => {
    writeFileSync(path('half.json'), '{"kind":"matjip-report","version":1');
    const { code, err } = await report('fast', '--against', 'half.json', '-o', 'x.html');
    assert.equal(code, 1);
    assert.equal(err, 'matjip report: half.json: is not JSON\n');
  });
});

test('files of one test are added together, and its time series is written as CSV', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-merge-'));
  try {
    const files = [1, 2].map((seed) => {
      const run = simulate({ seed, ratePerSecond: 40, durationS: 30, answer: () => ({ ms: 5 * seed }) });
      const file = join(folder, `node-${seed}.json`);
      writeFileSync(file, JSON.stringify(run.result));
      return { file, answered: run.counts.answered };
    });
    const [json, csv] = [join(folder, 'all.json'), join(folder, 'all.csv')];
    const words = files.map(({ file }) => file);
    assert.equal(await reportCommand([...words, '--merge', '--title', 'both', '--json', json, '--csv', csv]), 0);
    const saved = JSON.parse(readFileSync(json, 'utf8'));
    assert.equal(saved.groups.length, 1);
    const answered = files.reduce((sum, file) => sum + file.answered, 0);
    assert.equal(saved.groups[0].runs[0].requests, answered);
    assert.ok(Math.abs(saved.groups[0].runs[0].figures.p99.value - 10) < 0.1);
    const [head = '', ...lines] = readFileSync(csv, 'utf8').trim().split('\n');
    const column = head.split(',').indexOf('answered');
    assert.equal(lines.length, 4);
    assert.equal(
      lines.reduce((sum, line) => sum + Number(line.split(',')[column]), 0),
      answered,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the workflow for pull requests uses options and figures that there are, and fails on its thresholds', async () => {
  const file = join(import.meta.dirname, '../../deploy/ci/load-test.yml');
  const { jobs } = parse(readFileSync(file, 'utf8')) as { jobs: { load: { steps: { run?: string }[] } } };
  const step = jobs.load.steps.find(({ run }) => run?.includes('matjip report'))!.run!;
  const { out } = await report('--help');
  for (const option of step.match(/--[a-z]+/g)!) assert.ok(out.includes(option), option);
  const thresholds = [...step.matchAll(/--threshold '([^']+)'/g)].map(([, text]) => text!);
  assert.equal(thresholds.length, 3);
  for (const text of thresholds) assert.doesNotThrow(() => parseThreshold(text));
});
