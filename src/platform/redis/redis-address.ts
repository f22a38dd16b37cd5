import type { RedisOptions } from 'ioredis';

/** What `REDIS_URL` says: one Redis, the nodes of a Cluster, or whoever is asked which Redis it is now. */
type RedisAddress =
  | { readonly kind: 'one'; readonly url: string }
  | { readonly kind: 'cluster'; readonly urls: readonly string[]; readonly options: RedisOptions }
  | { readonly kind: 'sentinel'; readonly options: RedisOptions };

const PLAIN = ['redis:', 'rediss:'];
const SENTINEL = ['redis-sentinel:', 'rediss-sentinel:'];
const SENTINEL_PORT = 26_379;

/** @returns why it is none, as the end of a sentence; undefined: it is one */
export function redisAddressFault(urls: string): string | undefined {
  const parsed = urls.split(',').map((url) => URL.parse(url.trim()));
  const isSentinel = parsed.some((url) => url && SENTINEL.includes(url.protocol));
  const wanted = isSentinel ? SENTINEL : PLAIN;
  if (parsed.some((url) => !url?.hostname || !wanted.includes(url.protocol))) {
    return isSentinel
      ? 'every address of a Sentinel is one that begins with redis-sentinel:// (or every one with rediss-sentinel://).'
      : 'an address that begins with redis:// or rediss:// is needed; several with commas between them are a Cluster; redis-sentinel://HOST:26379/NAME asks Sentinels.';
  }
  if (isSentinel && new Set(parsed.map((url) => url!.protocol)).size > 1)
    return 'all Sentinels are asked over TLS, or none.';
  if (isSentinel && !/^\/[\w.-]+$/.test(parsed[0]!.pathname)) {
    return 'the name that the Sentinels watch it by is needed, as in redis-sentinel://10.0.0.10:26379/matjip.';
  }
  return undefined;
}

/** @param urls that have no {@link redisAddressFault} */
export function parseRedisAddress(urls: string): RedisAddress {
  const addresses = urls.split(',').map((url) => url.trim());
  const first = new URL(addresses[0]!);
  const account: RedisOptions = {
    ...(first.password && { password: decodeURIComponent(first.password) }),
    ...(first.username && { username: decodeURIComponent(first.username) }),
    ...(first.protocol.startsWith('rediss') && { tls: {} }),
  };
  if (SENTINEL.includes(first.protocol)) {
    const sentinelPassword = first.searchParams.get('sentinelPassword');
    return {
      kind: 'sentinel',
      options: {
        ...account,
        name: first.pathname.slice(1),
        sentinels: addresses.map((address) => {
          const { hostname, port } = new URL(address);
          return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || SENTINEL_PORT) };
        }),
        ...(sentinelPassword && { sentinelPassword }),
        ...(account.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
      },
    };
  }
  return addresses.length > 1
    ? { kind: 'cluster', urls: addresses, options: account }
    : { kind: 'one', url: addresses[0]! };
}
