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
import { throttleLog } from '../telemetry/log-throttle.ts';
import { SECURITY_HEADERS } from './answer/security-headers.ts';
import { createSerializerCompiler } from './answer/serialization.ts';
import { answerClientError, refuseExpectations } from './connections/client-errors.ts';
import { KEEP_ALIVE_GRACE_MS, KEEP_ALIVE_MS } from './fast-path/wire-answer.ts';
import { invalidField, Problem } from './problem.ts';
import type { TrustProxy } from './request/client-of.ts';
import { readJsonBodies } from './request/json-body.ts';
import { createValidatorCompiler } from './request/validation.ts';
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
  /** When it closes, requests under way get so long to end; whoever only holds a connection is cut off then. */
  readonly closeWithinMs: number;
  /** Told of each problem that is answered, by its type, and of each request that was broken off. */
  readonly problems: ProblemCounts;
  /** Unset: Node's own, which looks for slow ones every half minute. */
  readonly slowHeads?: {
    /** A request's head must have come within this, from when its connection was opened. */
    readonly headersTimeoutMs: number;
    /** How often slow ones are looked for, so how much longer than they may they can take. */
    readonly checkEveryMs: number;
  };
  /** Unset: no proxy is trusted. */
  readonly trustProxy?: TrustProxy;
  /** What the router is given in the place of an address. */
  readonly rewriteUrl?: (url: string) => string;
  /** Unset: every problem is answered as one, whoever asks. */
  readonly personPage?: PersonPage | undefined;
}

/** What a person with a browser is shown instead of a problem's JSON; undefined where that is the answer for them, too. */
export type PersonPage = (
  problem: Problem,
  request: FastifyRequest,
) => { readonly headers: Readonly<Record<string, string>>; readonly html: string } | undefined;

export interface ProblemCounts {
  counted(type: string): void;
}

/** Seconds between two lines about the same thing; the metrics have all of it. */
const SAY_EVERY_MS = 10_000;

/**
 * What is logged of an answer. A fault of ours: each, as an error. A dependency that is away: once in a while, as a warning, for
 * `/readyz` says it too. That it is full is no fault at all, and what a client did wrong is the client's.
 */
function createProblemLog(logger: FastifyBaseLogger) {
  const away = throttleLog(SAY_EVERY_MS);
  const full = throttleLog(SAY_EVERY_MS);
  return (problem: Problem, request: FastifyRequest): void => {
    if (problem.status < 500) return;
    const cause = problem.cause instanceof Error ? problem.cause : problem;
    const line = {
      type: problem.type,
      method: request.method,
      path: request.url.split('?')[0],
      reason: cause.message,
    };
    if (problem.type === 'busy') full((times) => logger.info({ ...line, times }));
    else if (problem.type === 'unavailable') away((times) => logger.warn({ ...line, times }));
    else {
      logger.error(line);
      logger.debug({ stack: cause.stack });
    }
  };
}

/** A NUL is in no name of ours, and Postgres cannot hold it. @throws Problem `not-found`, or `invalid` with the parameter */
function checkAddress(request: FastifyRequest, reply: FastifyReply): void {
  const { url, query } = request;
  if (url.includes('%00') || url.includes('\0')) {
    const wrong = Object.entries(query as object).find(([, value]) => String(value).includes('\0'));
    if (wrong) throw invalidField(wrong[0], 'has a character that cannot be stored', 'text without U+0000');
    throw new Problem('not-found', { detail: 'There is nothing at this address.' });
  }
  if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
    // Nobody knows for whom else this connection is (RFC 9112 §3.2): as Node does by itself, it is not gone on with.
    reply.header('connection', 'close');
    throw new Problem('malformed-request', {
      fields: [{ field: 'Host', problem: 'is missing', allowed: 'the name of this server' }],
    });
  }
}

/** A Fastify server that answers every error as a problem of the closed list, and logs only what is ours to mend. */
export function createHttpServer({
  logger,
  bodyBytesMax,
  requestTimeoutMs,
  closeWithinMs,
  problems,
  slowHeads,
  trustProxy,
  rewriteUrl,
  personPage,
}: HttpServerOptions): HttpServer {
  const say = createProblemLog(logger);
  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    // Nobody hears the answer: a phone in a lift is no fault of ours, whatever the broken body looked like.
    if (request.raw.destroyed && !request.raw.complete) {
      problems.counted('aborted');
      return reply.code(400).send();
    }
    // A route that takes files has a bound of its own; what never reached a route has none.
    const problem = toProblem(error, request.routeOptions?.bodyLimit ?? bodyBytesMax);
    problems.counted(problem.type);
    say(problem, request);
    if (problem.retryAfterS !== undefined) reply.header('retry-after', String(problem.retryAfterS));
    // What the router cannot read never comes by the hook below.
    reply.code(problem.status).headers(SECURITY_HEADERS);
    const page = personPage?.(problem, request);
    if (page) return reply.headers(page.headers).type('text/html; charset=utf-8').send(page.html);
    return reply.type('application/problem+json').send(JSON.stringify(problem.toBody()));
  };

  const http = Fastify({
    loggerInstance: logger,
    // One line for each request costs more than answering it from the cache; what is wrong is logged below.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    ...(trustProxy && { trustProxy }),
    ...(rewriteUrl && { rewriteUrl: ({ url = '' }: IncomingMessage) => rewriteUrl(url) }),
    routerOptions: { maxParamLength: 200 },
    // While it closes, what still comes over a kept-alive connection is served, and told to connect elsewhere next time.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, problems.counted),
    // Answered below, in words.
    http: {
      requireHostHeader: false,
      ...(slowHeads && {
        headersTimeout: slowHeads.headersTimeoutMs,
        connectionsCheckingInterval: slowHeads.checkEveryMs,
      }),
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  http.server.keepAliveTimeoutBuffer = KEEP_ALIVE_GRACE_MS;
  http.setValidatorCompiler(createValidatorCompiler());
  http.setSerializerCompiler(createSerializerCompiler());
  // A page of somebody else's may send text/plain without being asked first; here only JSON is read.
  readJsonBodies(http as unknown as HttpServer);
  refuseExpectations(http.server, problems.counted);

  http.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    checkAddress(request, reply);
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

  http.addHook('preClose', async () => {
    // A connection that is busy when the closing begins falls idle later; it must not hold the process for a minute then.
    http.server.keepAliveTimeout = 1;
    http.server.keepAliveTimeoutBuffer = 0;
    // One that never said anything, or only half of something, would hold it for as long as it likes.
    setTimeout(() => http.server.closeAllConnections(), closeWithinMs).unref();
  });

  http.setErrorHandler(answerError);

  http.setNotFoundHandler((request) => {
    throw new Problem('not-found', { detail: `There is nothing at ${request.method} ${request.url.slice(0, 200)}.` });
  });

  return http as unknown as HttpServer;
}

/** For the API's description of routes that send ready text or bytes: what is in them, while the handler stays free. */
export const describeAnswer = (answers: Readonly<Record<number, object>>): unknown => answers;
