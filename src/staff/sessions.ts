import { hash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Role } from '../contract/index.ts';
import { ROLES } from '../contract/index.ts';
import type { Cache, CacheSource } from '../platform/cache/cache.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { bearerIn } from '../platform/http/access/bearer.ts';

/** Who is signed in, and what that opens. */
export interface Session {
  readonly id: string;
  /** null: a device. */
  readonly staffId: string | null;
  /** The tablet at which this person works by their PIN; null: none. */
  readonly deviceId: string | null;
  /** A device, or somebody at one, is at this store alone; null: somebody who signed in. */
  readonly storeId: string | null;
  readonly name: string;
  readonly expiresMs: number | null;
  /** The strongest role at each store, by its id. */
  readonly roles: Readonly<Record<string, Role>>;
  /** The strongest role everywhere. */
  readonly everywhere: Role | null;
}

/** Keys of devices begin so, so that no look-up is spent on others. */
export const DEVICE_KEY = 'mjd_';
const TOKEN_BYTES = 32;

export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');
/** What is kept of a token: whoever reads the database signs in as nobody. */
export const hashToken = (token: string): string => hash('sha256', token, 'hex');

/** Over https `__Host-`: no other site and no subdomain can set it. A browser takes that only there, so over plain http it is another. */
const SECURE = '__Host-matjip';
const PLAIN = 'matjip-session';

/** Two weeks: who works twice a week is not asked each time. */
export const SESSION_DAYS = 14;

/** The `Set-Cookie` of a session. @param token empty: the browser forgets it */
export function cookieOf(token: string, isSecure: boolean): string {
  const rest = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${token ? SESSION_DAYS * 24 * 3_600 : 0}`;
  return isSecure ? `${SECURE}=${token}; Secure; ${rest}` : `${PLAIN}=${token}; ${rest}`;
}

/** Whether the browser came over https: by its connection, by what a trusted proxy says, or as `PUBLIC_URL` has it for this name. */
export function createIsSecure(publicUrl: string | undefined) {
  const secureHost = publicUrl?.startsWith('https:') ? new URL(publicUrl).host : undefined;
  return ({ protocol, headers }: FastifyRequest): boolean =>
    protocol === 'https' || (secureHost !== undefined && headers.host === secureHost);
}

/** The token of a cookie header; over https the plain cookie counts for nothing, as a neighbour could have set it. */
export function tokenOf(cookie: string | undefined, isSecure: boolean): string | undefined {
  const name = isSecure ? SECURE : PLAIN;
  for (const part of cookie?.split(';') ?? []) {
    const [key, value] = part.trim().split('=');
    if (key === name && value) return value;
  }
  return undefined;
}

/** Whether a request that changes something comes from a page of ours, or from no page at all. */
export function isOwnPage({ method, headers }: IncomingMessage): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  return origin === undefined || URL.parse(origin)?.host === headers.host;
}

interface Row {
  readonly token_hash: string;
  readonly id: string;
  readonly staff_id: string | null;
  readonly device_id: string | null;
  readonly store_id: string | null;
  readonly name: string;
  readonly expires_ms: number | null;
  readonly roles: readonly { readonly role: Role; readonly store: string | null }[] | null;
}

const strongest = (a: Role | null | undefined, b: Role): Role =>
  a != null && ROLES.indexOf(a) <= ROLES.indexOf(b) ? a : b;

/** Sessions by the hash of their token, null where there is none; small, so their text is their version. */
export function createSessionSource(db: Queryable): CacheSource<Session | null> {
  const versions = async (hashes: readonly string[]): Promise<Map<string, string>> => {
    const { rows } = await db.query<Row>(
      `SELECT s.token_hash, s.id, s.staff_id, s.device_id, s.store_id, coalesce(p.name, s.device_name) AS name,
         (extract(epoch FROM s.expires_at) * 1000)::float8 AS expires_ms,
         CASE WHEN s.staff_id IS NULL THEN jsonb_build_array(jsonb_build_object('role', s.role, 'store', s.store_id))
         ELSE (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'store', coalesce(r.store_id, of_brand.id))
                 ORDER BY r.role, of_brand.id)
               FROM staff_role r LEFT JOIN store of_brand ON of_brand.brand_id = r.brand_id
               WHERE r.staff_id = s.staff_id AND (r.brand_id IS NULL OR of_brand.id IS NOT NULL)) END AS roles
       FROM staff_session s LEFT JOIN staff p ON p.id = s.staff_id
       WHERE s.token_hash = ANY($1::text[]) AND (s.expires_at IS NULL OR s.expires_at > now())`,
      [hashes],
      'sessions',
    );
    const found = new Map(rows.map((row) => [row.token_hash, JSON.stringify(toSession(row))]));
    return new Map(hashes.map((each) => [each, found.get(each) ?? 'null']));
  };
  return {
    versions,
    async load(key, version) {
      const text = version ?? (await versions([key])).get(key)!;
      return { version: text, value: JSON.parse(text) as Session | null };
    },
  };
}

function toSession(row: Row): Session {
  const { id, staff_id: staffId, device_id: deviceId, store_id: storeId, name, expires_ms: expiresMs } = row;
  const roles: Record<string, Role> = {};
  let everywhere: Role | null = null;
  for (const { role, store } of row.roles ?? []) {
    if (store === null) everywhere = strongest(everywhere, role);
    else roles[store] = strongest(roles[store], role);
  }
  const session = { id, staffId, deviceId, storeId, name, expiresMs };
  if (deviceId === null || storeId === null) return { ...session, roles, everywhere };
  const here = roles[storeId] ?? everywhere;
  const role = here && everywhere ? strongest(here, everywhere) : here;
  return { ...session, roles: role ? { [storeId]: byPin(role) } : {}, everywhere: null };
}

/** Four digits open a till and no owner's page. */
const byPin = (role: Role): Role => (role === 'owner' ? 'manager' : role);

/** Finds out who is signed in, before anything of a request is looked at. */
export interface Sessions {
  /** Reads the session of a request that brings one; others cost nothing. */
  attach(request: FastifyRequest): Promise<void> | undefined;
  of(request: FastifyRequest): Session | undefined;
  /** What its token hashes to, by which a stream ticket finds it again. */
  hashOf(request: FastifyRequest): string | undefined;
  /** Whether a session has not ended. @throws when nobody can say */
  isOpen(tokenHash: string): Promise<boolean>;
  /** For a request whose stream ticket stands for it, if it has not ended since. */
  use(request: FastifyRequest, tokenHash: string): Promise<void>;
  /** For a request whose stream ticket stands for a key. */
  useKey(request: FastifyRequest, storeId: string, role: Role): void;
  /** Of a request's headers, as far as this process knows it. */
  peek(header: (name: string) => string | undefined): Session | undefined;
  changed(tokenHash: string): void;
}

export function createSessions(cache: Cache<Session | null>, isSecure: (request: FastifyRequest) => boolean): Sessions {
  const attached = new WeakMap<FastifyRequest, { readonly session: Session; readonly tokenHash?: string }>();
  const deviceKeyIn = (header: string | undefined): string | undefined => {
    const key = bearerIn(header);
    return key?.startsWith(DEVICE_KEY) ? key : undefined;
  };

  const read = async (tokenHash: string): Promise<Session | null> =>
    (cache.peek(tokenHash) ?? (await cache.read(tokenHash))).value;
  const use = async (request: FastifyRequest, tokenHash: string): Promise<void> => {
    const session = await read(tokenHash);
    if (session) attached.set(request, { session, tokenHash });
  };
  return {
    attach(request) {
      const { authorization, cookie } = request.headers;
      const device = deviceKeyIn(authorization);
      if (device) return use(request, hashToken(device));
      if (cookie === undefined) return undefined;
      const token = tokenOf(cookie, isSecure(request));
      return token && isOwnPage(request.raw) ? use(request, hashToken(token)) : undefined;
    },
    of: (request) => attached.get(request)?.session,
    hashOf: (request) => attached.get(request)?.tokenHash,
    isOpen: async (tokenHash) => (await read(tokenHash)) !== null,
    use,
    useKey: (request, storeId, role) =>
      void attached.set(request, {
        session: {
          id: '',
          staffId: null,
          deviceId: null,
          storeId,
          name: 'key',
          expiresMs: null,
          roles: { [storeId]: role },
          everywhere: null,
        },
      }),
    peek(header) {
      const cookie = header('cookie');
      const token = deviceKeyIn(header('authorization')) ?? tokenOf(cookie, true) ?? tokenOf(cookie, false);
      return (token && cache.peek(hashToken(token))?.value) || undefined;
    },
    changed: (tokenHash) => cache.invalidate(tokenHash),
  };
}
