import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '../server.ts';

/** A year, as browsers' lists ask for. Of this name alone: what else its owner runs below it is not ours to say. */
const STRICT_TRANSPORT = { 'strict-transport-security': 'max-age=31536000' } as const;

/** Has browsers that came over TLS come over nothing else. @param isSecure whether one did, by its connection or by a trusted proxy's word */
export function strictTransport(http: HttpServer, isSecure: (request: FastifyRequest) => boolean): void {
  http.addHook('onRequest', (request, reply, done) => {
    if (isSecure(request)) reply.headers(STRICT_TRANSPORT);
    done();
  });
}
