import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { newId } from '../src/platform/id.ts';
import { openShop } from './events/shop.ts';
import { eventually } from './support/eventually.ts';
import { atEndOf } from './support/lifetime.ts';
import { startRedis } from './support/services.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(`${ROOT}/${file}`, 'utf8');

const redis = new Redis((await startRedis({ after })).url);
atEndOf({ after }, async () => redis.disconnect());
const commands = new Set(((await redis.call('COMMAND', 'LIST')) as string[]).map((name) => name.toUpperCase()));

/** What the playbook names: each has its place, or its row says why not. */
const PLAYBOOK =
  'GET SET MGET INCR LPUSH BRPOP LRANGE SADD SREM SISMEMBER SMEMBERS HSET HGET HMGET HGETALL ZADD ZRANGE ZREVRANGE ZRANGEBYSCORE ZRANK ZINCRBY'.split(
    ' ',
  );

/** Names of commands that JavaScript's own methods have too, where they are chained. */
const OF_JAVASCRIPT = new Set(['GET', 'SET', 'SORT', 'KEYS']);

/** The commands that a file sends: of a client, chained behind `multi()`, or from inside a script. */
function commandsOf(file: string): Set<string> {
  const text = read(file);
  const sent = new Set<string>();
  for (const [, name] of text.matchAll(/\b(?:redis|commands|connection|node|publisher|client)\.(\w+)\(/g)) {
    sent.add(name!.toUpperCase());
  }
  for (const [, name] of text.matchAll(/^\s+\.(\w+)\(/gm)) {
    if (!OF_JAVASCRIPT.has(name!.toUpperCase())) sent.add(name!.toUpperCase());
  }
  for (const [, name] of text.matchAll(/'([A-Z]+)'/g)) sent.add(name!);
  return new Set([...sent].filter((name) => commands.has(name)));
}

/** Each row of a guide's tables, as its cells. */
const cellsOf = (guide: string): string[][] =>
  read(guide)
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, command]) => /^`[A-Z]+`$/.test(command ?? ''));

/** The command of each row, and the files that it names as its places. */
const placesOf = (guide: string): [string, string[]][] =>
  cellsOf(guide).map(([, command, place = '']) => [
    command!.slice(1, -1),
    [...place.matchAll(/`(src\/[^`]+)`/g)].map(([, file]) => file!).sort(),
  ]);

const rows = new Map(placesOf('docs/guide/redis.md'));

test('the guide names each command that the code sends, at the files that send it, and only those', () => {
  const files = globSync('src/**/*redis*.ts', { cwd: ROOT }).filter((file) => !file.endsWith('.test.ts'));
  assert.ok(files.length >= 7, files.join());
  // Whoever speaks with Redis says so in the name of the file.
  for (const file of globSync('src/**/*.ts', { cwd: ROOT })) {
    if (/from 'ioredis'/.test(read(file))) assert.match(file, /redis/);
  }
  const sent = new Map<string, string[]>();
  for (const file of files.sort()) {
    for (const command of commandsOf(file)) sent.set(command, [...(sent.get(command) ?? []), file]);
  }
  const named = [...rows].filter(([, places]) => places.length > 0);
  assert.deepEqual(Object.fromEntries([...named].sort()), Object.fromEntries([...sent].sort()));
});

test('each command of the playbook has a row, and one without a place says so', () => {
  for (const command of PLAYBOOK) assert.ok(rows.has(command), command);
  const text = read('docs/guide/redis.md');
  for (const [command, places] of rows) {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${command}\` |`))!;
    assert.equal(/^\| `[A-Z]+` \| none[ |:]/.test(row), places.length === 0, row);
  }
});

test('the Korean guide has the same commands at the same places, with the same measured times', () => {
  assert.deepEqual(placesOf('docs/guide/redis.ko.md'), placesOf('docs/guide/redis.md'));
  const times = (guide: string) => cellsOf(guide).map((cells) => (cells.length > 5 ? cells[5] : null));
  assert.deepEqual(times('docs/guide/redis.ko.md'), times('docs/guide/redis.md'));
  assert.ok(times('docs/guide/redis.md').filter((time) => /→/.test(time ?? '')).length >= PLAYBOOK.length);
});

/** Of connections, and of the tests themselves. */
const OF_CONNECTIONS = new Set(
  'HELLO AUTH CLIENT INFO SELECT PING COMMAND CONFIG CLUSTER READONLY QUIT RESET FLUSHALL'.split(' '),
);

test('a shop that orders, follows, prints, ranks and refuses sends Redis nothing that the guide does not name', async (t) => {
  const url = `redis://127.0.0.1:${redis.options.port}`;
  const shop = await openShop(t, { env: { REDIS_URL: url, CACHE: 'tiered' } });
  await redis.config('RESETSTAT');
  const order = await shop.order(['stew', 'beer']);
  const ticket = await shop.ticketOf(order.id, 'soup');
  await shop.advance(ticket, 'cooking');
  for (let times = 0; times < 2; times += 1) {
    assert.equal((await shop.call(`/orders/${order.id}?token=${order.token}`)).status, 200);
    assert.equal((await shop.call('/board')).status, 200);
    assert.equal((await shop.call('/menu')).status, 200);
  }
  assert.equal((await shop.call('/print/soup/next?wait=50', { token: shop.kitchenKey })).status, 200);
  await eventually(async () => assert.equal((await shop.call('/ranking?window=hour')).body.items.length, 2));
  const { beer } = shop.store.dishes;
  const change = await shop.call(`/items/${beer.id}`, {
    method: 'PUT',
    token: shop.kitchenKey,
    body: { soldOut: true },
  });
  assert.equal(change.status, 200);
  const lines = [{ itemId: beer.id, quantity: 1 }];
  await eventually(async () => {
    const crowd = Array.from({ length: 150 }, () => shop.api.client.order(shop.store.id, { lines }, newId()));
    for (const { status } of await Promise.all(crowd)) assert.equal(status, 409);
    assert.match(await redis.info('commandstats'), /cmdstat_smismember/);
  });
  const sent = [...(await redis.info('commandstats')).matchAll(/cmdstat_(\w+)/g)].map(([, name]) =>
    name!.toUpperCase(),
  );
  assert.ok(sent.length > 15, sent.join());
  const unnamed = sent.filter((command) => !rows.has(command) && !OF_CONNECTIONS.has(command));
  assert.deepEqual(unnamed, []);
});
