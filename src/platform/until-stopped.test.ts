import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

/** A process that says when it waits, and takes `closeMs` to close. */
function startProcess(closeMs: number, extra = '') {
  const code = `
    import { untilStopped } from ${JSON.stringify(new URL('./until-stopped.ts', import.meta.url).href)};
    const log = { fatal: (details, message) => console.log(message, details.reason) };
    untilStopped(log, async () => {
      console.log('closing');
      await new Promise((resolve) => setTimeout(resolve, ${closeMs}));
      console.log('closed');
    });
    setInterval(() => {}, 1_000);
    console.log('waiting');
    ${extra}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const hears = async (word: string) => {
    while (!said.includes(word)) await once(child.stdout, 'data');
  };
  return { child, hears, said: () => said, ended: once(child, 'close') };
}

test('the same Ctrl-C, heard three times, closes once and in full', async () => {
  const { child, hears, said, ended } = startProcess(200);
  await hears('waiting');
  child.kill('SIGINT');
  await hears('closing');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  assert.equal(said(), 'waiting\nclosing\nclosed\n');
});

test('an error that nobody caught is told, closes everything, and fails', async () => {
  const { said, ended } = startProcess(0, "setTimeout(() => { throw new Error('lost'); });");
  assert.deepEqual(await ended, [1, null]);
  assert.equal(said(), 'waiting\nMatjip stops because of an error that nobody caught. lost\nclosing\nclosed\n');
});

test('who does not want to wait any longer presses again', async () => {
  const { child, hears, said, ended } = startProcess(60_000);
  await hears('waiting');
  child.kill('SIGINT');
  await hears('closing');
  const again = setInterval(() => child.kill('SIGINT'), 100);
  assert.deepEqual(await ended, [1, null]);
  clearInterval(again);
  assert.ok(!said().includes('closed'));
});
