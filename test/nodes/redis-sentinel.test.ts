import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connectRedis, type RedisClient, untilReady } from '../../src/platform/redis/redis.ts';
import { eventually } from '../support/eventually.ts';
import { atEndOf } from '../support/lifetime.ts';
import { startRedisSentinels } from '../support/redis-sentinel.ts';
import { startRedis } from '../support/services.ts';
import { losePartOfRedis } from './redis-goes-on.ts';

const connect = (url: string): RedisClient => {
  const client = connectRedis(url, { as: 'commands', bounded: false });
  atEndOf({ after }, async () => client.disconnect());
  return client;
};

test('the primary dies with one of three Sentinels while guests order: nobody is refused, and Redis goes on where they say', async (t) => {
  const { url, primary, replica, sentinels } = await startRedisSentinels(t);
  const own = connect(url);
  const isAt = async (port: number) => {
    assert.equal(Number(/tcp_port:(\d+)/.exec(await own.info('server'))?.[1]), port);
    await own.set('written', port);
  };
  await untilReady(own, 10_000);
  await isAt(primary.port);
  await losePartOfRedis(
    t,
    url,
    () => {
      process.kill(primary.pid, 'SIGKILL');
      process.kill(sentinels[0]!.pid, 'SIGKILL');
    },
    () => eventually(() => isAt(replica.port), 'the replica is written to'),
  );
});

test('a primary that lives on as a replica, behind an address that does not change, is left for whoever is there then', async (t) => {
  const demoted = await startRedis(t);
  const other = await startRedis(t);
  const client = connect(demoted.url);
  const connections: string[] = [];
  client.on('connect', () => connections.push('connect'));
  await untilReady(client, 10_000);
  await client.call('replicaof', '127.0.0.1', String(other.port));
  await assert.rejects(Promise.resolve(client.set('a', '1')), /READONLY/);
  // It asks for the address again, as who moves it may be about to do.
  await eventually(() => connections.length > 1, 'it connects anew');
  await eventually(async () => assert.equal(await client.call('replicaof', 'no', 'one'), 'OK'));
  await eventually(async () => assert.equal(await client.set('a', '1'), 'OK'));
});
