import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startNode } from './child.ts';
import { atEndOf } from './lifetime.ts';

const RUN = fileURLToPath(new URL('run.ts', import.meta.url));
const fixture = (name: string) => fileURLToPath(new URL(`fixture/${name}.ts`, import.meta.url));
const FIXTURES = ['guests-go-on', 'background-fails', 'leaks-server', 'leaves-child', 'is-killed'];

test('whatever a test forgets ends with it, and is named', async (t) => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const run = startNode(t, [RUN, ...FIXTURES.map(fixture)], { env: { ...env, MATJIP_TEST_GRACE_MS: '3000' } });
  const [code] = await run.ended;
  const said = run.said();
  assert.equal(code, 1, said);
  assert.match(said, /the guests went home/);
  assert.match(said, /✖ hears of its guests at once[\s\S]*a guest was poisoned/);
  assert.match(said, /✔ leaks a server/);
  assert.match(said, /leaks-server\.ts did not end within 3 s of its last test.*TCPServerWrap/);
  assert.match(said, /✖ .*setInterval.* of .*leaves-child\.ts \(process \d+\) was left behind, and was killed/);
  assert.equal(said.match(/was left behind/g)?.length, 1, said);
  const [, redis, child] = /started (\d+) (\d+)/.exec(said)!;
  for (const pid of [redis, child]) assert.throws(() => process.kill(Number(pid), 0), { code: 'ESRCH' });
});

test('what fails beside others and passes alone is named and counted as passed; what fails alone as well fails', async (t) => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const folder = await mkdtemp(join(tmpdir(), 'matjip-unsteady-'));
  atEndOf(t, () => rm(folder, { recursive: true }));
  const runWith = async (...names: string[]) => {
    const marker = join(folder, names.join('-'));
    const run = startNode(t, [RUN, '--second-try', ...names.map(fixture)], {
      env: { ...env, MATJIP_TEST_MARKER: marker },
    });
    const [code] = await run.ended;
    const said = run.said();
    const counts = ['tests', 'pass', 'fail'].map((name) =>
      Number([...said.matchAll(new RegExp(`^ℹ ${name} (\\d+)`, 'gm'))].at(-1)![1]),
    );
    return { code, said, counts };
  };
  const unsteady = await runWith('is-unsteady');
  assert.deepEqual([unsteady.code, unsteady.counts], [0, [2, 2, 0]], unsteady.said);
  assert.match(unsteady.said, /⚠ .*is-unsteady\.ts is unsteady: it failed beside others and passed alone/);
  const broken = await runWith('is-unsteady', 'fails-always');
  assert.deepEqual([broken.code, broken.counts], [1, [3, 2, 1]], broken.said);
  assert.match(broken.said, /⚠ .*fails-always\.ts failed alone as well/);
});
