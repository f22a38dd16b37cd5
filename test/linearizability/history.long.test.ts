import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PlantedName, plantedEnv } from '../../faults/planted/planted.ts';
import { startTestApp } from '../support/app.ts';
import { startApiProcess } from '../support/processes.ts';
import { findContradiction } from './counter.ts';
import { assertLinearizable, takeHistory } from './history.ts';

/** SEED and STORES repeat a run, or make a shorter one. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const stores = Number(process.env.STORES ?? 400);

test(`${stores} stores' portions and numbers, asked at three processes at once, are what one counter would have said`, async (t) => {
  t.diagnostic(`seed ${seed}; again with SEED=${seed} STORES=${stores}`);
  const first = await startTestApp(t as never, { env: { LIMITS: 'off' } });
  const { databaseUrl, db } = first;
  const others = await Promise.all(
    ['direct', 'grouped'].map((INTAKE) => startTestApp(t as never, { databaseUrl, env: { LIMITS: 'off', INTAKE } })),
  );
  const clients = [first, ...others].map(({ client }) => client);
  let operations = 0;
  let putOff = 0;
  for (let store = 0; store < stores; store += 1) {
    const history = await takeHistory({ seed: seed + store, db, clients, people: 12, turns: 6, portions: 15 });
    assertLinearizable(history);
    operations += history.operations.length;
    putOff += history.putOff;
  }
  t.diagnostic(`${operations} operations, ${putOff} answers that said to come again`);
});

/** Of those that sell wrongly; the last looked at is the first that shows it. */
const FOUND_WITHIN_STORES = 100;
const SELLS_WRONGLY = [
  'takes no lock on the store that it sells from',
  'returns the portions of a cancelled order twice',
] as const satisfies PlantedName[];

for (const name of SELLS_WRONGLY) {
  test(`a server that ${name} is found out by what its guests heard`, async (t) => {
    const { databaseUrl, db } = await startTestApp(t as never);
    const env = { LIMITS: 'off', ...plantedEnv(name) };
    const processes = await Promise.all([0, 1].map(() => startApiProcess(t as never, databaseUrl, env)));
    const clients = processes.map(({ client }) => client);
    for (let store = 0; store < FOUND_WITHIN_STORES; store += 1) {
      const history = await takeHistory({ seed: seed + store, db, clients, people: 12, turns: 6, portions: 15 });
      const contradiction = findContradiction(history.operations, history.first, undefined);
      if (!contradiction) continue;
      t.diagnostic(`at store ${store + 1}, seed ${seed}: ${JSON.stringify(contradiction)}`);
      return;
    }
    assert.fail(`not by ${FOUND_WITHIN_STORES} stores, seed ${seed}`);
  });
}
