import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

/** Whether the peer with this address is a proxy whose `X-Forwarded-For` is believed. */
export type TrustProxy = (address: string, hop: number) => boolean;

/**
 * @param addresses addresses, CIDR ranges and `loopback`; none: nobody is trusted
 * @throws TypeError for one that is no address
 */
export const trustProxies = (addresses: readonly string[]): TrustProxy =>
  addresses.length > 0 ? proxyAddr.compile([...addresses]) : () => false;

/**
 * Who asks: an IPv4 address, or the /64 of an IPv6 address, which is the least that a network gives to one customer. A dining room
 * behind one address is one client, so bounds per client leave room for hundreds of phones.
 */
export type ClientOf = (request: {
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly socket: { readonly remoteAddress?: string | undefined };
}) => string;

/** Of a peer that hung up before anybody asked who it was. */
const NOBODY = 'unknown';

/** Reading an address takes a microsecond, and a crowd comes with the same few thousand. */
const KEPT_MAX = 20_000;

/**
 * The client of a request, also before Fastify has seen it: the socket's peer, or behind trusted proxies the nearest address that is
 * not theirs. What stands further left in `X-Forwarded-For` anybody may have written. Where that is no address, the hop before
 * it counts: whoever forwards nonsense is one client.
 */
export function createClientOf(trust: TrustProxy): ClientOf {
  const kept = new LRUCache<string, string>({ max: KEPT_MAX });
  return (request) => {
    const peer = request.socket.remoteAddress;
    if (!peer) return NOBODY;
    const forwarded = request.headers['x-forwarded-for'] !== undefined && trust(peer, 0);
    const address = forwarded ? nearestOf(request as unknown as IncomingMessage, trust) : peer;
    const known = kept.get(address);
    if (known) return known;
    const client = networkOf(address);
    kept.set(address, client);
    return client;
  };
}

function nearestOf(request: IncomingMessage, trust: TrustProxy): string {
  const hops = proxyAddr.all(request, trust);
  return hops.findLast((hop) => isIP(hop) !== 0) ?? NOBODY;
}

/** The part of an address that is one client's. */
function networkOf(address: string): string {
  if (isIP(address) === 0) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = (parsed as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
