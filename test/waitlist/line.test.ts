import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newId } from '../../src/platform/id.ts';
import { openSse } from '../events/sse.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { eventually } from '../support/eventually.ts';
import { startRedis } from '../support/services.ts';
import { type Hall, hallOf, newStore, openHall } from './hall.ts';

const redis = await startRedis({ after });
const processes: Record<string, Hall> = {
  'in process': await openHall({ after }),
  redis: await openHall({ after }, { env: { REDIS_URL: redis.url } }),
};

for (const [name, { api }] of Object.entries(processes)) {
  /** Each test has a line of its own. */
  const open = async () => hallOf(api, await newStore(api.db));
  const places = async (hall: Hall) =>
    (await hall.list()).items.map(({ number, place, state }: never) => [number, place ?? state]);

  test(`${name}: who joins gets the day's next number and the last place, and waits for nobody who is called`, async () => {
    const hall = await open();
    const [first, second, third] = [await hall.join(2), await hall.join(4, '지민'), await hall.join(3)];
    assert.deepEqual(
      [first, second, third].map(({ number, place, ahead, state, etaMinutes }) => [
        number,
        place,
        ahead,
        state,
        etaMinutes,
      ]),
      [
        [1, 1, 0, 'waiting', null],
        [2, 2, 1, 'waiting', null],
        [3, 3, 2, 'waiting', null],
      ],
    );
    assert.deepEqual([second.size, second.name, third.name, first.stepsLeft], [4, '지민', null, 3]);
    const called = (await hall.callNext()).body;
    assert.deepEqual([called.id, called.state, called.place, called.ahead], [first.id, 'called', null, null]);
    assert.ok(Date.parse(called.heldUntil) - Date.parse(called.calledAt) === 5 * 60_000);
    assert.deepEqual(await places(hall), [
      [1, 'called'],
      [2, 1],
      [3, 2],
    ]);
    assert.equal((await hall.seat(first)).body.state, 'seated');
    assert.equal((await hall.look(first)).state, 'seated');
    assert.deepEqual(await places(hall), [
      [2, 1],
      [3, 2],
    ]);
  });

  test(`${name}: joining twice is one party, also at once and when the line has closed meanwhile`, async () => {
    const hall = await open();
    const key = newId();
    const joins = await Promise.all(
      Array.from({ length: 8 }, () => hall.call('/waitlist', { key, body: { size: 2, name: ' 수지 ' } })),
    );
    assert.deepEqual(joins.map(({ status }) => status).sort(), [200, 200, 200, 200, 200, 200, 200, 201]);
    for (const { body } of joins) assert.deepEqual([body.id, body.number, body.place, body.name], [key, 1, 1, '수지']);
    assert.equal(new Set(joins.map(({ body }) => body.token)).size, 1);
    assert.equal((await hall.list()).waiting, 1);
    await hall.setState('closed');
    const again = await hall.call('/waitlist', { key: key.toUpperCase(), body: { size: 2, name: '수지' } });
    assert.equal(again.status, 200);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assertProblem(
      await hall.call('/waitlist', { key, body: { size: 3, name: '수지' } }),
      'key-reused',
      'Idempotency-Key',
    );
  });

  test(`${name}: a crowd that joins at once is in one order, with each number and each place once`, async () => {
    const hall = await open();
    const joined = await Promise.all(Array.from({ length: 120 }, (_, index) => hall.join(1 + (index % 6))));
    const numbers = joined.map(({ number }) => number).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: 120 }, (_, index) => index + 1),
    );
    const seen = await Promise.all(joined.map((party) => hall.look(party)));
    for (const { number, place } of seen) assert.equal(place, number);
  });

  test(`${name}: stepping back lets three go first, three times, and nobody when nobody is behind`, async () => {
    const hall = await open();
    const parties = [];
    for (let count = 0; count < 6; count += 1) parties.push(await hall.join());
    const [first] = parties;
    const stepped = await hall.stepBack(first, 3);
    assert.deepEqual([stepped.body.place, stepped.body.stepsLeft], [4, 2]);
    assert.deepEqual(await places(hall), [
      [2, 1],
      [3, 2],
      [4, 3],
      [1, 4],
      [5, 5],
      [6, 6],
    ]);
    // Its answer was lost, and the page sends it again.
    const again = await hall.stepBack(first, 3);
    assertProblem(again, 'stale');
    assert.deepEqual([again.body.party.place, again.body.party.stepsLeft], [4, 2]);
    assert.equal((await hall.stepBack(first)).body.place, 6);
    // Nobody is behind: no step is used up.
    assert.deepEqual((await hall.stepBack(first)).body.stepsLeft, 1);
    await hall.join();
    assert.deepEqual((await hall.stepBack(first)).body.stepsLeft, 0);
    await hall.join();
    assertProblem(await hall.stepBack(first), 'no-steps-left');
    assert.deepEqual(
      (await places(hall)).map(([number]: [number]) => number),
      [2, 3, 4, 5, 6, 7, 1, 8],
    );
  });

  test(`${name}: a called party that is not ready waits again behind the next three, and one set aside comes back`, async () => {
    const hall = await open();
    const parties = [];
    for (let count = 0; count < 5; count += 1) parties.push(await hall.join());
    const [first, second] = parties;
    await hall.callNext();
    assert.deepEqual([(await hall.stepBack(first)).body.state, (await hall.look(first)).place], ['waiting', 4]);
    await hall.callNext(second);
    assert.equal((await hall.noShow(second)).body.state, 'no-show');
    assert.deepEqual(
      (await hall.list('?state=no-show')).items.map(({ id }: { id: string }) => id),
      [second.id],
    );
    // One tap of the hall, and one of the guest.
    assert.equal((await hall.callNext(second)).body.state, 'called');
    await hall.noShow(second);
    const back = (await hall.stepBack(second)).body;
    assert.deepEqual([back.state, back.place], ['waiting', 4]);
    assert.equal((await hall.seat(second)).body.state, 'seated');
    // Seated by a wrong tap.
    assert.equal((await hall.callNext(second)).body.state, 'called');
  });

  test(`${name}: who leaves is gone from every place behind, and leaving again changes nothing`, async () => {
    const hall = await open();
    const [first, second, third] = [await hall.join(), await hall.join(), await hall.join()];
    assert.equal((await hall.leave(second)).body.state, 'left');
    assert.equal((await hall.leave(second)).status, 200);
    assert.deepEqual([(await hall.look(first)).place, (await hall.look(third)).place], [1, 2]);
    for (const refused of [await hall.seat(second), await hall.callNext(second), await hall.stepBack(second)]) {
      assertProblem(refused, 'stale');
      assert.equal(refused.body.party.state, 'left');
    }
    await hall.seat(first);
    assertProblem(await hall.leave(first), 'stale');
    assert.deepEqual(await places(hall), [[3, 1]]);
  });

  test(`${name}: a line that is not open takes nobody and says why, and keeps who waits`, async () => {
    const hall = await open();
    const waiting = await hall.join();
    for (const state of ['walk-in', 'paused', 'closed']) {
      assert.deepEqual((await hall.setState(state)).body, { state });
      const refused = await hall.call('/waitlist', { key: newId(), body: { size: 2 } });
      assertProblem(refused, 'waitlist-closed');
      assert.equal(refused.body.state, state);
      await eventually(async () => assert.equal((await hall.call('/door')).body.state, state));
    }
    assert.equal((await hall.look(waiting)).place, 1);
    await hall.setState('open');
    assert.equal((await hall.join()).place, 2);
    assert.equal((await hall.callNext()).body.id, waiting.id);
  });

  test(`${name}: a phone follows its place and its call, and the door shows the call`, async (t) => {
    const hall = await open();
    const [first, second] = [await hall.join(), await hall.join()];
    const phone = await openSse(hall.url(`/waitlist/${second.id}/events?token=${second.token}`));
    const door = await openSse(hall.url('/door/events'));
    t.after(() => phone.close());
    t.after(() => door.close());
    const last = () => phone.events.at(-1)?.data;
    await eventually(() => assert.equal(last()?.place, 2));
    await hall.callNext();
    await eventually(() => assert.equal(last()?.place, 1));
    await eventually(() =>
      assert.deepEqual(
        door.events.at(-1)?.data.calls.map(({ number }: never) => number),
        [1],
      ),
    );
    await hall.callNext();
    await eventually(() => assert.deepEqual([last()?.state, last()?.place], ['called', null]));
    await eventually(() =>
      assert.deepEqual(
        door.events.at(-1)?.data.calls.map(({ number }: never) => number),
        [2, 1],
      ),
    );
    await hall.seat(first);
    await hall.seat(second);
    await eventually(() => assert.equal(last()?.state, 'seated'));
    await eventually(() =>
      assert.deepEqual([door.events.at(-1)?.data.calls, door.events.at(-1)?.data.waiting], [[], 0]),
    );
  });

  test(`${name}: two who call the next at once call two; two who call the same call it once`, async () => {
    const hall = await open();
    for (let count = 0; count < 6; count += 1) await hall.join();
    const next = await Promise.all([hall.callNext(), hall.callNext(), hall.callNext()]);
    assert.deepEqual(next.map(({ body }) => body.number).sort(), [1, 2, 3]);
    const fourth = (await hall.list('?state=waiting')).items[0];
    const same = await Promise.all([hall.callNext(fourth), hall.callNext(fourth)]);
    assert.deepEqual(
      same.map(({ status, body }) => [status, body.number]),
      [
        [200, 4],
        [200, 4],
      ],
    );
    assert.equal(same[0]!.body.calledAt, same[1]!.body.calledAt);
    assert.equal((await hall.list()).waiting, 2);
  });

  test(`${name}: a guest who leaves while the hall seats: exactly one of them gets it`, async () => {
    const hall = await open();
    for (let round = 0; round < 12; round += 1) {
      const party = await hall.join();
      const [left, seated] = await Promise.all(
        round % 2 ? [hall.leave(party), hall.seat(party)] : [hall.seat(party), hall.leave(party)].reverse(),
      );
      const { state } = await hall.look(party);
      assert.deepEqual([left!.status, seated!.status].sort(), [200, 409]);
      assert.equal(state, left!.status === 200 ? 'left' : 'seated');
    }
    assert.equal((await hall.list()).waiting, 0);
  });

  test(`${name}: the hall's list has pages, called ones first`, async () => {
    const hall = await open();
    for (let count = 0; count < 7; count += 1) await hall.join();
    await hall.callNext();
    const numbers: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await hall.list(`?limit=2${cursor && `&cursor=${cursor}`}`);
      numbers.push(...page.items.map(({ number }: { number: number }) => number));
      cursor = page.next;
    }
    assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7]);
  });
}
