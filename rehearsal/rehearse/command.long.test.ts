import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import Value from 'typebox/value';
import { Manifest, Truth } from '../results/index.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const QUICK = ['--duration', '10s', '--warmup', '1s', '--rate', '30', '--changes', '300ms', '--no-knee'];

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-command-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `matjip rehearse` with its temporary files in `tmp`. */
function rehearse(tmp: string, args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'rehearse', ...args], { env: { ...process.env, TMPDIR: tmp } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  return { child, said: () => said, ended: once(child, 'close').then(([code]) => code as number) };
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Process ids whose command line or environment mentions a folder. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return ['cmdline', 'environ'].some((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8').includes(folder));
    } catch {
      return false;
    }
  });
}

test('a rehearsal measures each rung on the same data, shows what it is there to show, and goes on where it was stopped', async (t) => {
  const tmp = temporary(t);
  const out = join(tmp, 'results');
  const args = ['--rungs', 'no-expiry-error-cache,event-cache', '--out', out, ...QUICK];
  const first = rehearse(tmp, args);
  assert.equal(await first.ended, 0, first.said());
  assert.match(first.said(), /no-expiry-error-cache .*as expected: fast and wrong for ever/);
  assert.match(first.said(), /event-cache .*; as expected: fast and right/);
  assert.ok(statSync(join(out, 'report.html')).size > 10_000);

  for (const rung of ['no-expiry-error-cache', 'event-cache']) {
    assert.ok(Value.Check(Manifest, read(join(out, rung, 'manifest.json'))));
    const truth = read(join(out, rung, 'truth.json')) as Truth;
    assert.ok(Value.Check(Truth, truth));
    assert.equal(truth.checked, truth.answers, 'every answer is checked');
    assert.equal(truth.wrongForEver, rung === 'no-expiry-error-cache');
    assert.equal(truth.changes!.length, 36);
  }
  const changes = (rung: string) => (read(join(out, rung, 'truth.json')) as Truth).changes!.map(({ what }) => what);
  assert.deepEqual(changes('event-cache'), changes('no-expiry-error-cache'), 'the same changes of the same dishes');

  const manifest = join(out, 'event-cache/manifest.json');
  const measuredAt = statSync(manifest).mtimeMs;
  const again = rehearse(tmp, args);
  assert.equal(await again.ended, 0, again.said());
  assert.match(again.said(), /is measured already/);
  assert.equal(statSync(manifest).mtimeMs, measuredAt);
  assert.deepEqual(readdirSync(tmp), ['results'], 'nothing is left behind');
});

test('Ctrl-C in the middle of a load ends everything that was started', async (t) => {
  const tmp = temporary(t);
  const out = join(tmp, 'results');
  const { child, said, ended } = rehearse(tmp, ['--rungs', 'event-cache', '--out', out, ...QUICK]);
  const tap = join(out, 'event-cache/answers.jsonl');
  while (!existsSync(tap)) {
    assert.equal(child.exitCode, null, said());
    await delay(20);
  }
  assert.ok(processesOf(tmp).length >= 2, 'a server and Artillery run');
  child.kill('SIGINT');
  assert.equal(await ended, 1);
  assert.match(said(), /Stopped/);
  assert.deepEqual(processesOf(tmp), []);
  assert.deepEqual(readdirSync(tmp), ['results']);
  assert.ok(!existsSync(join(out, 'event-cache/manifest.json')), 'half a result is none');
});

test('a wrong option is exit code 2 before anything is started', async (t) => {
  const { ended, said } = rehearse(temporary(t), ['--rungs', 'nonsense']);
  assert.equal(await ended, 2);
  assert.match(said(), /There is no rung nonsense; there are no-cache,/);
});
