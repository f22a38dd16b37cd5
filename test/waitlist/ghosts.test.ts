import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { announce } from '../../src/platform/live/announcer.ts';
import { createForgetNames, createSetAside } from '../../src/waitlist/index.ts';
import { openSse } from '../events/sse.ts';
import { eventually } from '../support/eventually.ts';
import { hallOf, newStore, openHall } from './hall.ts';

const { api } = await openHall({ after });
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The scheduled job, as if it ran so much later. */
const setAsideIn = (ms: number) => createSetAside(api.db, { announce }, () => Date.now() + ms)();

test('who is called and does not come is waited for, set aside by the clock, and brought back by one tap', async (t) => {
  const hall = hallOf(api, await newStore(api.db));
  const [ghost, next] = [await hall.join(), await hall.join()];
  const phone = await openSse(hall.url(`/waitlist/${ghost.id}/events?token=${ghost.token}`));
  t.after(() => phone.close());
  await hall.callNext();
  await setAsideIn(4 * MINUTE_MS);
  assert.equal((await hall.look(ghost)).state, 'called');
  await setAsideIn(6 * MINUTE_MS);
  await eventually(() => assert.equal(phone.events.at(-1)?.data.state, 'no-show'));
  // Nobody waits for a ghost.
  assert.equal((await hall.callNext()).body.id, next.id);
  await hall.seat(next);
  assert.deepEqual(
    (await hall.list('?state=no-show')).items.map(({ id }: { id: string }) => id),
    [ghost.id],
  );
  assert.equal((await hall.seat(ghost)).body.state, 'seated');
  // Once more changes nothing.
  await setAsideIn(6 * MINUTE_MS);
  assert.equal((await hall.look(ghost)).state, 'seated');
});

test('who still waits when the day is over has gone home: the new day begins with number 1 and an empty line', async () => {
  const hall = hallOf(api, await newStore(api.db));
  const yesterdays = [await hall.join(), await hall.join(), await hall.join()];
  await hall.callNext();
  // Their evening was the day before yesterday.
  await api.db.query('UPDATE party SET day = day - 2 WHERE store_id = $1', [hall.storeId]);
  await api.db.query('UPDATE waitlist_head SET day = day - 2 WHERE store_id = $1', [hall.storeId]);
  const todays = await hall.join();
  assert.deepEqual([todays.number, todays.place], [1, 3]);
  await setAsideIn(0);
  await eventually(async () => assert.equal((await hall.look(todays)).place, 1));
  const { items, waiting } = await hall.list();
  assert.deepEqual([items.map(({ id }: { id: string }) => id), waiting], [[todays.id], 1]);
  for (const party of yesterdays) assert.equal((await hall.look(party)).state, 'no-show');
  // And cannot come back into today's line, neither by their own tap nor by the hall's.
  assert.equal((await hall.callNext(yesterdays[0])).status, 409);
  assert.equal((await hall.stepBack(yesterdays[1])).status, 409);
});

test('a line is looked through once a day, and a call of any store that is over every minute', async () => {
  const [one, two] = [hallOf(api, await newStore(api.db)), hallOf(api, await newStore(api.db))];
  const [first, second] = [await one.join(), await two.join()];
  await one.callNext();
  await two.callNext();
  await setAsideIn(6 * MINUTE_MS);
  assert.deepEqual([(await one.look(first)).state, (await two.look(second)).state], ['no-show', 'no-show']);
  const waits = await one.join();
  await setAsideIn(0);
  assert.equal((await one.look(waits)).state, 'waiting');
  await setAsideIn(2 * DAY_MS);
  assert.equal((await one.look(waits)).state, 'no-show');
});

test('a name is forgotten when its day is over, and not before', async () => {
  const hall = hallOf(api, await newStore(api.db));
  const party = await hall.join(2, '김철수');
  await hall.join(2);
  const forgetIn = (ms: number) => createForgetNames(api.db, () => Date.now() + ms)();
  const names = async () =>
    (
      await api.db.query<{ name: string | null }>('SELECT name FROM party WHERE store_id = $1 ORDER BY number', [
        hall.storeId,
      ])
    ).rows.map(({ name }) => name);
  await forgetIn(0);
  assert.deepEqual(await names(), ['김철수', null]);
  await hall.callNext(party);
  await hall.seat(party);
  assert.ok((await forgetIn(2 * DAY_MS)) >= 1);
  assert.deepEqual(await names(), [null, null]);
  // Once more finds nothing to do, and the party itself is there still.
  assert.equal(await forgetIn(2 * DAY_MS), 0);
  assert.equal((await hall.look(party)).state, 'seated');
});
