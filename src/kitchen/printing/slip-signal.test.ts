import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually } from '../../../test/support/eventually.ts';
import { startRedis, startRedisCluster } from '../../../test/support/services.ts';
import { newId } from '../../platform/id.ts';
import { connectRedis, untilReady } from '../../platform/redis/redis.ts';
import { createRedisSlipSignal } from './redis-slip-signal.ts';
import { createMemorySlipSignal, type SlipSignal } from './slip-signal.ts';

async function redisSignal(url: string): Promise<SlipSignal> {
  const commands = connectRedis(url, { as: 'commands', bounded: false });
  await untilReady(commands, 10_000);
  after(async () => commands.disconnect());
  return createRedisSlipSignal(commands, () => connectRedis(url, { as: 'blocking' }));
}

const signals: Record<string, SlipSignal> = {
  memory: createMemorySlipSignal(),
  redis: await redisSignal((await startRedis({ after })).url),
  'redis cluster': await redisSignal((await startRedisCluster({ after })).url),
};
after(async () => {
  for (const slipSignal of Object.values(signals)) await slipSignal.close();
});

const never = new AbortController().signal;
const place = (station = 'grill') => ({ storeId: newId(), station });

/** What every signal promises. */
for (const [name, slipSignal] of Object.entries(signals)) {
  test(`${name}: a signal wakes who listens`, async () => {
    const at = place();
    const heard = slipSignal.listen(at, 10_000, never);
    // A signal before anybody listens is kept, so this holds whichever comes first.
    await slipSignal.notify([at]);
    assert.equal(await heard, true);
  });

  test(`${name}: a signal that nobody heard is heard by who comes next, once`, async () => {
    const at = place();
    await slipSignal.notify([at]);
    assert.equal(await slipSignal.listen(at, 10_000, never), true);
    assert.equal(await slipSignal.listen(at, 60, never), false);
  });

  test(`${name}: a reset forgets what was signalled`, async () => {
    const at = place();
    await slipSignal.notify([at]);
    await slipSignal.notify([at]);
    await slipSignal.reset(at);
    assert.equal(await slipSignal.listen(at, 60, never), false);
  });

  test(`${name}: stations and stores hear only their own`, async () => {
    const at = place();
    await slipSignal.notify([{ ...at, station: 'soup' }, place()]);
    assert.equal(await slipSignal.listen(at, 60, never), false);
  });

  test(`${name}: one signal wakes one of two listeners`, async () => {
    const at = place();
    let woken = 0;
    const listeners = [1, 2].map(async () => {
      if (await slipSignal.listen(at, 1_500, never)) woken += 1;
    });
    await slipSignal.notify([at]);
    await Promise.all(listeners);
    assert.equal(woken, 1);
  });

  test(`${name}: who goes away stops listening and takes no signal along`, async () => {
    const at = place();
    const gone = new AbortController();
    const left = slipSignal.listen(at, 60_000, gone.signal);
    gone.abort();
    assert.equal(await left, false);
    assert.equal(await slipSignal.listen(at, 60_000, AbortSignal.abort()), false);
    // Redis notices a listener that is gone when its connection closes.
    await eventually(async () => {
      await slipSignal.notify([at]);
      assert.equal(await slipSignal.listen(at, 200, never), true);
    });
  });
}
