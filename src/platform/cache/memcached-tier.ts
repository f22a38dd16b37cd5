import { createHash, randomBytes } from 'node:crypto';
import { MemcachedClient } from './memcached-client.ts';
import type { SecondTier } from './second-tier.ts';

/** Memcached takes keys of up to 250 bytes without spaces; longer ones are named by their digest. */
const KEY_BYTES_MAX = 200;
const PORT = 11_211;
/** Past this many seconds memcached reads a lifetime as a date. */
const SECONDS_MAX = 30 * 24 * 60 * 60;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const wireKey = (key: string): string =>
  /^[\x21-\x7e]+$/.test(key) && key.length <= KEY_BYTES_MAX ? key : `#${digest(key).toString('base64url')}`;

const wholeSeconds = (lifetimeMs: number | undefined): number =>
  lifetimeMs === undefined ? 0 : Math.min(Math.max(1, Math.ceil(lifetimeMs / 1000)), SECONDS_MAX);

/** `a:b:c` belongs to the prefixes '', `a` and `a:b`. */
function prefixesOf(key: string): string[] {
  const prefixes = [''];
  for (let at = key.indexOf(':'); at >= 0; at = key.indexOf(':', at + 1)) prefixes.push(key.slice(0, at));
  return prefixes;
}

const generationKey = (prefix: string): string => wireKey(`generation ${prefix}`.replaceAll(' ', '/'));

/**
 * Memcached, one or several (each key has its server by rendezvous hashing, so that losing one moves only its own keys).
 * It cannot list its keys, so each prefix has a generation that `clear` moves on, and a value counts only while the
 * generations it was stored under stand; they come with the value in one question.
 */
export function createMemcachedTier(urls: string, commandTimeoutMs: number): SecondTier {
  const servers = urls.split(',').map((text) => {
    const url = new URL(text.trim());
    return { url: url.host, client: new MemcachedClient(url.hostname, Number(url.port || PORT), commandTimeoutMs) };
  });

  function serverOf(key: string): MemcachedClient {
    if (servers.length === 1) return servers[0]!.client;
    const scored = servers.map((server) => ({ server, score: digest(`${server.url} ${key}`).readUInt32BE() }));
    return scored.reduce((best, next) => (next.score > best.score ? next : best)).server.client;
  }

  async function getMany(keys: readonly string[]): Promise<Map<string, string>> {
    const byServer = new Map<MemcachedClient, string[]>();
    for (const key of keys) {
      const server = serverOf(key);
      byServer.set(server, [...(byServer.get(server) ?? []), key]);
    }
    const answers = await Promise.all([...byServer].map(([server, asked]) => server.get(asked)));
    return new Map(answers.flatMap((found) => [...found]));
  }

  /** The generations that a key's value belongs to; undefined when one was pushed out, and with it all that was under it. */
  function stamp(key: string, found: ReadonlyMap<string, string>): string | undefined {
    const generations = prefixesOf(key).map((prefix) => found.get(generationKey(prefix)));
    return generations.includes(undefined) ? undefined : generations.join('.');
  }

  /** Begins at a random number: a generation that was pushed out must not come back with one it had before. */
  const begin = (generation: string): Promise<boolean> =>
    serverOf(generation).store('add', generation, String(randomBytes(5).readUIntBE(0, 5)), 0);

  async function stampNow(key: string): Promise<string> {
    const generations = prefixesOf(key).map(generationKey);
    const found = await getMany(generations);
    const missing = generations.filter((generation) => !found.has(generation));
    if (missing.length === 0) return stamp(key, found)!;
    await Promise.all(missing.map(begin));
    return stamp(key, await getMany(generations)) ?? '';
  }

  async function get(key: string): Promise<string | undefined> {
    const name = wireKey(key);
    const found = await getMany([name, ...prefixesOf(key).map(generationKey)]);
    const stored = found.get(name);
    if (stored === undefined) return undefined;
    const line = stored.indexOf('\n');
    return stored.slice(0, line) === stamp(key, found) ? stored.slice(line + 1) : undefined;
  }

  const store = async (command: 'set' | 'add', key: string, value: string, lifetimeMs?: number): Promise<boolean> => {
    const name = wireKey(key);
    return serverOf(name).store(command, name, `${await stampNow(key)}\n${value}`, wholeSeconds(lifetimeMs));
  };

  return {
    name: 'memcached',
    get,
    async set(key, value, lifetimeMs) {
      await store('set', key, value, lifetimeMs);
    },
    add: (key, value, lifetimeMs) => store('add', key, value, lifetimeMs),
    delete: (key) => serverOf(wireKey(key)).delete(wireKey(key)),
    async deleteIf(key, value) {
      // Two steps: between them the lock may change hands. The worst that follows is two loads instead of one.
      if ((await get(key)) === value) await serverOf(wireKey(key)).delete(wireKey(key));
    },
    async clear(prefix) {
      const key = generationKey(prefix);
      const server = serverOf(key);
      if ((await server.increment(key)) === undefined) await begin(key);
    },
    async close() {
      for (const { client } of servers) client.close();
    },
  };
}
