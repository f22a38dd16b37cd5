/** Results of strangers, each kind made small: what every version and engine of Artillery writes, and what becomes of files on the way. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { quantile } from '../../stats/distribution.ts';
import { renderMarkdown } from '../markdown.ts';
import { renderPage } from '../page/page.ts';
import { makeReport, type Report } from '../report.ts';
import type { Run } from '../run.ts';
import { figuresOf } from '../run-figures.ts';
import { plausibleMs, simulate } from '../testing/simulate.ts';
import { expandInputs, groupRuns, readRun } from './inputs.ts';
import { mergeRuns } from './merge-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'matjip-strangers-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function write(content: unknown): string {
  const file = join(folder, `file-${++files}.json`);
  const isRaw = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(file, isRaw ? (content as string | Uint8Array) : JSON.stringify(content));
  return file;
}

async function read(content: unknown): Promise<Run> {
  const [input] = expandInputs([write(content)]);
  assert.ok(input);
  return readRun(input, undefined);
}

async function report(...contents: unknown[]): Promise<Report> {
  const inputs = expandInputs(contents.map(write));
  const runs = await Promise.all(inputs.map((input) => readRun(input, undefined)));
  return makeReport(groupRuns(inputs, runs), { madeAt: new Date(0) });
}

interface Times {
  counters: Record<string, number>;
  summaries?: Record<string, Record<string, number | string | null>>;
  [more: string]: unknown;
}

const START = 1_795_555_950_000;
/** A whole of a minute, and its six periods with a sixth of its counts each. */
function result({ counters, summaries = {}, ...more }: Times): { aggregate: unknown; intermediate: unknown[] } {
  const part = Object.fromEntries(Object.entries(counters).map(([name, count]) => [name, count / 6]));
  const intermediate = [0, 1, 2, 3, 4, 5].map((i) => ({
    period: String(START + i * 10_000),
    firstMetricAt: START + i * 10_000,
    lastMetricAt: START + i * 10_000 + 9_990,
    counters: part,
    summaries,
  }));
  return {
    aggregate: { counters, summaries, firstMetricAt: START, lastMetricAt: START + 59_990, period: START, ...more },
    intermediate,
  };
}

const http = (requests: number, more: Record<string, number> = {}): Record<string, number> => ({
  'vusers.created': requests,
  'vusers.completed': requests,
  'vusers.failed': 0,
  'http.requests': requests,
  'http.responses': requests,
  'http.codes.200': requests,
  ...more,
});
const RESPONSE_TIME = {
  min: 1,
  max: 900,
  count: 12_000,
  mean: 20,
  p50: 12,
  p75: 20,
  p90: 30,
  p95: 50,
  p99: 120,
  p999: 400,
};

describe('an engine without answers by design', () => {
  const browser = result({
    counters: { 'vusers.created': 120, 'vusers.completed': 118, 'vusers.failed': 2, 'browser.http_requests': 5305 },
    summaries: { 'browser.page.LCP.x': { min: 90, max: 800, count: 120, mean: 200, p50: 190, p95: 416, p99: 700 } },
  });

  test('is told by its users, and by every counter and summary under its own name', async () => {
    const { verdict, checks, groups } = await report(browser);
    assert.equal(verdict.tone, 'plain');
    assert.equal(verdict.sentence.en, 'Of 120 users in 60 s, 118 came through and 2 failed.');
    const [run] = groups[0]?.runs ?? [];
    assert.deepEqual(run?.others.counters, [['browser.http_requests', 5305]]);
    assert.deepEqual(
      run?.others.summaries.map(([name, { p95 }]) => [name, p95]),
      [['browser.page.LCP.x', 416]],
    );
    assert.deepEqual(
      checks.filter(({ level }) => level === 'ok').map(({ code }) => code),
      ['measured'],
    );
  });

  test('beside one whose requests were counted it is held against users alone, and the sentence says so', async () => {
    const quiet = result({
      counters: { 'vusers.created': 60, 'vusers.completed': 60, 'browser.http_requests': 900 },
      summaries: {},
    });
    const asked = result({
      counters: http(1_200, { 'vusers.created': 60, 'vusers.completed': 60 }),
      summaries: { 'http.response_time': RESPONSE_TIME },
    });
    const { verdict } = await report(asked, quiet);
    assert.match(
      verdict.sentence.en,
      /^Not comparable by requests, for there are none in \S+\. Of the users, 0 % of the 60 users of \S+ failed and 0 % of the 60 users of \S+, and no difference is shown\.$/,
    );
    assert.doesNotMatch(verdict.sentence.en, /^No difference/);
  });

  test('has its web vitals in Markdown, no empty panel of requests on the page, and no word of answers', async () => {
    const made = await report(browser);
    assert.match(
      renderMarkdown(made, 'en'),
      /\n- file-\d+: browser\.page\.LCP\.x p50 190 ms, p95 416 ms, p99 700 ms\n/,
    );
    const page = renderPage(made, 'en');
    assert.match(page, /users per second/);
    assert.doesNotMatch(page, /requests per second|Latency over time|class="line p99"/);
    assert.equal(made.checks.find(({ code }) => code === 'measured')?.detail.en, 'Users came in every run.');
    const beside = renderPage(await report(result({ counters: http(600) }), browser), 'en');
    assert.match(beside, /requests per second<\/span><\/figcaption><p class="muted">.*?not in this result/);
    // Nothing was lost, so the key does not say how that is drawn.
    assert.doesNotMatch(beside, /some requests unanswered/);
  });

  test('is told in milliseconds where that is its unit, and in plain numbers where nobody wrote one down', async () => {
    const times = { min: 1, max: 90, count: 600, p50: 4, p95: 12, p99: 30 };
    const summaries = { 'kafka.ack_time': times, 'basket.value': { ...times, p95: 1200.5 } };
    const counters = { 'vusers.created': 600, 'vusers.completed': 600, 'kafka.acks': 6000 };
    const told = renderMarkdown(await report(result({ counters, summaries })), 'en');
    assert.match(told, /kafka\.acks 6,000/);
    assert.match(told, /kafka\.ack\\_time p50 4 ms, p95 12 ms, p99 30 ms/);
    assert.match(told, /basket\.value p50 4, p95 1,200\.5, p99 30/);
  });

  test('fails nothing that it only sends', async () => {
    const counters = { 'vusers.created': 5, 'vusers.completed': 5, 'vusers.failed': 0, 'socketio.emit': 50 };
    const run = await read(result({ counters }));
    assert.deepEqual([run.totals.attempted, run.totals.unanswered], [0, 0]);
    assert.equal(figuresOf(run).figures.errorRate, undefined);
    const both = await read(result({ counters: http(12_000, { 'websocket.messages_sent': 50_000 }) }));
    assert.equal(figuresOf(both).figures.errorRate?.value, 0);
    assert.deepEqual(both.others.counters, [['websocket.messages_sent', 50_000]]);
  });

  test('is told in Markdown also where requests are, with what failed by its kind', async () => {
    const counters = http(12_000, {
      'http.codes.200': 11_990,
      'http.codes.503': 10,
      'websocket.messages_sent': 50_000,
      'browser.http_requests': 900,
      orders_placed: 300,
    });
    const told = renderMarkdown(await report(result({ counters })), 'en');
    assert.match(told, /\n- file-\d+, failures: 503 × 10\n/);
    assert.match(told, /websocket\.messages\\_sent 50,000\n/);
    assert.match(told, /browser\.http\\_requests 900\n/);
    assert.match(told, /orders\\_placed 300\n/);
    assert.doesNotMatch(renderMarkdown(await report(result({ counters: http(600) })), 'en'), /failures/);
  });

  test('is drawn with letters of one size, however few panels there are, and its lines are named as users', async () => {
    const messages = { 'vusers.created': 600, 'vusers.completed': 600, 'websocket.messages_sent': 9_000 };
    const page = renderPage(await report(result({ counters: messages })), 'en');
    // Alone in its row it is drawn as wide as the row, and once more for a phone.
    const drawn = [...page.matchAll(/<svg viewBox="0 0 (\d+) 132"/g)].map(([, width]) => Number(width));
    assert.deepEqual(drawn, [1108, 350]);
    assert.match(page, /users who came through/);
    assert.doesNotMatch(page, /answered, filled: good/);
    // Nothing was measured, only counted: no empty columns of percentiles.
    assert.doesNotMatch(page, /<th class="n">median<\/th>/);
  });

  test('has other names in the first versions 2.0', async () => {
    const early = {
      'core.vusers.created.total': 600,
      'core.vusers.completed': 600,
      'engine.http.requests': 600,
      'engine.http.responses': 600,
      'engine.http.codes.200': 600,
    };
    const run = await read(result({ counters: early, summaries: { 'engine.http.response_time': RESPONSE_TIME } }));
    assert.deepEqual([run.totals.good, run.users?.created], [600, 600]);
    assert.equal(quantile(run.latency as NonNullable<Run['latency']>, 0.95)?.ms, 50);
  });
});

test('users whom a wrong answer ended lead the verdict, and their answers are errors', async () => {
  const counters = http(12_000, {
    'vusers.completed': 0,
    'vusers.failed': 12_000,
    'errors.Failed capture or match': 12_000,
  });
  const { verdict, figures } = await report(result({ counters, summaries: { 'http.response_time': RESPONSE_TIME } }));
  assert.match(verdict.sentence.en, /^100 % of the users failed\./);
  assert.match(
    verdict.alarms.map(({ text }) => text.en).join(),
    /100 % of the users failed, most often by: Failed capture/,
  );
  assert.equal(figures[0]?.runs[0]?.figures.errorRate?.value, 1);
  // A complaint that ended nobody is none.
  const kept = await read(result({ counters: http(12_000, { 'errors.Failed capture or match': 12 }) }));
  assert.equal(kept.totals.good, 12_000);
});

test('users who failed for more than missing answers lead the verdict, whatever the file says of why', async () => {
  const summaries = { 'http.response_time': RESPONSE_TIME };
  const failing = (more: Record<string, number>): Record<string, number> =>
    http(12_000, { 'vusers.completed': 11_000, 'vusers.failed': 1_000, ...more });
  const silent = await report(result({ counters: failing({}), summaries }));
  assert.match(silent.verdict.sentence.en, /^8\.3 % of the users failed\. Of 200 requests/);
  assert.match(silent.verdict.alarms[0]?.text.en ?? '', /8\.3 % of the users failed; the file does not say by what\.$/);
  // Beside another engine nobody knows whose answer it was, but the users failed all the same; a code ends none of them.
  const both = failing({
    'websocket.messages_sent': 50_000,
    'http.codes.200': 11_000,
    'http.codes.503': 1_000,
    'errors.Failed capture or match': 900,
    'errors.WSError': 100,
  });
  const { verdict } = await report(result({ counters: both, summaries }));
  assert.match(verdict.sentence.en, /^8\.3 % of the users failed\./);
  assert.match(verdict.alarms.map(({ text }) => text.en).join(), /most often by: Failed capture or match/);
  // Those whose request got no answer are told by the error rate.
  const lost = failing({ 'http.responses': 11_000, 'http.codes.200': 11_000, 'errors.ETIMEDOUT': 1_000 });
  assert.match((await report(result({ counters: lost, summaries }))).verdict.sentence.en, /^Of 200 requests/);
});

test('a request is lost once, whatever its error is called', async () => {
  for (const kind of ['HPE_INVALID_CONSTANT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'something new']) {
    const counters = http(12_000, {
      'http.responses': 11_400,
      'http.codes.200': 11_400,
      'vusers.completed': 11_400,
      'vusers.failed': 600,
      [`errors.${kind}`]: 600,
    });
    const run = await read(result({ counters, summaries: { 'http.response_time': RESPONSE_TIME } }));
    const { errorRate, p99 } = figuresOf(run).figures;
    assert.ok(Math.abs((errorRate?.value ?? 0) - 0.05) < 1e-9, `${kind}: ${errorRate?.value}`);
    // Nobody waits for a certificate that is not trusted.
    assert.equal(p99?.atLeast, /CERT/.test(kind) ? undefined : true, kind);
  }
});

describe('latency', () => {
  test('is read from the sketch of a histogram that comes before the summaries', async () => {
    const gamma = 1.02;
    const bins = Array.from({ length: 300 }, (_, i) => (i === 100 ? 11_400 : i === 200 ? 600 : 0));
    const value = (k: number): number => (2 * gamma ** k) / (1 + gamma);
    const histograms = {
      'http.response_time': {
        count: 12_000,
        min: value(100),
        max: value(200),
        store: { offset: 0, bins },
        mapping: { gamma },
      },
    };
    const { aggregate, intermediate } = result({ counters: http(12_000) });
    const run = await read({ aggregate: { histograms, ...(aggregate as object), summaries: {} }, intermediate });
    assert.equal(run.latency?.detail, 'full');
    assert.ok(Math.abs((quantile(run.latency, 0.5)?.ms ?? 0) - value(100)) < 0.01);
    assert.ok(Math.abs((quantile(run.latency, 0.99)?.ms ?? 0) - value(200)) < 0.01);
  });

  test('takes from the second section what the first lacks, numbers written as text, and nothing for null', async () => {
    const bare = { count: 12_000, min: 1, max: 900 };
    const { aggregate, intermediate } = result({ counters: http(12_000) });
    const summaries = { 'http.response_time': { ...bare, p50: '12', p95: '50.0', p99: null } };
    const run = await read({
      aggregate: { histograms: { 'http.response_time': bare }, ...(aggregate as object), summaries },
      intermediate,
    });
    assert.equal(figuresOf(run).figures.p95?.value, 50);
    assert.equal(figuresOf(run).figures.p99, undefined);
    // The sentence goes by the highest that there is.
    const { verdict } = await report({ aggregate: { ...(aggregate as object), summaries }, intermediate });
    assert.match(verdict.sentence.en, /; 95 of 100 waited at most 50 ms\.$/);
    const none = await report(result({ counters: http(600) }));
    assert.match(none.verdict.sentence.en, /100 % were answered as they should be\.$/);
  });

  test('without one percentile is not drawn', async () => {
    const run = await read(
      result({ counters: http(600), summaries: { 'http.response_time': { min: 1, max: 900, count: 600 } } }),
    );
    assert.equal(run.latency, undefined);
    assert.deepEqual(run.own, { min: 1, max: 900, count: 600 });
  });

  test('is no wait where the connection was refused at once, and the generator is blamed for its own ports', async () => {
    const refused = http(12_000, { 'http.responses': 11_400, 'http.codes.200': 11_400, 'errors.ECONNREFUSED': 600 });
    const summaries = { 'http.response_time': RESPONSE_TIME };
    const run = await read(result({ counters: refused, summaries }));
    const { p99, errorRate } = figuresOf(run).figures;
    assert.deepEqual([p99?.value, p99?.atLeast], [120, undefined]);
    assert.ok(Math.abs((errorRate?.value ?? 0) - 0.05) < 1e-9);
    const { 'errors.ECONNREFUSED': lost = 0, ...rest } = refused;
    const { checks, verdict } = await report(
      result({ counters: { ...rest, 'errors.EADDRNOTAVAIL': lost }, summaries }),
    );
    assert.match(checks.find(({ code }) => code === 'generator')?.detail.en ?? '', /EADDRNOTAVAIL.*ran out of ports/);
    assert.equal(verdict.tone, 'invalid');
  });

  test('of a connection that broke is longer than every answer, and no time-out where nobody timed out', async () => {
    const reset = http(12_000, { 'http.responses': 11_400, 'http.codes.200': 11_400, 'errors.ECONNRESET': 600 });
    const summaries = { 'http.response_time': RESPONSE_TIME };
    const { p95, p99 } = figuresOf(await read(result({ counters: reset, summaries }))).figures;
    assert.deepEqual([p99?.value, p99?.atLeast, p95?.atLeast], [900, true, undefined]);
    const { 'errors.ECONNRESET': lost = 0, ...rest } = reset;
    const late = await read(result({ counters: { ...rest, 'errors.ETIMEDOUT': lost }, summaries }));
    assert.deepEqual(figuresOf(late).figures.p99, { value: 10_000, atLeast: true });
  });

  test('moves by less than a thousandth where one of fourteen thousand was lost', async () => {
    const count = 14_040;
    const lost = http(count, { 'http.responses': count - 1, 'http.codes.200': count - 1, 'errors.ETIMEDOUT': 1 });
    const even = { ...RESPONSE_TIME, p95: 50, p99: 57, p999: 64, max: 80, count };
    const run = await read(result({ counters: lost, summaries: { 'http.response_time': even } }));
    const { p95, p99 } = figuresOf(run).figures;
    assert.ok(Math.abs((p95?.value ?? 0) / 50 - 1) < 0.001, `${p95?.value}`);
    assert.ok(Math.abs((p99?.value ?? 0) / 57 - 1) < 0.001, `${p99?.value}`);
  });
});

test('users that the script itself kept back are not blamed on the generator', async () => {
  const { checks, verdict } = await report(
    result({ counters: http(12_000, { 'vusers.skipped': 4_000 }), summaries: { 'http.response_time': RESPONSE_TIME } }),
  );
  assert.notEqual(verdict.tone, 'invalid');
  assert.match(checks.find(({ code }) => code === 'planned')?.detail.en ?? '', /4,000 users .*maxVusers/);
});

test('fifteen errors of 344 against fifteen of 478 are no difference', async () => {
  const with15 = (requests: number): unknown =>
    result({
      counters: http(requests, { 'http.codes.200': requests - 15, 'http.codes.500': 15 }),
      summaries: { 'http.response_time': { ...RESPONSE_TIME, count: requests } },
    });
  const { comparisons, verdict } = await report(with15(344), with15(478));
  assert.equal([...comparisons.values()][0]?.errorRate?.meaning, 'none');
  assert.doesNotMatch(verdict.sentence.en, /cuts the error rate/);
});

test('a slow beginning and a slow step in a browser are no server that stood still', async () => {
  const cold = simulate({
    seed: 3,
    ratePerSecond: 80,
    durationS: 60,
    answer: (random, atS) => ({ ms: atS < 5 ? 3000 * random() : plausibleMs(random, 9) }),
  });
  const said = await report(cold.result);
  assert.doesNotMatch(said.verdict.alarms.map(({ text }) => text.en).join(), /stood still/);
  assert.match(said.checks.find(({ code }) => code === 'warmup')?.detail.en ?? '', /first period is clearly slower/);
  const page = result({
    counters: http(600, { 'errors.page.fill: Timeout 30000ms exceeded.': 12 }),
    summaries: { 'http.response_time': { ...RESPONSE_TIME, count: 600 } },
  });
  assert.doesNotMatch((await report(page)).verdict.alarms.map(({ text }) => text.en).join(), /stood still/);
});

test('an endpoint keeps its codes however long its name, and two that end differently stay apart', async () => {
  const long = (end: string): string => `/search?q=${'x'.repeat(260)}${end}`;
  const by = 'plugins.metrics-by-endpoint.';
  const counters = http(600, { [`${by}${long('-red')}.codes.200`]: 400, [`${by}${long('-blue')}.codes.200`]: 200 });
  const run = await read(result({ counters, summaries: { [`${by}response_time.${long('-red')}`]: RESPONSE_TIME } }));
  assert.deepEqual(run.endpoints.map(({ name, good, errors }) => [name.slice(-4), good, errors]).sort(), [
    ['-red', 400, {}],
    ['blue', 200, {}],
  ]);
});

describe('version 1', () => {
  const latencies = Array.from({ length: 300 }, (_, i) => [1_520_869_180_404 + i, `id-${i}`, (i + 1) * 1e6, 200]);
  const period = (at: string): Record<string, unknown> => ({
    timestamp: at,
    scenariosCreated: 300,
    scenariosCompleted: 300,
    requestsCompleted: 300,
    latency: { min: 1, max: 300, median: 150.5, p95: null, p99: null },
    errors: {},
    codes: { 200: 300 },
    latencies,
  });
  const v1 = {
    aggregate: {
      ...period('2021-03-08T02:11:40.000Z'),
      latencies: undefined,
      requestsCompleted: 600,
      scenariosCreated: 600,
      scenariosCompleted: 600,
      codes: { 200: 600 },
      customStats: {
        'GET /menu': { min: 2, max: 90, median: 8, p95: 40, p99: 70 },
        basket: { min: 1, max: 9, median: 3, p95: 8, p99: 9 },
      },
      phases: [{ duration: '20', arrivalRate: '60' }],
    },
    intermediate: [period('2021-03-08T02:11:30.000Z'), period('2021-03-08T02:11:40.000Z')],
  };

  test('gives its exact distribution, its endpoints and its planned load', async () => {
    const run = await read(v1);
    assert.equal(run.latency?.detail, 'full');
    assert.equal(quantile(run.latency, 0.99)?.ms, 297);
    assert.deepEqual(
      run.endpoints.map(({ name, attempted }) => [name, attempted]),
      [['GET /menu', 0]],
    );
    assert.equal(run.endpoints[0]?.latency && quantile(run.endpoints[0].latency, 0.95)?.ms, 40);
    assert.ok(run.others.summaries.some(([name]) => name === 'custom.basket'));
    assert.deepEqual(run.planned, { users: 1200, durationS: 20 });
    const { checks } = await report(v1);
    assert.match(
      checks.find(({ code }) => code === 'planned')?.detail.en ?? '',
      /1,200 users were planned and 600 began/,
    );
  });
});

describe('time', () => {
  const whole = result({ counters: http(12_000), summaries: { 'http.response_time': RESPONSE_TIME } });
  const shifted = (move: (i: number) => number): unknown => ({
    ...whole,
    intermediate: whole.intermediate.map((one, i) => {
      const at = START + move(i) * 10_000;
      return { ...(one as object), period: String(at), firstMetricAt: at, lastMetricAt: at + 9_990 };
    }),
  });

  for (const [name, move, note] of [
    ['swapped periods', (i: number) => [0, 2, 1, 3, 5, 4][i] ?? i, /put into it/],
    ['a clock that was set back', (i: number) => (i < 3 ? i : i - 2), /put into it|^$/],
    ['an hour without a sign', (i: number) => (i < 3 ? i : i + 360), /nothing is recorded for 60 min/],
  ] as const) {
    test(`${name} leave the rate as it was, and are said`, async () => {
      const run = await read(shifted(move));
      const perSecond = figuresOf(run).figures.goodPerSecond?.value ?? 0;
      assert.ok(Math.abs(perSecond / 200 - 1) < 0.02, `${perSecond}/s`);
      assert.match(run.notes.map(({ en }) => en).join(), note);
    });
  }
});

test('a gap stays a gap: no line of latency is drawn across an hour without a sign', async () => {
  const whole = result({ counters: http(12_000), summaries: { 'http.response_time': RESPONSE_TIME } });
  const parted = whole.intermediate.map((one, i) => {
    const at = START + (i < 3 ? i : i + 360) * 10_000;
    return { ...(one as object), period: String(at), firstMetricAt: at, lastMetricAt: at + 9_990 };
  });
  const piecesIn = (page: string): number =>
    (/class="line p99" d="(M[^"]*)"\/><\/g>/.exec(page)?.[1]?.match(/M/g) ?? []).length;
  assert.equal(piecesIn(renderPage(await report(whole), 'en')), 1);
  assert.equal(piecesIn(renderPage(await report({ ...whole, intermediate: parted }), 'en')), 2);
});

test('files that lie years apart are not added together, and the later one is named with both times', async () => {
  const later = result({ counters: http(600), summaries: { 'http.response_time': RESPONSE_TIME } });
  const [one, other] = await Promise.all([read(later), read(later)]);
  assert.ok(one && other);
  assert.equal(mergeRuns([one, other], 'both').totals.good, 1_200);
  const before = { ...one, startMs: one.startMs - 5 * 365 * 86_400_000 };
  assert.throws(() => mergeRuns([other, before], 'both'), /began 43,800 hours after .* not files of one test/);
});

describe('a file is read', () => {
  const whole = result({ counters: http(12_000), summaries: { 'http.response_time': RESPONSE_TIME } });
  const text = JSON.stringify(whole);

  for (const [name, content] of [
    ['with a byte order mark', `\ufeff${text}`],
    ['in UTF-16, as PowerShell writes it', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
    ['packed by gzip', gzipSync(text)],
  ] as const) {
    test(name, async () => assert.equal((await read(content)).totals.good, 12_000));
  }

  test('as JSON lines, one period each', async () => {
    const run = await read(whole.intermediate.map((period) => JSON.stringify(period)).join('\n'));
    assert.equal(run.totals.good, 12_000);
    assert.equal(figuresOf(run).figures.p95?.value.toFixed(0), '50');
  });

  test('and refused in one line when its packing is cut off', async () => {
    await assert.rejects(
      read(gzipSync(text).subarray(0, 200)),
      /^Unreadable: .*file-\d+\.json: (?:unexpected end|ends in)/,
    );
  });
});
