import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Value from 'typebox/value';
import type { MenuView } from '../../src/contract/index.ts';
import { startNode } from '../../test/support/child.ts';
import { eventually } from '../../test/support/eventually.ts';
import { CrowdResult } from '../results/index.ts';
import { fromHistogram } from '../stats/histogram.ts';
import { measureThroughput } from './closed-loop.ts';
import { EVENT_MIX } from './guests.ts';
import { type LedgerEntry, readLedger } from './ledger.ts';
import { runCrowd } from './run-crowd.ts';
import { startToyServer, type ToyOptions } from './toy-server.ts';
import { lookUpOverHttp, verifyLedger } from './verify-ledger.ts';

async function toy(t: TestContext, options?: ToyOptions) {
  const server = await startToyServer(options);
  t.after(() => server.close());
  return server;
}

/** Longer than anything takes on a slow and busy machine. */
const PATIENT_MS = 60_000;

const errorsOf = ({ errors }: { errors: Readonly<Record<string, number>> }) =>
  Object.values(errors).reduce((sum, times) => sum + times, 0);

async function readAll(ledger: string): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const entry of readLedger(ledger)) entries.push(entry);
  return entries;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'matjip-crowd-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('everything planned is sent and answered, in the shares asked for, and the result is one that the report reads', async (t) => {
  const server = await toy(t);
  const serviceLevel = { p99Ms: PATIENT_MS, errorRate: 0 };
  const { result, verdict } = await runCrowd({
    url: server.url,
    rate: 400,
    durationS: 3,
    warmupS: 1,
    thinkS: 1,
    timeoutMs: PATIENT_MS,
    serviceLevel,
  });
  assert.ok(Value.Check(CrowdResult, JSON.parse(JSON.stringify(result))));
  assert.equal(result.answered, result.attempted);
  assert.equal(result.generator.dropped, 0);
  // A Poisson count of 1,200 lies within four times its root.
  assert.ok(Math.abs(result.attempted - 1_200) < 140, String(result.attempted));
  const share = (name: string) =>
    result.endpoints.find((endpoint) => endpoint.name === name)!.attempted / result.attempted;
  // Who has no order yet looks at the menu instead of its status: while no order is answered, on a slow machine, that is a tenth more.
  assert.ok(share('GET menu') > 0.74 && share('GET menu') < 0.96, String(share('GET menu')));
  assert.ok(Math.abs(share('POST order') - 0.1) < 0.04);
  assert.ok(share('GET order') < 0.14, String(share('GET order')));
  assert.ok(server.seen.notModified > server.seen.menu * 0.7, 'most phones keep the menu');
  assert.ok(server.seen.notModified < server.seen.menu * 0.95, 'some come for the first time');
  // A generator that was late on a busy machine says so.
  assert.ok(['kept', 'no verdict'].includes(verdict.kind), JSON.stringify(verdict));
});

test('a freeze is charged to everybody who would have come meanwhile', async (t) => {
  const server = await toy(t);
  const run = runCrowd({ url: server.url, rate: 200, durationS: 4, warmupS: 0.5 });
  await eventually(() => server.seen.menu >= 60);
  server.freeze(1_000);
  const { result, verdict } = await run;
  const latency = fromHistogram(result.latency);
  const slow = latency.values.reduce((sum, value, index) => sum + (value > 500 ? latency.counts[index]! : 0), 0);
  // Of the 200 who came in that second, the half that came first waited for more than half a second; on a slow machine others too.
  assert.ok(slow > 60, `${slow} waited for more than half a second`);
  assert.notEqual(verdict.kind, 'kept');
});

test('a server that never answers is never faster than the time-out', async (t) => {
  const server = await toy(t);
  const run = runCrowd({ url: server.url, rate: 100, durationS: 2, warmupS: 0.5, timeoutMs: 1_000 });
  await eventually(() => server.seen.menu >= 20);
  server.freeze(60_000);
  const { result, p99Ms, verdict } = await run;
  assert.ok(result.errors.timeout! > 50);
  assert.equal(p99Ms, 1_000);
  assert.equal(result.attempted, result.answered + errorsOf(result));
  // A generator that was late on a busy machine says so.
  assert.ok(['broken', 'no verdict'].includes(verdict.kind), JSON.stringify(verdict));
});

test('what cannot be sent for want of connections is counted as dropped, not forgotten', async (t) => {
  const server = await toy(t, { serviceMs: 5 });
  const run = await runCrowd({
    url: server.url,
    rate: 1_000,
    durationS: 2,
    warmupS: 0,
    timeoutMs: 500,
    connectionsMax: 2,
  });
  const { result } = run;
  const errors = errorsOf(result);
  assert.equal(result.attempted, result.answered + errors);
  assert.ok(errors > result.attempted / 2, JSON.stringify(result.errors));
  assert.equal(run.verdict.kind === 'kept', false);
});

test('refused orders are tried again with the same key, and every acknowledged one is in the ledger and on the server', async (t) => {
  const server = await toy(t, { refuse: { every: 3, status: 503 } });
  const ledger = join(folder(t), 'ledger');
  const mix = { menu: 0, order: 1, status: 0 };
  const { result, ledgers } = await runCrowd({
    url: server.url,
    rate: 100,
    durationS: 2,
    warmupS: 0,
    mix,
    timeoutMs: PATIENT_MS,
    processes: 2,
    ledger,
  });
  assert.equal(result.generator.processes, 2);
  const verdict = await verifyLedger(ledgers, lookUpOverHttp(server.url));
  assert.deepEqual(verdict, { acknowledged: server.orders.size, lost: 0, doubled: 0 });
  assert.ok(server.seen.order > result.attempted * 1.2, 'there were retries');
  assert.ok(result.codes['201']! > result.attempted * 0.85);
});

test('an order that the server forgets is found to be lost', async (t) => {
  const server = await toy(t);
  const ledger = join(folder(t), 'ledger');
  const mix = { menu: 0, order: 1, status: 0 };
  const { ledgers } = await runCrowd({
    url: server.url,
    rate: 50,
    durationS: 1,
    warmupS: 0,
    timeoutMs: PATIENT_MS,
    mix,
    ledger,
  });
  (server.orders as Map<string, unknown>).delete([...server.orders.keys()][3]!);
  assert.equal((await verifyLedger(ledgers, lookUpOverHttp(server.url))).lost, 1);
});

test('a line that was cut off is left out of the ledger and spoils nothing', async (t) => {
  const ledger = join(folder(t), 'ledger');
  writeFileSync(ledger, 'store order-1 1 9000 token\nstore order-2 2 80');
  assert.deepEqual(await readAll(ledger), [
    { storeId: 'store', id: 'order-1', number: 1, total: 9_000, token: 'token' },
  ]);
});

test('a ledger survives a generator that is killed', async (t) => {
  const server = await toy(t);
  const ledger = join(folder(t), 'ledger');
  const script = `
    import { generate } from ${JSON.stringify(join(import.meta.dirname, 'generate.ts'))};
    const [options] = process.argv.slice(1);
    await generate({ ...JSON.parse(options), beginMs: Date.now() });`;
  const url = new URL(server.url);
  const store = (await (await fetch(`${server.url}/api/v1/stores`)).json()) as { items: { id: string }[] };
  const menu = await (await fetch(`${server.url}/api/v1/stores/${store.items[0]!.id}/menu`)).json();
  const options = {
    host: url.hostname,
    port: Number(url.port),
    storeId: store.items[0]!.id,
    menu,
    mix: { menu: 0, order: 1, status: 0 },
    rate: 300,
    warmupS: 0,
    durationS: 30,
    thinkS: 1,
    timeoutMs: 1_000,
    goodMs: 100,
    connectionsMax: 100,
    seed: 'killed',
    ledger,
  };
  const child = startNode(t, ['--input-type=module', '-e', script, JSON.stringify(options)]);
  const lines = () => (existsSync(ledger) ? readFileSync(ledger, 'utf8').split('\n').length - 1 : 0);
  await eventually(() => lines() >= 100);
  await child.kill('SIGKILL');
  const entries = await readAll(ledger);
  assert.ok(entries.length >= 100);
  for (const { id, number, total } of entries) assert.deepEqual(server.orders.get(id), { id, number, total });
});

test('a generator that dies is an error, not a result', async (t) => {
  const server = await toy(t);
  const stop = new AbortController();
  const run = runCrowd({ url: server.url, rate: 50, durationS: 20, signal: stop.signal });
  await eventually(() => server.seen.menu >= 5);
  stop.abort(new Error('told to stop'));
  await assert.rejects(run, /told to stop/);
});

test('phones that never rest each have one request under way, at every node, and count what was right', async (t) => {
  const nodes = [await toy(t), await toy(t)];
  const { items } = (await (await fetch(`${nodes[0]!.url}/api/v1/stores`)).json()) as { items: { id: string }[] };
  const menu = (await (await fetch(`${nodes[0]!.url}/api/v1/stores/${items[0]!.id}/menu`)).json()) as MenuView;
  const about = { phonesPerNode: 3, storeId: items[0]!.id, menu, mix: EVENT_MIX, timeoutMs: PATIENT_MS, seed: 'loop' };
  const { perSecond, failed, cpuShare } = await measureThroughput({
    ...about,
    urls: nodes.map(({ url }) => url),
    warmupS: 0.2,
    durationS: 0.8,
  });
  assert.ok(perSecond > 0 && cpuShare > 0);
  assert.equal(failed, 0);
  for (const { orders } of nodes) assert.ok(orders.size > 0, 'each has a crowd of its own');
  // Nobody there: failures are counted, and nobody goes round in circles.
  const gone = await measureThroughput({ ...about, urls: ['http://127.0.0.1:1'], warmupS: 0, durationS: 0.3 });
  assert.ok(gone.perSecond === 0 && gone.failed > 0 && gone.failed <= 3 * 7, String(gone.failed));
});
