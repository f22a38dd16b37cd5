import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually } from '../../../test/support/eventually.ts';
import { startRedis, startRedisCluster } from '../../../test/support/services.ts';
import { newId } from '../../platform/id.ts';
import { connectRedis, untilReady } from '../../platform/redis.ts';
import { createRedisSlipBell } from './redis-slip-bell.ts';
import { createMemorySlipBell, type SlipBell } from './slip-bell.ts';

async function redisBell(url: string): Promise<SlipBell> {
  const commands = connectRedis(url, { as: 'commands', bounded: false });
  await untilReady(commands, 10_000);
  after(async () => commands.disconnect());
  return createRedisSlipBell(commands, () => connectRedis(url, { as: 'blocking' }));
}

const bells: Record<string, SlipBell> = {
  memory: createMemorySlipBell(),
  redis: await redisBell((await startRedis({ after })).url),
  'redis cluster': await redisBell((await startRedisCluster({ after })).url),
};
after(async () => {
  for (const bell of Object.values(bells)) await bell.close();
});

const never = new AbortController().signal;
const place = (station = 'grill') => ({ storeId: newId(), station });

/** What every bell promises. */
for (const [name, bell] of Object.entries(bells)) {
  test(`${name}: a ring wakes who listens`, async () => {
    const at = place();
    const heard = bell.listen(at, 10_000, never);
    // A ring before anybody listens is kept, so this holds whichever comes first.
    await bell.ring([at]);
    assert.equal(await heard, true);
  });

  test(`${name}: a ring that nobody heard is heard by who comes next, once`, async () => {
    const at = place();
    await bell.ring([at]);
    assert.equal(await bell.listen(at, 10_000, never), true);
    assert.equal(await bell.listen(at, 60, never), false);
  });

  test(`${name}: a reset forgets what was rung`, async () => {
    const at = place();
    await bell.ring([at]);
    await bell.ring([at]);
    await bell.reset(at);
    assert.equal(await bell.listen(at, 60, never), false);
  });

  test(`${name}: stations and stores hear only their own`, async () => {
    const at = place();
    await bell.ring([{ ...at, station: 'soup' }, place()]);
    assert.equal(await bell.listen(at, 60, never), false);
  });

  test(`${name}: one ring wakes one of two listeners`, async () => {
    const at = place();
    let woken = 0;
    const listeners = [1, 2].map(async () => {
      if (await bell.listen(at, 1_500, never)) woken += 1;
    });
    await bell.ring([at]);
    await Promise.all(listeners);
    assert.equal(woken, 1);
  });

  test(`${name}: who goes away stops listening and takes no ring along`, async () => {
    const at = place();
    const gone = new AbortController();
    const left = bell.listen(at, 60_000, gone.signal);
    gone.abort();
    assert.equal(await left, false);
    assert.equal(await bell.listen(at, 60_000, AbortSignal.abort()), false);
    // Redis notices a listener that is gone when its connection closes.
    await eventually(async () => {
      await bell.ring([at]);
      assert.equal(await bell.listen(at, 200, never), true);
    });
  });
}
