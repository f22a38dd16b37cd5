import type { FastifyRequest } from 'fastify';

/** A key or a token as it comes: in the header, or in the address where EventSource can set no header. */
export function bearerOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header?.startsWith('Bearer ')) return header.slice(7);
  return (request.query as { token?: string }).token;
}
