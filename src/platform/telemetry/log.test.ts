import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

/** A process that logs 20 MB, says so by another way, and then does what it is told. */
function startLogger(then: string) {
  const code = `
    import { createLog } from ${JSON.stringify(new URL('./log.ts', import.meta.url).href)};
    const log = createLog('info');
    const line = 'x'.repeat(2_000);
    let lines = 0;
    const timer = setInterval(() => {
      for (let n = 0; n < 500; n += 1) log.info(line);
      lines += 500;
      if (lines < 10_000) return;
      clearInterval(timer);
      process.send('logged');
      ${then}
    }, 1);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  return { child, logged: once(child, 'message'), ended: once(child, 'exit'), closed: once(child, 'close') };
}

test('a log that nobody reads holds up neither the process nor its end', async () => {
  const { logged, ended } = startLogger('process.exit(7);');
  assert.equal((await logged)[0], 'logged');
  assert.deepEqual(await ended, [7, null]);
});

test('a log whose reader is gone does not end the process', async () => {
  const { child, logged, ended } = startLogger("process.once('message', () => process.exit(0));");
  child.stdout!.destroy();
  await logged;
  child.send('end');
  assert.deepEqual(await ended, [0, null]);
});

test('a reader who comes late hears how much was left out', async () => {
  const { child, logged, closed } = startLogger('process.disconnect();');
  await logged;
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await closed;
  const lines = said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { lines?: number });
  const left = lines.find((line) => line.lines !== undefined)?.lines ?? 0;
  assert.equal(lines.length - 1 + left, 10_000);
  assert.ok(left > 0);
});
