import { isIP } from 'node:net';
import { trustProxies } from '../platform/http/request/client-of.ts';
import { redisAddressFault } from '../platform/redis/redis-address.ts';

/** A wrong environment value: one line that says which, why and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export const oneOf =
  <const T extends readonly string[]>(...allowed: T) =>
  (name: string, value: string): T[number] => {
    if (!allowed.includes(value)) throw new ConfigError(`${name}=${value}: allowed are ${allowed.join(', ')}.`);
    return value;
  };

export const integer = (min: number, max: number) => (name: string, value: string) => {
  const parsed = Number(value);
  if (!/^\d+$/.test(value) || parsed < min || parsed > max) {
    throw new ConfigError(`${name}=${value}: a whole number from ${min} to ${max} is needed.`);
  }
  return parsed;
};

/** A port that is not another's. */
export const otherPort = (taken: number) => (name: string, value: string) => {
  const port = integer(0, 65_535)(name, value);
  if (port !== 0 && port === taken) throw new ConfigError(`${name}=${value}: another port than PORT is needed.`);
  return port;
};

export const share = (name: string, value: string): number => {
  const parsed = Number(value);
  if (!/^[\d.]+$/.test(value) || !(parsed >= 0 && parsed <= 1)) {
    throw new ConfigError(`${name}=${value}: a number from 0 to 1 is needed.`);
  }
  return parsed;
};

export const url =
  (...protocols: string[]) =>
  (name: string, value: string) => {
    const schemes = protocols.map((protocol) => `${protocol}://`).join(' or ');
    for (const part of value.split(',')) {
      const parsed = URL.parse(part.trim());
      if (!parsed || !protocols.includes(parsed.protocol.slice(0, -1))) {
        throw new ConfigError(`${name}: an address that begins with ${schemes} is needed.`);
      }
    }
    return value;
  };

/** One Redis, several addresses of a Cluster, or Sentinels. */
export const redis = (name: string, value: string): string => {
  const fault = redisAddressFault(value);
  if (fault) throw new ConfigError(`${name}: ${fault}`);
  return value;
};

/** A Redis, or Memcached: here it only keeps what may be lost. */
export const cacheTier = (name: string, value: string): string =>
  value.startsWith('memcached:') ? url('memcached')(name, value) : redis(name, value);

/** Where guests find the server: an origin alone, as paths are added to it. */
export const origin = (name: string, value: string): string => {
  const parsed = URL.parse(value);
  const isOrigin =
    parsed && /^https?:$/.test(parsed.protocol) && !parsed.username && parsed.pathname === '/' && !/[?#]/.test(value);
  if (!isOrigin) {
    throw new ConfigError(
      `${name}=${value}: an address such as https://eat.example is needed, with nothing after the name and port.`,
    );
  }
  return parsed.origin;
};

/** Random text has more than twice as many; a word that is typed again and again has fewer. */
const LETTERS_MIN = 8;
/** What stands in examples and is typed by hand: the first things that are guessed. */
const WELL_KNOWN =
  /change.?(me|this|it)|replace.?(me|this)|your.?(secret|key|password)|(super|top|my).?secret|pass.?w(or|0r)d|example|sample|placeholder|qwerty|letmein|abcdefgh|0123456789abcdef|1234567890123456/i;

const wanted = 'make one with `openssl rand -base64 32`';

/** Tried over the network only, where tries are bounded and each costs a request: its length is enough. */
export const longKey = (name: string, value: string) => {
  if (value.length < 16)
    throw new ConfigError(`${name}: at least 16 characters are needed, ${value.length} were given; ${wanted}.`);
  return value;
};

/** Signs what everybody is shown, so it can be guessed at home without an end. */
export const secret = (name: string, value: string) => {
  longKey(name, value);
  const letters = new Set(value).size;
  if (letters < LETTERS_MIN)
    throw new ConfigError(
      `${name}: at least ${LETTERS_MIN} different characters are needed, ${letters} were given; ${wanted}.`,
    );
  if (WELL_KNOWN.test(value) || /^(.{1,15})\1+$/s.test(value))
    throw new ConfigError(`${name}: this one is easily guessed, and random text is needed; ${wanted}.`);
  return value;
};

export const proxies = (name: string, value: string): readonly string[] => {
  const addresses = value.split(',').map((address) => address.trim());
  for (const address of addresses) {
    try {
      if (address !== 'loopback' && isIP(address.split('/')[0]!) === 0) throw new TypeError('not an address');
      trustProxies([address]);
    } catch {
      throw new ConfigError(
        `${name}=${value}: '${address}' is no proxy's address; allowed are loopback, addresses and ranges such as 10.0.0.0/8, with commas between them.`,
      );
    }
  }
  return addresses;
};

/** `tiered` names a second tier, so there must be one. */
export const needing =
  <T extends string>(cacheUrl: string | undefined, parse: (name: string, value: string) => T) =>
  (name: string, value: string): T => {
    const parsed = parse(name, value);
    if (parsed === 'tiered' && !cacheUrl) {
      throw new ConfigError(`${name}=tiered: the second tier's address is needed in CACHE_URL or REDIS_URL.`);
    }
    return parsed;
  };
