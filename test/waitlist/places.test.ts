import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Db, openDb, type Queryable } from '../../src/platform/db/pool.ts';
import { connectRedis, type RedisClient } from '../../src/platform/redis/redis.ts';
import { sizeClassOf } from '../../src/waitlist/eta/size-class.ts';
import { createMemoryPlaces, createRedisPlaces, type Places } from '../../src/waitlist/index.ts';
import { createRandom } from '../model/random.ts';
import { atEndOf } from '../support/lifetime.ts';
import { movableClock } from '../support/movable-clock.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { startRedis, startRedisCluster } from '../support/services.ts';
import { openScene, type Scene, tell } from './scene.ts';

const clock = movableClock();
const db: Db = openDb({ ...PATIENT, url: (await testDatabase()).url, connectionsMax: 4 });
const redis = await startRedis({ after });
const cluster = await startRedisCluster({ after });
const clients: Record<string, RedisClient | undefined> = {
  memory: undefined,
  redis: connectRedis(redis.url, { as: 'commands', bounded: false }),
  'redis cluster': connectRedis(cluster.url, { as: 'commands', bounded: false }),
};
for (const client of Object.values(clients))
  if (client && client.status !== 'ready') await new Promise((ready) => client.once('ready', ready));
atEndOf({ after }, async () => {
  for (const client of Object.values(clients)) client?.disconnect();
  await db.close();
  clock.restore();
});

/** Longer than a copy goes without being compared. */
const LOOK_MS = 1_100;

for (const [name, client] of Object.entries(clients)) {
  const open = (truth: Queryable = db): Places => {
    const memory = createMemoryPlaces(truth);
    return client ? createRedisPlaces(client, truth, memory) : memory;
  };
  /** Everybody who waits is where the truth has them, in the whole line and in their class. */
  async function assertRight(places: Places, scene: Scene): Promise<void> {
    const waiting = await scene.waiting();
    const ofClass = new Map<number, number>();
    const expected = waiting.map(({ size }, ahead) => {
      const aheadOfSize = ofClass.get(sizeClassOf(size)) ?? 0;
      ofClass.set(sizeClassOf(size), aheadOfSize + 1);
      return { ahead, aheadOfSize };
    });
    assert.deepEqual(await places.of(scene.storeId, waiting), expected);
    for (const sizeClass of [0, 1, 2]) {
      assert.equal(await places.countOfSize(scene.storeId, sizeClass), ofClass.get(sizeClass) ?? 0);
    }
  }
  const crowd = async (scene: Scene, count: number) => {
    const parties = [];
    for (let index = 0; index < count; index += 1) parties.push(await scene.join(1 + (index % 6)));
    return parties;
  };

  test(`${name}: places follow every kind of change`, async () => {
    const [places, scene] = [open(), await openScene(db)];
    await assertRight(places, scene);
    const parties = await crowd(scene, 8);
    await tell(places, scene.take());
    await assertRight(places, scene);
    for (const [index, action] of [
      [0, 'call'],
      [1, 'leave'],
      [2, 'step-back'],
      [3, 'seat'],
      [4, 'no-show'],
      [0, 'step-back'],
      [4, 'step-back'],
      [5, 'step-back'],
    ] as const) {
      await scene.move(parties[index]!, action);
      await tell(places, scene.take());
      await assertRight(places, scene);
    }
    // Who is not in the line has no place.
    assert.deepEqual(await places.of(scene.storeId, [parties[1]!]), [undefined]);
  });

  test(`${name}: changes that come late, twice or in another order come to the same`, async () => {
    const [places, scene] = [open(), await openScene(db)];
    const random = createRandom(7);
    const parties = await crowd(scene, 10);
    await assertRight(places, scene);
    for (let round = 0; round < 5; round += 1) {
      scene.take();
      for (let moves = 0; moves < 4; moves += 1) {
        parties.push(await scene.join(random.between(1, 6)));
        await scene.move(
          random.pick((await scene.waiting()) as typeof parties),
          random.pick(['leave', 'step-back', 'call'] as const),
        );
      }
      const changes = scene.take();
      await tell(places, random.some([...changes, ...changes], 2 * changes.length));
      await assertRight(places, scene);
    }
  });

  test(`${name}: a change that nobody told is found out, and those after it are not lost`, async () => {
    const [places, scene] = [open(), await openScene(db)];
    const parties = await crowd(scene, 5);
    await tell(places, scene.take());
    await assertRight(places, scene);
    await scene.move(parties[0], 'call');
    // Its process was killed right after the commit.
    scene.take();
    await scene.move(parties[2], 'leave');
    await tell(places, scene.take());
    const last = [parties[4]!];
    assert.deepEqual((await places.of(scene.storeId, last))[0]?.ahead, 4);
    // It is given the time to arrive; then it is read.
    for (let looks = 0; looks < 2; looks += 1) {
      clock.pass(LOOK_MS);
      await places.of(scene.storeId, last);
    }
    await assertRight(places, scene);
  });

  test(`${name}: a party that the copy does not know is looked up at once, without waiting for its time`, async () => {
    const [places, scene] = [open(), await openScene(db)];
    await crowd(scene, 2);
    await assertRight(places, scene);
    await scene.join();
    scene.take();
    await assertRight(places, scene);
  });

  test(`${name}: too much to say is read anew`, async () => {
    const [places, scene] = [open(), await openScene(db)];
    const parties = await crowd(scene, 4);
    await assertRight(places, scene);
    scene.take();
    await scene.move(parties[1], 'leave');
    const [change] = scene.take();
    await places.moved({ ...change!, moves: null });
    await assertRight(places, scene);
  });

  test(`${name}: what is told while the line is read from Postgres is not undone by it`, async () => {
    /** Answers the whole line when it is told to: by then the answer is old. */
    let release = () => {};
    let looked = () => {};
    const lookedAt = new Promise<void>((resolve) => {
      looked = resolve;
    });
    let isSlow = true;
    const slow: Queryable = {
      async query(text, values, statement) {
        const answer = await db.query<never>(text, values, statement);
        if (statement !== 'read-line' || !isSlow) return answer;
        isSlow = false;
        const gate = new Promise<void>((resolve) => {
          release = resolve;
        });
        looked();
        await gate;
        return answer;
      },
    };
    const [places, scene] = [open(slow), await openScene(db)];
    const parties = await crowd(scene, 5);
    scene.take();
    const reading = places.of(scene.storeId, parties);
    await lookedAt;
    await scene.move(parties[0], 'leave');
    await scene.join();
    await scene.move(parties[1], 'step-back');
    await tell(places, scene.take().reverse());
    release();
    await reading;
    await assertRight(places, scene);
  });

  test(`${name}: two lines have nothing to do with each other`, async () => {
    const places = open();
    const [one, two] = [await openScene(db), await openScene(db)];
    await crowd(one, 3);
    await crowd(two, 6);
    for (const scene of [one, two]) {
      await tell(places, scene.take());
      await assertRight(places, scene);
    }
  });

  if (!client) continue;
  const keys = (scene: Scene) => ['version', 'early', 0, 1, 2, 3].map((what) => `line:{${scene.storeId}}:${what}`);

  test(`${name}: flushed between any two changes, it is made again in the same order`, async () => {
    const [places, scene] = [open(), await openScene(db)];
    const parties = await crowd(scene, 6);
    for (const action of ['call', 'step-back', 'leave'] as const) {
      await assertRight(places, scene);
      // All keys of a line are on one node of a cluster.
      await client.del(...keys(scene));
      await scene.move(parties.shift(), action);
      await tell(places, scene.take());
      await assertRight(places, scene);
    }
  });

  test(`${name}: keys that Redis threw away to make room, or that were damaged, are noticed`, async () => {
    for (const damage of [
      (scene: Scene) => client.del(keys(scene)[2]!),
      (scene: Scene) => client.del(keys(scene)[3]!),
      async (scene: Scene) => client.zrem(keys(scene)[2]!, (await scene.waiting())[0]!.id),
      (scene: Scene) => client.set(keys(scene)[0]!, 3),
    ]) {
      const [places, scene] = [open(), await openScene(db)];
      await crowd(scene, 6);
      await tell(places, scene.take());
      await assertRight(places, scene);
      await damage(scene);
      for (let looks = 0; looks < 2; looks += 1) {
        clock.pass(LOOK_MS);
        await places.of(scene.storeId, (await scene.waiting()).slice(-1));
      }
      await assertRight(places, scene);
    }
  });

  test(`${name}: two processes share one copy, and it does not matter which of them tells`, async () => {
    const [one, two, scene] = [open(), open(), await openScene(db)];
    await crowd(scene, 4);
    await tell(one, scene.take());
    await assertRight(one, scene);
    for (let index = 0; index < 10; index += 1) {
      await scene.join();
      await tell(index % 2 ? one : two, scene.take());
      await assertRight(index % 3 ? one : two, scene);
    }
    assert.equal(await client.zcard(keys(scene)[2]!), 14);
  });

  test(`${name}: a line of thousands is made in pieces, and its drafts are gone`, async () => {
    const [places, scene] = [open(), await openScene(db)];
    await Promise.all(Array.from({ length: 1_300 }, (_, index) => scene.join(1 + (index % 6))));
    scene.take();
    await assertRight(places, scene);
    const left = 'nodes' in client ? [] : await client.keys(`line:{${scene.storeId}}:*`);
    assert.ok(left.length <= 6, left.join(' '));
  });
}

test('while Redis is away every place is still told, and right again when it is back', async (t) => {
  const mortal = await startRedis(t);
  const client = connectRedis(mortal.url, { as: 'commands' });
  atEndOf(t, async () => client.disconnect());
  await new Promise((ready) => client.once('ready', ready));
  const [places, scene] = [createRedisPlaces(client, db, createMemoryPlaces(db)), await openScene(db)];
  const parties = [await scene.join(), await scene.join(), await scene.join()];
  const ahead = async () => (await places.of(scene.storeId, await scene.waiting())).map((place) => place?.ahead);
  assert.deepEqual(await ahead(), [0, 1, 2]);
  await mortal.stop();
  scene.take();
  await scene.move(parties[0], 'leave');
  await Promise.allSettled(scene.take().map((change) => places.moved(change)));
  assert.deepEqual(await ahead(), [0, 1]);
  await startRedis(t, [], mortal.port);
  await new Promise((ready) => client.once('ready', ready));
  assert.deepEqual(await ahead(), [0, 1]);
  assert.equal(await client.zcard(`line:{${scene.storeId}}:0`), 2);
});
