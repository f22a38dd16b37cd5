import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { ROLES, type Role } from '../contract/index.ts';
import { bearerIn, bearerOf } from '../platform/http/access/bearer.ts';
import type { Asked } from '../platform/http/fast-path/request-head.ts';
import { Problem } from '../platform/http/problem.ts';
import { createSigner, type Secret } from '../platform/secrets/signature.ts';
import type { Session, Sessions } from './sessions.ts';
import type { StreamTickets } from './stream-tickets.ts';

/**
 * Who may do what: the owner's key opens everything, each store has a kitchen key that follows from the secret, so that it needs no
 * table and is the same in every process, and staff and devices have sessions with roles.
 */
export interface Access {
  /** The strongest role at a store; an empty id: the role everywhere. */
  roleOf(request: FastifyRequest, storeId: string): Role | undefined;
  /** @throws Problem `unauthorized` without a key or session, `forbidden` with one that is not enough */
  require(request: FastifyRequest, storeId: string, ...roles: readonly Role[]): Role;
  /**
   * Whether a request carries a valid key, without asking anybody; for deciding who is served first, not for opening anything.
   * @param storeId of the store that it is about; unknown: only keys that opened something before are known
   */
  isProved(request: Pick<Asked, 'url' | 'header'>, storeId: string | undefined): boolean;
  kitchenKey(storeId: string): string;
}

const KITCHEN_KEY_BYTES = 15;
const KITCHEN_KEY = /^[\w-]{20}$/;

const SIGN_IN = 'Sign in, or send a key as Authorization: Bearer …';
const NOT_IN_ADDRESS =
  'A key is never read from an address: send it as Authorization: Bearer …; for a stream ask POST /stores/{store}/stream-tickets, and open it with ?ticket=…';
const inAddress = ({ query }: FastifyRequest): boolean =>
  Object.hasOwn(Object(query), 'token') || Object.hasOwn(Object(query), 'key');

const sameText = (a: string, b: string): boolean => {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Store ids come from the address, so there may be more of them than there are stores. */
const KEYS_KEPT_MAX = 2_000;

/** The kitchen key opens what cooks and the hall do, as it did before there were roles. */
const KITCHEN: Role = 'kitchen';

/** @param sessions, tickets unset: only for making kitchen keys */
export function createAccess(
  adminKey: string,
  secret: Secret,
  sessions?: Sessions,
  tickets?: Pick<StreamTickets, 'isSigned'>,
): Access {
  const signer = createSigner(secret, KITCHEN_KEY_BYTES);
  const kept = new LRUCache<string, string>({ max: KEYS_KEPT_MAX });
  const proved = new LRUCache<string, true>({ max: KEYS_KEPT_MAX });
  const kitchenKey = (storeId: string): string => {
    const known = kept.get(storeId);
    if (known) return known;
    const key = signer.sign(`kitchen ${storeId}`).toString('base64url');
    kept.set(storeId, key);
    return key;
  };

  /** Also the one of before, while the secret is rotated: tablets are given the new one in their own time. */
  const isKitchenKey = (key: string, storeId: string): boolean =>
    sameText(key, kitchenKey(storeId)) ||
    (KITCHEN_KEY.test(key) && signer.isSigned(Buffer.from(key, 'base64url'), `kitchen ${storeId}`));

  const byKey = (request: FastifyRequest, storeId: string): Role | undefined => {
    const key = bearerOf(request);
    if (!key) return undefined;
    const role = sameText(key, adminKey) ? 'owner' : isKitchenKey(key, storeId) ? KITCHEN : undefined;
    if (role) proved.set(key, true);
    return role;
  };

  const roleOf = (request: FastifyRequest, storeId: string): Role | undefined => {
    const session = sessions?.of(request);
    return byKey(request, storeId) ?? (session && roleIn(session, storeId));
  };

  return {
    roleOf,
    require(request, storeId, ...roles) {
      const role = roleOf(request, storeId);
      if (!role && !sessions?.of(request)) {
        throw new Problem('unauthorized', { detail: inAddress(request) ? NOT_IN_ADDRESS : SIGN_IN });
      }
      if (!role || !roles.includes(role))
        throw new Problem('forbidden', { detail: `This needs the role ${roles.join(' or ')} here.` });
      return role;
    },
    isProved(request, storeId) {
      if (sessions?.peek((name) => request.header(name))) return true;
      const key = bearerIn(request.header('authorization'));
      if (key === undefined) {
        const ticket = storeId && /[?&]ticket=([^&]+)/.exec(request.url)?.[1];
        return ticket ? (tickets?.isSigned(ticket, storeId) ?? false) : false;
      }
      if (proved.has(key) || sameText(key, adminKey)) return true;
      return storeId !== undefined && isKitchenKey(key, storeId);
    },
    kitchenKey,
  };
}

function roleIn({ everywhere, roles }: Session, storeId: string): Role | undefined {
  const here = roles[storeId];
  if (!here || !everywhere) return here ?? everywhere ?? undefined;
  return ROLES.indexOf(here) < ROLES.indexOf(everywhere) ? here : everywhere;
}
