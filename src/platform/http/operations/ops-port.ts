import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import type { HttpServer } from '../server.ts';

/** For those who run it, by the paths of the routes themselves: however a request writes an address, it leads to one of these or not. */
const OPERATIONS = /^\/(metrics|readyz|ops|docs(\/.*)?|api\/openapi\.json|api\/v1\/(ops|batch|jobs\/.*))$/;
/** On both: whether it lives, and what the engineers' page is made of. */
const ON_BOTH = /^\/(healthz|assets\/.*)$/;

export interface OpsPortBounds {
  /** Those who run it are few; more at once is somebody who found the port. */
  readonly connectionsMax: number;
  /** The head of a request must have come within this. */
  readonly headersTimeoutMs: number;
}

export interface OpsPort {
  /** Call it when the server is ready. @returns its address */
  listen(at: { readonly port: number; readonly host: string; readonly exclusive: boolean }): Promise<string>;
}

/**
 * Takes operations from the port that guests reach to one of their own, which a firewall can close: each of the two answers 404 for what
 * is the other's. Call it before the first route is added.
 */
export function separateOperations(http: HttpServer, bounds: OpsPortBounds): OpsPort {
  const connected = new WeakSet<Socket>();
  http.addHook('onRoute', (route) => {
    if (ON_BOTH.test(route.url)) return;
    const isOperation = OPERATIONS.test(route.url);
    const check = (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
      const isHere = connected.has(request.raw.socket) === isOperation;
      done(isHere ? undefined : new Problem('not-found', { detail: 'There is nothing at this address.' }));
    };
    route.onRequest = [check, ...[route.onRequest ?? []].flat()];
  });
  const server = createServer({ headersTimeout: bounds.headersTimeoutMs }, (request, response) =>
    http.routing(request, response),
  );
  server.maxConnections = bounds.connectionsMax;
  server.on('connection', (socket) => connected.add(socket));
  http.addHook('preClose', async () => void server.close());
  http.addHook('onClose', async () => server.closeAllConnections());
  return {
    async listen({ port, host, exclusive }) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen({ port, host, exclusive }, resolve);
      });
      const { port: found } = server.address() as AddressInfo;
      return `http://${host.includes(':') ? `[${host}]` : host}:${found}`;
    },
  };
}
