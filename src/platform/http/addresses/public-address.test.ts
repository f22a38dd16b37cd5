import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, readConfig } from '../../../config.ts';
import { createPublicAddress } from './public-address.ts';

const baseOf = (env: Record<string, string>, url: string) => {
  const address = createPublicAddress(readConfig(env));
  address.listensAt(url);
  return address.base();
};

test('PUBLIC_URL is what links begin with, wherever the server listens', () => {
  assert.equal(baseOf({ PUBLIC_URL: 'https://eat.example/' }, 'http://127.0.0.1:3000'), 'https://eat.example');
  assert.equal(
    baseOf({ PUBLIC_URL: 'https://eat.example', HOST: '0.0.0.0' }, 'http://0.0.0.0:3000'),
    'https://eat.example',
  );
});

test('without it a server that others reach names its own address, and one for this machine names none', () => {
  assert.equal(baseOf({}, 'http://127.0.0.1:3000'), null);
  assert.equal(baseOf({ HOST: 'localhost' }, 'http://localhost:3000'), null);
  assert.equal(baseOf({ HOST: '192.168.0.7' }, 'http://192.168.0.7:3000'), 'http://192.168.0.7:3000');
  assert.equal(baseOf({ HOST: '0.0.0.0' }, 'http://127.0.0.1:3000')?.includes('127.0.0.1') ?? false, false);
});

test('a PUBLIC_URL that is no origin stops the start and says what is allowed', () => {
  for (const value of [
    'eat.example',
    'ftp://eat.example',
    'https://eat.example/shop',
    'https://a:b@eat.example',
    'https://eat.example/?x',
  ]) {
    assert.throws(
      () => readConfig({ PUBLIC_URL: value }),
      (error) => {
        assert.ok(error instanceof ConfigError);
        return /^PUBLIC_URL=.*https:\/\/eat\.example is needed/.test(error.message);
      },
    );
  }
});
