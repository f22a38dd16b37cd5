import type { FastifyRequest } from 'fastify';

/** The key in an Authorization header, whose scheme may be written in any case (RFC 9110 §11.1). */
export const bearerIn = (authorization: string | undefined): string | undefined =>
  authorization && BEARER.test(authorization) ? authorization.slice(7).trimStart() : undefined;

const BEARER = /^bearer /i;

/** A key as it comes: in the header, and never in an address, which logs, histories and screenshots keep. */
export const bearerOf = ({ headers: { authorization } }: FastifyRequest): string | undefined => bearerIn(authorization);

/**
 * A guest's token of their own order or place: in the header, or in the address, where EventSource can set no header. It opens one thing
 * for as long as that lasts; what opens a store comes as a stream ticket there.
 */
export function guestTokenOf(request: FastifyRequest): string | undefined {
  return bearerOf(request) ?? (request.query as { token?: string }).token;
}
