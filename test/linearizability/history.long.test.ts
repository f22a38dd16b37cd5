import { test } from 'node:test';
import { startTestApp } from '../support/app.ts';
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
  for (let store = 0; store < stores; store += 1) {
    const history = await takeHistory({ seed: seed + store, db, clients, people: 12, turns: 6, portions: 15 });
    assertLinearizable(history);
    operations += history.operations.length;
  }
  t.diagnostic(`${operations} operations`);
});
