import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startNode } from '../../../test/support/child.ts';

/** A process that says when it waits, and takes `closeMs` to close, of the `withinMs` that it has. */
function startProcess(t: TestContext, closeMs: number, extra = '', withinMs = 20_000) {
  const code = `
    import { untilStopped } from ${JSON.stringify(new URL('./graceful-shutdown.ts', import.meta.url).href)};
    const log = { fatal: (details, message) => console.log(message, details.reason) };
    untilStopped(log, async () => {
      console.log('closing');
      await new Promise((resolve) => setTimeout(resolve, ${closeMs}));
      console.log('closed');
    }, ${withinMs});
    setInterval(() => {}, 1_000);
    console.log('waiting');
    ${extra}`;
  return startNode(t, ['--input-type=module', '-e', code]);
}

test('the same Ctrl-C, heard three times, closes once and in full', async (t) => {
  const { signal, says, said, ended } = startProcess(t, 200);
  await says(/waiting/);
  signal('SIGINT');
  await says(/closing/);
  signal('SIGINT');
  signal('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  assert.equal(said(), 'waiting\nclosing\nclosed\n');
});

test('an error that nobody caught is told, closes everything, and fails', async (t) => {
  const { said, ended } = startProcess(t, 0, "setTimeout(() => { throw new Error('lost'); });");
  assert.deepEqual(await ended, [1, null]);
  assert.equal(said(), 'waiting\nMatjip stops because of an error that nobody caught. lost\nclosing\nclosed\n');
});

test('who does not want to wait any longer presses again', async (t) => {
  const { signal, says, said, ended } = startProcess(t, 60_000);
  await says(/waiting/);
  signal('SIGINT');
  await says(/closing/);
  // biome-ignore lint/style/noRestrictedGlobals: a person who presses again and again
  const again = setInterval(() => signal('SIGINT'), 100);
  assert.deepEqual(await ended, [1, null]);
  clearInterval(again);
  assert.ok(!said().includes('closed'));
});

test('what cannot be closed in time is said, and the process ends', async (t) => {
  const { signal, says, said, ended } = startProcess(t, 60_000, '', 50);
  await says(/waiting/);
  signal('SIGTERM');
  assert.deepEqual(await ended, [1, null]);
  assert.equal(said(), 'waiting\nclosing\nNot everything could be closed. it took longer than 0.05 s\n');
});
