import type { FastifyRequest } from 'fastify';
import { BOUNDS, type Config } from '../config.ts';
import { createGuestTokens } from '../platform/http/access/guest-tokens.ts';
import { createAccess, createIsSecure, createSessions, createStreamTickets } from '../staff/index.ts';
import { createTableKeys } from '../store/index.ts';
import type { Caches } from './caches.ts';
import type { AppParts } from './parts.ts';
import type { Platform } from './platform.ts';

/** Who somebody is: staff by session or key, guests by what was given to them with their order. */
export type Access = ReturnType<typeof openAccess>;

export function openAccess(
  config: Config,
  { secret, adminKey }: Pick<AppParts, 'secret' | 'adminKey'>,
  { db, now }: Platform,
  { sessionCache }: Caches,
) {
  const isSecure = createIsSecure(config.publicUrl);
  const sessions = createSessions(sessionCache, isSecure);
  const tickets = createStreamTickets({ db: db.staff, secret, now, livesS: BOUNDS.streamTicketS });
  const access = createAccess(adminKey, secret, sessions, tickets);
  /** What the logs call whoever does something. */
  const nameOf = (request: FastifyRequest): string => sessions.of(request)?.name ?? 'key';
  return {
    isSecure,
    sessions,
    tickets,
    access,
    nameOf,
    isStaff: (request: FastifyRequest, storeId: string): boolean => access.roleOf(request, storeId) !== undefined,
    actorOf: (request: FastifyRequest, storeId: string) => ({
      role: access.roleOf(request, storeId) ?? 'hall',
      name: nameOf(request),
    }),
    orderTokens: createGuestTokens(secret, 'order'),
    tableKeys: createTableKeys(secret),
  };
}
