import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startNode } from './child.ts';

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
