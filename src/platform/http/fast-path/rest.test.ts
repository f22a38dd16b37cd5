import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRestTimer } from './rest.ts';

test('each is woken once, not before its time, and the timer stops when nobody rests', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let nowMs = 1_000;
  const woken: string[] = [];
  const rest = createRestTimer<string>(
    () => nowMs,
    (item) => woken.push(item),
  );
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 20) {
      nowMs += 20;
      t.mock.timers.tick(20);
    }
  };
  rest.wakeAt('late', 1_250);
  rest.wakeAt('soon', 1_050);
  rest.wakeAt('soon too', 1_059);
  pass(40);
  assert.deepEqual(woken, []);
  pass(40);
  assert.deepEqual(woken, ['soon', 'soon too']);
  // A long turn: one tick of the timer, many of the clock.
  nowMs += 5_000;
  t.mock.timers.tick(20);
  assert.deepEqual(woken, ['soon', 'soon too', 'late']);
  rest.wakeAt('again', nowMs - 50);
  pass(40);
  assert.equal(woken.at(-1), 'again');
  rest.wakeAt('never', nowMs + 100);
  rest.close();
  pass(500);
  assert.equal(woken.at(-1), 'again');
});
