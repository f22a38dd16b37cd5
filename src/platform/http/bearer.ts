import type { FastifyRequest } from 'fastify';

/** A key as it comes: in the header, and never in an address, which logs, histories and screenshots keep. */
export function bearerOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  return authorization?.startsWith('Bearer ') ? authorization.slice(7) : undefined;
}

/**
 * A guest's token of their own order or place: in the header, or in the address, where EventSource can set no header. It opens one thing
 * for as long as that lasts; what opens a store comes as a stream ticket there.
 */
export function guestTokenOf(request: FastifyRequest): string | undefined {
  return bearerOf(request) ?? (request.query as { token?: string }).token;
}
