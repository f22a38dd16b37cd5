import { BOUNDS, type Config } from '../config.ts';
import { createProblemPage, readablePage, WEB_FOLDER } from '../pages/index.ts';
import { createPublicAddress } from '../platform/http/addresses/public-address.ts';
import { strictTransport } from '../platform/http/answer/strict-transport.ts';
import { boundConnections } from '../platform/http/connections/connection-bounds.ts';
import { apiDocs } from '../platform/http/operations/api-docs.ts';
import { healthRoutes } from '../platform/http/operations/health.ts';
import { separateOperations } from '../platform/http/operations/ops-port.ts';
import { timeRequests } from '../platform/http/operations/request-times.ts';
import { createClientOf, trustProxies } from '../platform/http/request/client-of.ts';
import { createKeyOf } from '../platform/http/request/idempotency-key.ts';
import { createHttpServer } from '../platform/http/server.ts';
import { createEventStreams } from '../platform/live/event-streams.ts';
import { endWithSessions, holdToPermissions } from '../staff/index.ts';
import type { Access } from './access.ts';
import type { Caches } from './caches.ts';
import type { AppParts } from './parts.ts';
import type { Platform } from './platform.ts';

/** The server to which rooms add their routes, and its streams. */
export type Http = Awaited<ReturnType<typeof openHttp>>;

/** Opens it, with all that holds for every request; it does not listen yet. `built` closes it. */
export async function openHttp(
  config: Config,
  { streamPlaces }: Pick<AppParts, 'streamPlaces'>,
  { log, metrics, traces, db, checks, now }: Platform,
  { stores }: Caches,
  { access, sessions, tickets, isSecure }: Access,
  built: AsyncDisposableStack,
) {
  const trustProxy = trustProxies(config.trustProxy);
  const clientOf = createClientOf(trustProxy);
  /** Undefined: clients are not told apart. */
  const limitedClientOf = config.limits === 'on' ? clientOf : undefined;
  const http = createHttpServer({
    logger: log,
    bodyBytesMax: BOUNDS.bodyBytesMax,
    requestTimeoutMs: BOUNDS.requestTimeoutMs,
    closeWithinMs: BOUNDS.closeWithinMs,
    problems: metrics.problems,
    slowHeads: BOUNDS.slowHeads,
    trustProxy,
    rewriteUrl: readablePage,
    personPage: createProblemPage(WEB_FOLDER),
  });
  boundConnections(http.server, BOUNDS.connections, { isProxy: trustProxy, clientOf: limitedClientOf, log });
  built.defer(() => http.close());
  const streamBounds = { ...BOUNDS.streams, ...(streamPlaces && { places: streamPlaces }) };
  const opened = createEventStreams(streamBounds, limitedClientOf);
  const streams = endWithSessions(opened, sessions, BOUNDS.streams.sessionsEveryMs);
  built.defer(async () => streams.close());
  metrics.streams.watch(() => streams.count);
  timeRequests(http, metrics.requests);
  traces?.followRequests(http);
  strictTransport(http, isSecure);
  holdToPermissions(http, stores, access, sessions, tickets);
  const opsPort = config.opsPort === undefined ? undefined : separateOperations(http, BOUNDS.opsPort);
  await apiDocs(http);
  healthRoutes(http, db.staff, metrics, checks);
  return {
    http,
    streams,
    opsPort,
    trustProxy,
    clientOf,
    limitedClientOf,
    address: createPublicAddress(config),
    keyOf: createKeyOf(now, BOUNDS.keyClockSkewMs),
  };
}
