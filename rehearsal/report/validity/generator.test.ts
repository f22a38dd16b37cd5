import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { expandInputs, readRun } from '../read/inputs.ts';
import type { Run } from '../run.ts';
import { simulate, writeRung } from '../testing/simulate.ts';
import { lookGenerator } from './generator.ts';

const folder = mkdtempSync(join(tmpdir(), 'matjip-generator-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Every answer took 100 ms from the time it was planned for. */
let run: Run;
before(async () => {
  const file = writeRung(folder, simulate({ seed: 1, ratePerSecond: 60, durationS: 30, answer: () => ({ ms: 100 }) }));
  const [input] = expandInputs([file]);
  assert.ok(input);
  run = await readRun(input, undefined);
});

const levelAt = (sendLagP99Ms: number) =>
  lookGenerator({ ...run, generator: { cpuShare: 0.3, sendLagP99Ms, dropped: 0 } })?.level;

test('requests that left late are told, and where most of the p99 is their lateness nothing is concluded', () => {
  assert.deepEqual([levelAt(2), levelAt(20), levelAt(80)], [undefined, 'warn', 'stop']);
});
