import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOUNDS, ConfigError, readConfig } from './config.ts';
import { parseRedisAddress } from './platform/redis/redis-address.ts';

test('trusted proxies are loopback, addresses and ranges, and without a word nobody', () => {
  assert.deepEqual(readConfig({}).trustProxy, []);
  assert.deepEqual(readConfig({ TRUST_PROXY: 'loopback' }).trustProxy, ['loopback']);
  assert.deepEqual(readConfig({ TRUST_PROXY: '10.0.0.0/8, 2001:db8::/32,192.0.2.7' }).trustProxy, [
    '10.0.0.0/8',
    '2001:db8::/32',
    '192.0.2.7',
  ]);
});

test('a proxy that is no address stops the start with one line that says which, why and what is allowed', () => {
  for (const value of [
    'true',
    'localhost',
    '1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '0.0.0.0/0',
    'loopback,',
    '10.0.0.256',
    '*',
  ])
    assert.throws(
      () => readConfig({ TRUST_PROXY: value }),
      (error) => error instanceof ConfigError && /^TRUST_PROXY=.*allowed are loopback[^\n]*$/.test(error.message),
      value,
    );
});

test('limits per client are on unless they are switched off', () => {
  assert.equal(readConfig({}).limits, 'on');
  assert.equal(readConfig({ LIMITS: 'off' }).limits, 'off');
  assert.throws(() => readConfig({ LIMITS: 'no' }), /^ConfigError: LIMITS=no: allowed are on, off\.$/);
});

test('Redis is one address, several of a Cluster, or Sentinels with the name that they watch', () => {
  for (const url of [
    'redis://127.0.0.1:6379',
    'rediss://me:secret@redis.example',
    'redis://a:1,redis://b:2',
    'redis-sentinel://:secret@10.0.0.1:26379/matjip,redis-sentinel://10.0.0.2:26379',
  ]) {
    assert.equal(readConfig({ REDIS_URL: url }).redisUrl, url);
    assert.equal(readConfig({ CACHE_URL: url }).cacheUrl, url);
  }
  for (const [url, says] of [
    ['http://127.0.0.1', /^REDIS_URL: an address that begins with redis:\/\/ or rediss:\/\//],
    ['redis-sentinel://10.0.0.1:26379', /the name that the Sentinels watch it by is needed/],
    ['redis-sentinel://10.0.0.1/a,redis://10.0.0.2', /every address of a Sentinel/],
    ['redis-sentinel://10.0.0.1/a,rediss-sentinel://10.0.0.2', /over TLS, or none/],
    ['memcached://127.0.0.1', /^REDIS_URL/],
  ] as const) {
    assert.throws(() => readConfig({ REDIS_URL: url }), { name: 'ConfigError', message: says });
  }
  assert.equal(readConfig({ CACHE_URL: 'memcached://127.0.0.1' }).cacheUrl, 'memcached://127.0.0.1');
});

test('what Sentinels are asked with is in the address: their name for it, its account and their own', () => {
  const sentinels = [
    { host: '10.0.0.1', port: 26_379 },
    { host: '::1', port: 5_000 },
  ];
  assert.deepEqual(
    parseRedisAddress('rediss-sentinel://me:p%40ss@10.0.0.1/shop?sentinelPassword=s%20w,rediss-sentinel://[::1]:5000'),
    {
      kind: 'sentinel',
      options: {
        name: 'shop',
        username: 'me',
        password: 'p@ss',
        sentinelPassword: 's w',
        sentinels,
        tls: {},
        enableTLSForSentinelMode: true,
        sentinelTLS: {},
      },
    },
  );
});

test('operations may have a port of their own, which is not the guests’', () => {
  assert.equal(readConfig({}).opsPort, undefined);
  assert.equal(readConfig({ OPS_PORT: '9100' }).opsPort, 9100);
  assert.throws(
    () => readConfig({ PORT: '9100', OPS_PORT: '9100' }),
    /^ConfigError: OPS_PORT=9100: another port than PORT/,
  );
});

test('each bound is used somewhere: one that nobody reads bounds nothing', () => {
  const files = globSync('**/*.ts', { cwd: import.meta.dirname }).filter(
    (file) => !file.startsWith('config/') && !file.endsWith('.test.ts'),
  );
  assert.ok(files.length > 400, String(files.length));
  const words = new Set(
    files.flatMap((file) => readFileSync(join(import.meta.dirname, file), 'utf8').match(/[\w-]+/g)!),
  );
  const namesIn = (bounds: object): string[] =>
    Object.entries(bounds).flatMap(([name, value]) => [
      name,
      ...(value !== null && Object.getPrototypeOf(value) === Object.prototype ? namesIn(value) : []),
    ]);
  assert.deepEqual(
    namesIn(BOUNDS).filter((name) => !words.has(name)),
    [],
  );
});
