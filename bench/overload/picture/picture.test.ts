import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsefulnessTally } from '../../../rehearsal/crowd/usefulness.ts';
import type { OverloadResult } from '../rows.ts';
import { overloadPictureCommand } from './command.ts';
import { overloadPicture } from './picture.ts';

/** At each multiple of a knee of 100 a second: how many of the orders were useful, and how many of the others were refused. */
function resultOf(loads: Readonly<Record<number, readonly [useful: number, refused: number]>>, waitedShare = 0) {
  const steps = Object.entries(loads).map(([multiple, [useful, refused]]) => {
    const planned = Number(multiple) * 100;
    const tally = new UsefulnessTally(1_000);
    for (let index = 0; index < planned; index++) {
      tally.planned('order', 0);
      const isRefused = index >= useful && index < useful + refused;
      if (isRefused) tally.refused(0, 42);
      tally.ended('order', 0, 10, index < useful ? 'right' : isRefused ? 'refused' : 'timeouts');
    }
    const load = {
      ...tally.sum({ offeredPerSecond: planned, durationS: 1 }, { cpuShare: 0.5, waitedShare, reconnects: 0 }),
      server: { cpuShare: 1, databaseCpuShare: 0, residentMaxMiB: 100, loopDelayP99Ms: 10 },
    };
    return { multiple: Number(multiple), isAfter: false, load };
  });
  const result: OverloadResult = {
    kind: 'matjip-overload',
    startedAt: '2026-01-01T00:00:00.000Z',
    processor: 'any',
    phones: 100,
    retry: 'never',
    inFront: 'nothing',
    kneePerSecond: 100,
    steps: [...steps, { ...steps[0]!, isAfter: true }],
    orders: null,
  };
  return result;
}

const BEFORE = resultOf({ 0.5: [50, 0], 1: [100, 0], 2: [20, 0], 10: [0, 0] });
const AFTER = resultOf({ 0.5: [50, 0], 1: [100, 0], 2: [100, 100], 10: [90, 900] });

/** The ends of the line of one measurement in each of the two charts. */
const linesOf = (svg: string, name: string) =>
  [...svg.matchAll(new RegExp(`<g class="${name}"><path class="line"[^>]* d="([^"]+)"`, 'g'))].map(([, d]) =>
    d!
      .split(/[ML]/)
      .slice(1)
      .map((point) => Number(point.split(' ')[1])),
  );

test('each curve is a factor of its own knee: falling where answers are lost, level where refusing keeps them', () => {
  const svg = overloadPicture(BEFORE, AFTER, 'en');
  const [before, orders] = linesOf(svg, 'before');
  const [after] = linesOf(svg, 'after');
  assert.deepEqual(
    before,
    [0, 1, 2, 3].map((at) => orders![at]! - 270),
    'the same of both, one chart lower',
  );
  const [half, knee, twice, tenfold] = before!;
  const zero = half! + (half! - knee!);
  assert.deepEqual([zero - twice!, zero - tenfold!].map(Math.round), [(zero - knee!) * 0.2, 0].map(Math.round));
  assert.deepEqual([after![0], after![1], after![2]], [half, knee, knee]);
  assert.ok(after![3]! > knee! && after![3]! < half!);
});

test('what was refused stands under each load, with how soon and what had no answer', () => {
  const svg = overloadPicture(BEFORE, AFTER, 'en');
  const cells = [...svg.matchAll(/<text class="refused"[^>]*>([^<]*)</g)].map(([, text]) => text);
  assert.deepEqual(
    cells,
    [
      ['refused', '–', '–', '–', '–'],
      ['p99 of it', '–', '–', '–', '–'],
      ['no answer', '–', '–', '90 %', '100 %'],
      ['refused', '–', '–', '50 %', '90 %'],
      ['p99 of it', '–', '–', '42 ms', '42 ms'],
      ['no answer', '–', '–', '–', '1 %'],
    ].flat(),
  );
});

test('a mark is hollow where other work had the core', () => {
  assert.doesNotMatch(overloadPicture(BEFORE, AFTER, 'en'), /class="mark hollow"/);
  const noisy = resultOf({ 1: [100, 0], 2: [90, 0] }, 0.2);
  assert.equal(overloadPicture(noisy, AFTER, 'ko').match(/class="mark hollow"/g)?.length, 4);
});

test('the command draws two languages, and says in one line what it cannot draw', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-picture-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  };
  const said = t.mock.method(console, 'error', () => {});
  const [before, after] = [file('before.json', BEFORE), file('after.json', AFTER)];
  assert.equal(overloadPictureCommand([before, after], join(folder, 'made.svg')), 0);
  assert.match(readFileSync(join(folder, 'made.svg'), 'utf8'), /^<svg xmlns=.*Useful orders a second/s);
  assert.match(readFileSync(join(folder, 'made.ko.svg'), 'utf8'), /초당 쓸모 있는 주문/);
  assert.equal(said.mock.callCount(), 0);
  const without = file('without.json', resultOf({ 2: [90, 0] }));
  for (const [files, out, why] of [
    [[before], 'a.svg', /two results/],
    [[before, after], 'a.png', /-o FILE.svg/],
    [[before, file('other.json', {})], 'a.svg', /is no result/],
    [[without, after], 'a.svg', /lacks the load at the knee/],
    [[before, join(folder, 'nowhere.json')], 'a.svg', /ENOENT/],
  ] as const) {
    assert.equal(overloadPictureCommand(files, join(folder, out)), 2);
    assert.match(String(said.mock.calls.at(-1)!.arguments[0]), why);
  }
});
