import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, readConfig } from './config.ts';

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
