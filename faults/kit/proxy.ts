import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { atEndOf, type Lifetime } from '../../test/support/lifetime.ts';

/** What becomes of a piece of what was said: it goes on, it does not, the line is cut for both, or something else goes on instead. */
export type Fate = 'pass' | 'swallow' | 'cut' | Buffer;

/** One connection through the proxy. */
export interface Line {
  /** What the client has said, in small letters; words that are asked for come early. */
  readonly said: string;
  /**
   * Nothing more gets through, and nothing is closed, as on a line that leads nowhere.
   * @param way `in`: only what comes from the service is swallowed, so that what is said still arrives (half open); `both`: the service
   *   does not even hear that the client hangs up (a black hole)
   */
  silence(way: 'in' | 'both'): void;
  /** Both sides hear a reset. */
  reset(): void;
}

/** Looks at what is said and decides. The first rule that does not let it pass has the word. */
export interface Rule {
  fromClient?(bytes: Buffer, line: Line): Fate;
  fromService?(bytes: Buffer, line: Line): Fate;
}

/** A TCP proxy that stands between Matjip and a service and is as bad as it is told to be. */
export interface TcpProxy {
  readonly url: string;
  readonly lines: ReadonlySet<Line>;
  readonly rules: Set<Rule>;
  /** Added to each way. */
  delayMs: number;
  /** Of each line and way; 0: as fast as it goes. */
  bytesPerSecond: number;
  /** False: new connections are accepted and lead nowhere. */
  leads: boolean;
  resetAll(): void;
}

const SAID_MAX = 64 * 1024;

/** @param serviceUrl where it leads to */
export async function startProxy(life: Lifetime, serviceUrl: string): Promise<TcpProxy> {
  const target = new URL(serviceUrl);
  const lines = new Set<Line>();
  const sockets = new Set<Socket>();
  const url = new URL(serviceUrl);

  const server = createServer((client) => {
    const service = connect(Number(target.port), target.hostname);
    let silent: 'no' | 'in' | 'both' = proxy.leads ? 'no' : 'both';
    const state = { said: '' };
    const reset = () => {
      client.resetAndDestroy();
      service.resetAndDestroy();
    };
    const line: Line = {
      get said() {
        return state.said;
      },
      silence(way) {
        silent = way;
      },
      reset,
    };
    lines.add(line);
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket
        .setNoDelay()
        .on('error', () => {})
        .on('close', () => sockets.delete(socket));
    }
    const [toService, toClient] = [slowed(proxy, service), slowed(proxy, client)];
    const decide = (way: 'fromClient' | 'fromService', bytes: Buffer): Fate => {
      for (const rule of proxy.rules) {
        const fate = rule[way]?.(bytes, line) ?? 'pass';
        if (fate !== 'pass') return fate;
      }
      return 'pass';
    };
    client.on('data', (bytes) => {
      if (state.said.length < SAID_MAX) state.said += bytes.toString('latin1').toLowerCase();
      const fate = decide('fromClient', bytes);
      if (fate === 'cut') return reset();
      if (silent !== 'both' && fate !== 'swallow') toService(fate === 'pass' ? bytes : fate);
    });
    service.on('data', (bytes) => {
      const fate = decide('fromService', bytes);
      if (fate === 'cut') return reset();
      if (silent === 'no' && fate !== 'swallow') toClient(fate === 'pass' ? bytes : fate);
    });
    client.on('close', () => {
      lines.delete(line);
      if (silent !== 'both') service.destroy();
    });
    service.on('close', () => {
      if (silent === 'no') client.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEndOf(life, async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  url.port = String((server.address() as AddressInfo).port);
  const proxy: TcpProxy = {
    url: url.href,
    lines,
    rules: new Set(),
    delayMs: 0,
    bytesPerSecond: 0,
    leads: true,
    resetAll() {
      for (const line of lines) line.reset();
    },
  };
  return proxy;
}

/**
 * Writes in order, each piece when it is due by the proxy's delay and rate. One clock at a time: of two that are due within the same
 * millisecond either may ring first, and what a line never does is to swap what was said on it.
 */
function slowed(proxy: Pick<TcpProxy, 'delayMs' | 'bytesPerSecond'>, socket: Socket): (bytes: Buffer) => void {
  let freeAtMs = 0;
  const pending: { readonly bytes: Buffer; readonly dueMs: number }[] = [];
  const writeNext = () => {
    socket.write(pending.shift()!.bytes);
    if (pending[0]) setTimeout(writeNext, Math.max(0, pending[0].dueMs - performance.now()));
  };
  return (bytes) => {
    if (pending.length === 0 && proxy.delayMs === 0 && proxy.bytesPerSecond === 0) return void socket.write(bytes);
    const sendingMs = proxy.bytesPerSecond > 0 ? (1_000 * bytes.length) / proxy.bytesPerSecond : 0;
    const nowMs = performance.now();
    freeAtMs = Math.max(freeAtMs, nowMs + proxy.delayMs) + sendingMs;
    pending.push({ bytes, dueMs: freeAtMs });
    if (pending.length === 1) setTimeout(writeNext, freeAtMs - nowMs);
  };
}
