import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Value from 'typebox/value';
import { readConfig } from '../../src/config.ts';
import { LADDERS } from '../ladder/ladders.ts';
import { Manifest, type Truth } from '../results/index.ts';
import { measuredResults } from './command.ts';
import { compareWithExpected, surprises } from './expected.ts';
import { hasKnee, isMeasured, lookAround, planManifest, writeManifest } from './manifest.ts';
import { readOptions, UsageError } from './options.ts';

test('without options the whole cache ladder is climbed, from no cache to the default', () => {
  const options = readOptions([])!;
  const names = options.rungs.map(({ rung }) => rung.name);
  assert.equal(names[0], 'no-cache');
  assert.equal(names.at(-1), 'event-cache');
  for (const name of ['no-expiry-cache', 'no-expiry-error-cache', 'expiry-cache', 'external-refresh-cache']) {
    assert.ok(names.includes(name), name);
  }
});

test('a ladder is chosen by its name, and the strategy ladder comes with a past', () => {
  const names = (...args: string[]) => readOptions(args)!.rungs.map(({ rung }) => rung.name);
  const strategies = [
    'untuned',
    'db-tuning',
    'cache',
    'event-driven',
    'schedule-batch',
    'scale-up',
    'scale-out',
    'edge',
  ];
  assert.deepEqual(names('--ladder', 'strategy'), strategies);
  assert.deepEqual(names('--ladder', 'all'), [...names(), ...strategies]);
  assert.equal(readOptions([])!.history, 0);
  assert.equal(readOptions(['--ladder', 'all'])!.history, 100_000);
  assert.equal(readOptions(['--rungs', 'scale-up', '--history', '5'])!.history, 5);
});

test('each rung of the strategy ladder adds to the one below and takes nothing away, but where it says so', () => {
  const rungs = LADDERS.find(({ name }) => name === 'strategy')!.rungs.filter(({ step }) => step !== undefined);
  const on = ({ switches, untuned, site }: (typeof rungs)[number]) => [
    untuned === undefined,
    switches.CACHE !== 'off',
    switches.INTAKE === 'grouped',
    switches.EFFECTS === 'queued',
    switches.ROLLUP === 'scheduled',
    switches.WORKERS !== '1' || site !== undefined,
  ];
  for (const [index, rung] of rungs.entries()) {
    const below = rungs[index - 1];
    if (below)
      on(below).forEach((isOn, i) => {
        assert.ok(!isOn || on(rung)[i], `${rung.name} lost what ${below.name} had`);
      });
  }
  assert.equal(rungs.at(-1)!.site!.nodes, 2);
});

test('options are read with their units, and rungs come in the order given', () => {
  const options = readOptions([
    '--rungs',
    'event-cache,no-cache',
    '--duration',
    '1.5m',
    '--rate',
    '200',
    '--repeat',
    '3',
    '--changes',
    '250ms',
  ])!;
  assert.deepEqual(
    options.rungs.map(({ rung }) => rung.name),
    ['event-cache', 'no-cache'],
  );
  assert.deepEqual([options.durationS, options.rate, options.repeat, options.changeEveryMs], [90, 200, 3, 250]);
});

test('a wrong option is one line that says what is allowed', () => {
  for (const args of [
    ['--rungs', 'warp-drive'],
    ['--rungs', ''],
    ['--duration', 'soon'],
    ['--duration', '2h'],
    ['--rate', '0'],
    ['--rate', '1e3'],
    ['--rate', '-5'],
    ['--repeat', '21'],
    ['--ladder', 'rope'],
    ['--knee-rounds', '0'],
    ['--ladder', 'all', '--history', 'long'],
    ['--scaling', '--ladder', 'strategy'],
    ['--scaling', '--rungs', 'untuned'],
    ['--lang', 'fr'],
    ['--colour', 'red'],
    ['no-cache'],
  ]) {
    assert.throws(
      () => readOptions(args),
      (error: Error) => error instanceof UsageError && !error.message.includes('\n'),
      args.join(' '),
    );
  }
  assert.equal(readOptions(['--help']), undefined);
});

test('every rung has a name of its own and only switches that the server knows', () => {
  const rungs = LADDERS.flatMap((ladder) => ladder.rungs);
  assert.equal(new Set(rungs.map(({ name }) => name)).size, rungs.length);
  for (const { name, switches, site } of rungs) {
    assert.match(name, /^[a-z]+(-[a-z]+)*$/);
    readConfig({ ...switches, ...(site?.redis && { REDIS_URL: 'redis://127.0.0.1:1' }) });
    for (const [key, value] of Object.entries(switches)) {
      // A name that the server does not read would change nothing, and the rung would be a lie.
      assert.throws(() => readConfig({ [key]: 'nonsense' }), `${name}: ${key}=${value} is read by nobody`);
    }
  }
});

test('a result is measured only when its manifest is there and of the same plan', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-manifest-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const surroundings = lookAround('2.0.34');
  const plan = (...args: string[]) => {
    const options = readOptions(args)!;
    return planManifest(options.rungs[0]!, 1, options, surroundings);
  };
  const manifest = { ...plan(), startedAt: new Date().toISOString() };
  assert.ok(Value.Check(Manifest, manifest));
  assert.equal(isMeasured(folder, plan()), false);
  writeManifest(folder, manifest);
  assert.equal(isMeasured(folder, plan()), true);
  assert.equal(isMeasured(folder, plan('--rate', '99')), false);
  assert.equal(isMeasured(folder, plan('--duration', '31s')), false);
  assert.equal(isMeasured(folder, plan('--seed', 'other')), false);
  assert.equal(isMeasured(folder, { ...plan(), versions: { ...surroundings.versions, source: 'other code' } }), false);
  assert.equal(isMeasured(folder, { ...plan(), versions: { ...surroundings.versions, commit: 'only docs' } }), true);
  // Measured with --no-knee, and now the knee is wanted.
  assert.equal(hasKnee(folder, plan()), false);
  writeFileSync(join(folder, 'crowd.json'), '{}');
  assert.equal(hasKnee(folder, plan()), true);
  writeFileSync(join(folder, 'manifest.json'), '{"kind":');
  assert.equal(isMeasured(folder, plan()), false);
  mkdirSync(join(folder, 'other'));
  assert.equal(isMeasured(join(folder, 'other'), plan()), false);
});

test('the report takes the runs that were asked for, and no repeat that an earlier rehearsal left', (t) => {
  const out = mkdtempSync(join(tmpdir(), 'matjip-repeats-'));
  t.after(() => rmSync(out, { recursive: true, force: true }));
  for (const folder of ['no-cache', 'no-cache/repeat-2', 'no-cache/repeat-3', 'event-cache']) {
    mkdirSync(join(out, folder), { recursive: true });
    writeFileSync(join(out, folder, 'manifest.json'), '{}');
  }
  const of = (repeat: string) =>
    measuredResults(readOptions(['--rungs', 'no-cache,event-cache,expiry-cache', '--out', out, '--repeat', repeat])!);
  const [first, second, event] = ['no-cache', 'no-cache/repeat-2', 'event-cache'].map((folder) =>
    join(out, folder, 'result.json'),
  );
  assert.deepEqual(of('1'), [first, event]);
  assert.deepEqual(of('2'), [first, second, event]);
});

test('a rung that does not show what it is there to show says so', () => {
  const { expect } = readOptions(['--rungs', 'event-cache'])!.rungs[0]!.rung;
  const truth: Truth = {
    answers: 100,
    checked: 100,
    staleShare: 0.02,
    oldestAgeMs: 40,
    wrongForEver: false,
    blank: 0,
    errors: 0,
    databaseReads: 10,
    loads: 5,
  };
  assert.deepEqual(surprises(expect, truth), []);
  assert.match(compareWithExpected(expect, truth, 'en'), /as expected: fast and right/);
  assert.deepEqual(surprises(expect, { ...truth, oldestAgeMs: 1_500, wrongForEver: true, blank: 1, errors: 2 }), [
    'stale',
    'for-ever',
    'blank',
    'errors',
  ]);
  assert.match(compareWithExpected(expect, { ...truth, oldestAgeMs: 1_500 }, 'ko'), /예상과 다름/);
});
