import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Why nothing is sent to, or read from, an address of somebody else’s. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

/*
 * Everything that is not the public internet: this machine, the networks behind it, the clouds' metadata services
 * (169.254.169.254), documentation, multicast, and the ranges that carry one of these inside an IPv6 address.
 */
const FORBIDDEN = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  FORBIDDEN.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  FORBIDDEN.addSubnet(network, prefix, 'ipv6');
}

/** Of IPv6 no other addresses are given out, but for an IPv4 address written as IPv6, which the list above checks as such. */
const GIVEN_OUT = new BlockList();
GIVEN_OUT.addSubnet('2000::', 3, 'ipv6');
GIVEN_OUT.addSubnet('::ffff:0:0', 96, 'ipv6');

/** True for an address that a server on the public internet can have. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !FORBIDDEN.check(address, 'ipv4');
  return family === 6 && GIVEN_OUT.check(address, 'ipv6') && !FORBIDDEN.check(address, 'ipv6');
}

/**
 * Checks an address that a person gave (a webhook’s, a photo’s) as far as it can be without asking DNS: a name may point elsewhere tomorrow, so the
 * rest is checked at each connection.
 * @param allowPrivate also http and addresses of one's own network
 * @throws ForbiddenAddress
 */
export function parseOutgoingUrl(text: string, allowPrivate: boolean): URL {
  const url = URL.parse(text);
  if (!url) throw new ForbiddenAddress('is not an address');
  if (url.username || url.password) throw new ForbiddenAddress('must not have a name and password inside');
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    throw new ForbiddenAddress('must begin with https://');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && (isIP(host) ? !isPublicAddress(host) : /(^|\.)(localhost|local|internal)\.?$/i.test(host))) {
    throw new ForbiddenAddress('is not on the public internet');
  }
  return url;
}

/** How a name is asked for: as `dns.lookup` does, always for all of its addresses. */
export type AskForName = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/**
 * A look-up for connections that answers with allowed addresses only. The connection goes to exactly the address that was checked, so a
 * name that answers differently the second time gains nothing; and of several answers all must be allowed, as any may be taken.
 */
export const createLookup =
  (ask: AskForName, isAllowed: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    ask(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const forbidden = found.find(({ address }) => !isAllowed(address));
      const first = found[0];
      if (forbidden || !first) {
        return callback(new ForbiddenAddress(`${hostname} is ${forbidden?.address ?? 'nowhere'}, not public`), '', 0);
      }
      if (options.all) return callback(null, found);
      callback(null, first.address, first.family);
    });
  };

/** By the system's resolver, and to the public internet alone. */
export const publicLookup = createLookup((...of) => dnsLookup(...of), isPublicAddress);
