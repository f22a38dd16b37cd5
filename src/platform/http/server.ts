import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawServerDefault,
} from 'fastify';
import { composeTexts } from '../../contract/composed.ts';
import type { TrustProxy } from './client-of.ts';
import { Problem } from './problem.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { toProblem } from './to-problem.ts';

export type HttpServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface HttpServerOptions {
  readonly logger: FastifyBaseLogger;
  readonly bodyBytesMax: number;
  readonly requestTimeoutMs: number;
  /** Unset: no proxy is trusted. */
  readonly trustProxy?: TrustProxy;
  /** What the router is given in the place of an address. */
  readonly rewriteUrl?: (url: string) => string;
}

/** A Fastify server that answers every error as a problem of the closed list, and logs only what is ours to mend. */
export function createHttpServer({
  logger,
  bodyBytesMax,
  requestTimeoutMs,
  trustProxy,
  rewriteUrl,
}: HttpServerOptions): HttpServer {
  function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const problem = toProblem(error, bodyBytesMax);
    if (problem.status >= 500) {
      const cause = problem.cause instanceof Error ? problem.cause : problem;
      request.log.error({
        type: problem.type,
        method: request.method,
        path: request.url.split('?')[0],
        reason: cause.message,
      });
      if (problem.type === 'internal') request.log.debug({ stack: cause.stack });
    }
    if (problem.retryAfterS !== undefined) reply.header('retry-after', String(problem.retryAfterS));
    return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem.toBody()));
  }

  const http = Fastify({
    loggerInstance: logger,
    // One line for each request costs more than answering it from the cache; what is wrong is logged below.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 72_000,
    ...(trustProxy && { trustProxy }),
    ...(rewriteUrl && { rewriteUrl: ({ url = '' }: IncomingMessage) => rewriteUrl(url) }),
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true, useDefaults: false } },
    // While it closes, what still comes over a kept-alive connection is served, and told to connect elsewhere next time.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>();

  // A page of somebody else's may send text/plain without being asked first; here only JSON is read.
  http.removeContentTypeParser('text/plain');

  http.addHook('onRequest', async (_request, reply) => {
    reply.headers(SECURITY_HEADERS);
  });

  // Before anything is checked or counted: a text is the same however its letters were typed.
  http.addHook('preValidation', (request, _reply, done) => {
    request.body = composeTexts(request.body);
    composeTexts(request.params);
    composeTexts(request.query);
    done();
  });

  // So that whoever measures can tell our time from the way and the queue.
  http.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('server-timing', `total;dur=${reply.elapsedTime.toFixed(1)}`);
    done();
  });

  // A connection that is busy when the closing begins falls idle later; it must not hold the process for a minute then.
  http.addHook('preClose', async () => {
    http.server.keepAliveTimeout = 1;
  });

  http.setErrorHandler(answerError);

  http.setNotFoundHandler((request) => {
    throw new Problem('not-found', { detail: `There is nothing at ${request.method} ${request.url.slice(0, 200)}.` });
  });

  return http as unknown as HttpServer;
}

/** Answers a request for which everything lies ready. @returns false for any other, which it leaves alone */
export type AtHand = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Asks `atHand` before Fastify; what that answers never becomes a Fastify request. */
export function serveAtHandFirst(http: HttpServer, atHand: AtHand): void {
  const [handle] = http.server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  http.server.removeAllListeners('request');
  http.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // While it closes, Fastify also tells the client to connect elsewhere next time.
    if (!http.server.listening || !atHand(request, response)) handle!(request, response);
  });
}

/** For the API's description of routes that send ready text or bytes: what is in them, while the handler stays free. */
export const describeAnswer = (answers: Readonly<Record<number, object>>): unknown => answers;
