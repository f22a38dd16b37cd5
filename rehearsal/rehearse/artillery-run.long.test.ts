import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Value from 'typebox/value';
import { startToyServer } from '../crowd/toy-server.ts';
import { DistributionLine, type DistributionPeriod, type DistributionPhase } from '../results/index.ts';
import type { Answer } from '../truth/shown.ts';
import { readTap } from '../truth/tap.ts';
import { ensureArtillery } from './artillery.ts';
import { runArtillery } from './artillery-run.ts';

const RATE = 40;
const PHASES = [
  { name: 'warm-up', duration: 1, arrivalRate: RATE },
  { name: 'steady', duration: 4, arrivalRate: RATE },
];

test('real Artillery sends the crowd of api-test.yml; the reporter keeps its distributions and the tap its menus', async (t) => {
  await ensureArtillery(console.error, t.signal);
  const server = await startToyServer();
  const folder = mkdtempSync(join(tmpdir(), 'matjip-artillery-'));
  t.after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { items } = (await (await fetch(`${server.url}/api/v1/stores`)).json()) as { items: { id: string }[] };
  const tap = join(folder, 'answers.jsonl');
  const run = await runArtillery({
    target: server.url,
    folder,
    tap,
    seed: 'test',
    storeId: items[0]!.id,
    phases: PHASES,
    signal: t.signal,
  });
  await run.finish(() => {});

  const { aggregate } = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
  const planned = RATE * 5;
  assert.equal(aggregate.counters['vusers.completed'], planned);
  assert.equal(aggregate.counters['vusers.failed'], 0);
  assert.equal(aggregate.counters['http.responses'], planned);
  const menus = aggregate.summaries['plugins.metrics-by-endpoint.response_time.GET menu'].count;
  assert.ok(menus > planned * 0.65 && menus < planned * 0.95, `${menus} of ${planned}`);
  assert.ok(
    aggregate.counters['plugins.metrics-by-endpoint.GET menu.codes.304'] > menus * 0.55,
    'most phones keep the menu',
  );
  assert.equal(
    server.orders.size,
    1 + aggregate.counters['plugins.metrics-by-endpoint.POST order.codes.201'],
    'a fresh key each',
  );

  const lines = readFileSync(join(folder, 'distribution.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const line of lines) assert.ok(Value.Check(DistributionLine, line), JSON.stringify(line).slice(0, 200));
  const sketches = lines.flatMap((line: DistributionPeriod) => line.histograms?.['http.response_time'] ?? []);
  const counted = sketches.reduce(
    (sum, { zeroCount, bins }) => sum + zeroCount + bins.reduce((all, [, held]) => all + held, 0),
    0,
  );
  assert.equal(counted, planned, 'no answer is missing from the distributions');
  assert.equal(Math.max(...sketches.map(({ max }) => max!)), aggregate.summaries['http.response_time'].max);
  const ended = lines.filter((line: DistributionPhase) => line.phase?.endedAt) as DistributionPhase[];
  assert.deepEqual(
    ended.map(({ phase }) => phase.name),
    ['warm-up', 'steady'],
  );
  assert.equal(ended[0]!.phase.startedAt, run.beganMs);

  const answers: Answer[] = [];
  for await (const answer of readTap(tap)) answers.push(answer);
  assert.equal(answers.length, menus, 'every menu is in the tap');
  assert.ok(
    answers.every(({ shown }) => [...shown!.values()][0]!.price === 9_000),
    'a 304 shows what the phone keeps',
  );
});
