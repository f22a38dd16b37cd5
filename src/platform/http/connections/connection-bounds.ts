import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createFairShares, type Holders } from '../../concurrency/fair-shares.ts';
import { throttleLog } from '../../telemetry/log-throttle.ts';
import type { ClientOf, TrustProxy } from '../request/client-of.ts';

export interface ConnectionBounds {
  /** Open connections of one process, streams not counted: they have bounds of their own. */
  readonly connectionsMax: number;
  /** How much of what is still free one client may have; see `fair-shares.ts`. */
  readonly clientShare: number;
}

export interface ConnectionDeps {
  /** Peers that bring other people's requests are no clients, and have no bound of their own. */
  readonly isProxy: TrustProxy;
  /** Undefined: clients are not told apart. */
  readonly clientOf: ClientOf | undefined;
  readonly log: { warn(details: object): void };
}

const SAY_EVERY_MS = 10_000;
/** Each look costs a walk over all connections. */
const MAKE_ROOM_EVERY_MS = 1_000;

/**
 * Bounds the connections of a server, in all and for each client; past a bound the connection is reset before a byte of it is read.
 * Where all are taken, those that rest between requests are closed, as they cost their owners a handshake and no answer. Requests
 * that come too slowly are the server's own time-outs' business. A connection that became an event stream counts as closed here: that
 * is what its stream tells the server.
 */
export function boundConnections(server: Server, bounds: ConnectionBounds, deps: ConnectionDeps): void {
  const places = createFairShares({ placesMax: bounds.connectionsMax, shares: { client: bounds.clientShare } });
  const say = throttleLog(SAY_EVERY_MS);
  let madeRoomAtMs = Number.NEGATIVE_INFINITY;

  function makeRoom(): void {
    const nowMs = performance.now();
    if (nowMs - madeRoomAtMs < MAKE_ROOM_EVERY_MS) return;
    madeRoomAtMs = nowMs;
    server.closeIdleConnections();
  }

  // Before the server's own listener, which makes a parser for it.
  server.prependListener('connection', (socket: Socket) => {
    const peer = socket.remoteAddress ?? '';
    const isClient = deps.clientOf !== undefined && !deps.isProxy(peer, 0);
    const holders: Holders<'client'> = isClient ? { client: deps.clientOf!({ socket, headers: {} }) } : {};
    if (places.take(holders)) {
      socket.once('close', () => places.giveBack(holders));
      return;
    }
    if (places.taken >= bounds.connectionsMax) makeRoom();
    say((times) => deps.log.warn({ message: 'Connections were refused.', times, open: places.taken, last: peer }));
    socket.resetAndDestroy();
  });
}
