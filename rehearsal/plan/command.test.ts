import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { manifestOf } from '../report/testing/simulate.ts';
import type { CrowdResult, Truth } from '../results/index.ts';
import { planCommand } from './command.ts';
import { PRICES_FILE } from './prices.ts';

/** Runs the command and keeps what it says. */
async function run(t: TestContext, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const log = t.mock.method(console, 'log', (text: string) => {
    said.out += `${text}\n`;
  });
  const error = t.mock.method(console, 'error', (text: string) => {
    said.err += `${text}\n`;
  });
  const code = await planCommand(args);
  log.mock.restore();
  error.mock.restore();
  return { code, ...said };
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-plan-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const MEASURED = join(import.meta.dirname, '../../docs/rehearsal/measured.json');

test('the contract: peak, rungs with safe rate, machines and money, and advice', async (t) => {
  const { code, out } = await run(t, '--peak', '3000', '--json', '--from', MEASURED);
  assert.equal(code, 0);
  const plan = JSON.parse(out);
  assert.equal(plan.peak, 3_000);
  assert.match(plan.advice, /^To hold 3,000 requests a second you need .* the next won is best spent on/);
  assert.ok(plan.rungs.length > 1);
  for (const { name, safePerCore, machines, monthly, perMillionOrders } of plan.rungs) {
    assert.equal(typeof name, 'string');
    assert.ok(safePerCore > 0);
    if (machines === null) continue;
    assert.ok(machines >= 2, 'one may be lost');
    assert.ok(monthly.low <= monthly.base && monthly.base > 0 && perMillionOrders > 0);
  }
});

test('Markdown, the page and the table say the same, in both languages', async (t) => {
  const page = join(folderOf(t), 'deep/plan.html');
  const { advice } = JSON.parse((await run(t, '--peak', '3000', '--json', '--from', MEASURED)).out);
  const table = await run(t, '--peak', '3000', '--from', MEASURED);
  assert.ok(table.out.includes(advice));
  const { code, out } = await run(t, '--peak', '3000', '--md', '--html', page, '--lang', 'ko', '--from', MEASURED);
  assert.equal(code, 0);
  assert.match(out, /^## 초당 3,000건을 버티는 값\n\n\*\*초당 3,000건을 버티려면/);
  const html = readFileSync(page, 'utf8');
  assert.ok(html.includes(advice) && html.includes('<html lang="ko"'));
  // It connects to nothing.
  assert.doesNotMatch(html, /\b(src|href)="/);
});

test('a wrong command line says which option and what is allowed', async (t) => {
  const cases: [string[], RegExp][] = [
    [[], /--peak N is needed/],
    [['--peak', '0'], /--peak 0: a number from 1 to 10,000,000/],
    [['--peak', 'many'], /--peak many: a number/],
    [['--peak', '5', '--headroom', '1'], /--headroom 1: a number from 0 to 0.9/],
    [['--peak', '5', '--lang', 'fr'], /--lang fr: en or ko/],
    [['--peak', '5', '--json', '--md'], /one of them at a time/],
    [['--peak', '5', '--cheap'], /--cheap/],
  ];
  for (const [args, why] of cases) {
    const { code, err } = await run(t, ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, why);
  }
});

test('a wrong price list or measurement names the file, the field and what is wrong with it', async (t) => {
  const folder = folderOf(t);
  const prices = join(folder, 'prices.yml');
  const measured = join(folder, 'measured.json');
  const good = readFileSync(PRICES_FILE, 'utf8');
  const known = JSON.parse(readFileSync(MEASURED, 'utf8'));
  const cases: [string, string, RegExp][] = [
    ['prices', good.replace('wonPerDollar: 1400', 'wonPerDollar: many'), /prices\.yml: wonPerDollar must be number/],
    ['prices', good.replace('headroom: 0.3', 'headroom: 3'), /prices\.yml: assume\.headroom must be <= 0\.9/],
    ['prices', good.replace('cores: 2,', 'cores: 2, gpus: 1,'), /prices\.yml: machines\.0\.gpus is not known there/],
    ['prices', '{ name: [', /prices\.yml: /],
    ['measured', '{', /measured\.json: is not JSON/],
    ['measured', JSON.stringify({ ...known, rungs: [] }), /measured\.json: rungs must not have fewer than 1/],
    [
      'measured',
      JSON.stringify({ ...known, rungs: [{ ...known.rungs[0], knee: { low: 9, base: 5, high: 7 } }] }),
      /rung no-cache: knee\.low ≤ knee\.base ≤ knee\.high is needed/,
    ],
  ];
  for (const [what, text, why] of cases) {
    const file = what === 'prices' ? prices : measured;
    writeFileSync(file, text);
    const from = what === 'prices' ? ['--prices', file, '--from', MEASURED] : ['--from', file];
    const { code, err } = await run(t, '--peak', '100', ...from);
    assert.equal(code, 1);
    assert.match(err, why);
  }
  assert.match((await run(t, '--peak', '9', '--from', folder)).err, /rung no-cache/);
  assert.match((await run(t, '--peak', '9', '--from', join(folder, 'none'))).err, /none: no such file or folder/);
  const empty = folderOf(t);
  assert.match((await run(t, '--peak', '9', '--from', empty)).err, /no knee was measured there; npm run rehearse/);
});

test('a rehearsal’s folders of results are read as they are, and a stale cache is never the advice', async (t) => {
  const folder = folderOf(t);
  writeResult(folder, 'no-cache', 0, 200, 0);
  writeResult(folder, 'expiry-cache', 1, 9_000, 4_400);
  writeResult(folder, 'event-cache', 2, 4_000, 0);
  mkdirSync(join(folder, 'node_modules'));
  const { code, out } = await run(t, '--peak', '2000', '--json', '--from', folder);
  assert.equal(code, 0);
  const plan = JSON.parse(out);
  assert.deepEqual(
    plan.rungs.map(({ name, answersRightly, knee, databaseShare }: Record<string, unknown>) => [
      name,
      answersRightly,
      knee,
      databaseShare,
    ]),
    [
      ['no-cache', true, { low: 200, base: 200, high: 240 }, 0.25],
      ['expiry-cache', false, { low: 9_000, base: 9_000, high: 10_800 }, 0.25],
      ['event-cache', true, { low: 4_000, base: 4_000, high: 4_800 }, 0.25],
    ],
  );
  assert.equal(plan.best, 'event-cache');
});

test('the series for the law of scaling goes to the rung with the same switches, and what a request costs at half the knee decides its share', async (t) => {
  const folder = folderOf(t);
  writeResult(folder, 'no-cache', 0, 200, 0);
  writeResult(folder, 'event-cache', 1, 4_000, 0, { CACHE: 'memory', changes: 'every 1000 ms' });
  const work = { offeredPerSecond: 2_000, requests: 8_000, cpuSeconds: 1, databaseCpuSeconds: 3 };
  const counted = { databaseReads: 1, databaseStatements: 9, databaseBytes: 9 };
  writeFileSync(
    join(folder, 'event-cache/full-house.json'),
    JSON.stringify({
      kind: 'matjip-full-house',
      version: 1,
      kneePerSecond: 4_000,
      usefulMs: 1_000,
      work: { ...work, ...counted },
      steps: [],
    }),
  );
  const points = [1, 2, 3, 4, 5, 6, 7, 8].map((nodes) => ({
    nodes,
    cores: nodes / 8,
    perSecond: (100 * nodes) / (1 + 0.02 * (nodes - 1)),
    failedShare: 0,
  }));
  const series = {
    kind: 'matjip-scaling',
    version: 1,
    measuredAt: '2026-11-28T00:00:00Z',
    machine: 'a machine',
    switches: { CACHE: 'memory' },
    nodeCores: 1 / 8,
    periodMs: 10,
    points,
  };
  writeFileSync(join(folder, 'scaling.json'), JSON.stringify(series));
  const plan = JSON.parse((await run(t, '--peak', '2000', '--json', '--from', folder)).out);
  const [plain, law] = plan.rungs;
  assert.deepEqual([plain.scaling.law, law.scaling.law], ['proportional', 'usl']);
  assert.deepEqual([plain.databaseShare, law.databaseShare], [0.25, 0.75]);
  const { cores, predicted, measured } = law.scaling.checked;
  assert.ok(cores === 1 && predicted / measured > 0.99 && predicted / measured < 1.01);
  const told = await run(t, '--peak', '2000', '--from', folder);
  assert.match(
    told.out,
    /event-cache: law of scaling \(USL\) .*counted in 0\.125 of a core\..*did not see: predicted ÷ measured 1\.00/,
  );
  writeFileSync(join(folder, 'scaling.json'), JSON.stringify({ ...series, points: [{ nodes: 0 }] }));
  const refused = await run(t, '--peak', '2000', '--from', folder);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /scaling\.json: points\.0/);
});

/** What a rehearsal leaves of a rung, as far as a plan reads it. */
function writeResult(
  folder: string,
  rung: string,
  step: number,
  knee: number,
  oldestAgeMs: number,
  switches: Record<string, string> = {},
): void {
  const level = { p99Ms: 100, errorRate: 0.001 };
  const latency = { gamma: 1.02, zeroCount: 0, bins: [] };
  const counts = { attempted: 100, answered: 100, good: 100, codes: {}, errors: {}, latency };
  const tried = [
    { rate: knee, ok: true, p99Ms: 50, errorRate: 0 },
    { rate: knee * 1.2, ok: false, p99Ms: 500, errorRate: 0 },
  ];
  const manifest = manifestOf(rung, {
    ladder: 'cache',
    switches,
    step,
    server: { cpuSeconds: 3, databaseCpuSeconds: 1, requests: 1_000 },
  });
  const crowd: CrowdResult = {
    kind: 'matjip-crowd',
    version: 1,
    startedAt: manifest.startedAt,
    durationS: 3,
    warmupS: 1,
    timeoutMs: 2_000,
    seed: 1,
    offeredPerSecond: knee,
    ...counts,
    seconds: [],
    endpoints: [{ name: 'POST order', ...counts, attempted: 10 }],
    generator: { processes: 1, cpuShare: 0.1, sendLagP99Ms: 1, dropped: 0 },
    knee: { ratePerSecond: knee, serviceLevel: level, tried },
  };
  const truth: Truth = {
    answers: 100,
    checked: 100,
    staleShare: oldestAgeMs > 0 ? 0.8 : 0,
    oldestAgeMs,
    wrongForEver: false,
    blank: 0,
    errors: 0,
    databaseReads: 0,
    loads: 0,
  };
  mkdirSync(join(folder, rung));
  for (const [name, content] of Object.entries({ manifest, crowd, truth }))
    writeFileSync(join(folder, rung, `${name}.json`), JSON.stringify(content));
}
