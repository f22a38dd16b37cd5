import cluster from 'node:cluster';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { checkAddress } from './check-address.ts';

export interface ListenOptions {
  readonly port: number;
  readonly host: string;
  readonly exclusive: boolean;
}

/** More would be asked in vain at each turn of a quiet process; fewer, and a crowd of new connections waits for a full one. */
const ACCEPTORS = 16;

/**
 * libuv accepts one connection of a listening socket a turn of the event loop (1.52). A full process turns twenty times a second, so a
 * crowd that comes anew, or comes back after a time-out, would wait for minutes at its door. More sockets on the same port take as
 * many a turn; the kernel spreads who comes over them (SO_REUSEPORT, Linux 3.9). Workers need none: the first process accepts for them.
 *
 * @param server listens, with `reusePort`
 * @returns closes the others: nobody new is let in, and it resolves when those whom they let in have gone
 */
export async function openAcceptors(server: Server, port: number, host: string): Promise<() => Promise<void>> {
  const others = Array.from({ length: ACCEPTORS - 1 }, () =>
    createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket)),
  );
  await Promise.all(
    others.map(
      (other) =>
        new Promise<void>((resolve, reject) => {
          other.once('error', reject).listen({ port, host, reusePort: true }, resolve);
        }),
    ),
  );
  return async () => {
    await Promise.all(others.map((other) => new Promise((resolve) => other.close(resolve))));
  };
}

/** Listens, with acceptors where this process accepts for itself. Call it when all hooks are there. @returns its address */
export async function listen(http: FastifyInstance, options: ListenOptions): Promise<string> {
  if (cluster.isWorker || process.platform !== 'linux') return http.listen(options);
  let close: (() => Promise<void>) | undefined;
  let closed: Promise<void> | undefined;
  http.addHook('preClose', async () => {
    closed = close?.();
  });
  http.addHook('onClose', async () => closed);
  // Whoever shares a port is not told that another process has it.
  if (options.port !== 0) await checkAddress(options.host, options.port);
  const url = await http.listen({ ...options, reusePort: true } as ListenOptions);
  close = await openAcceptors(http.server, (http.server.address() as AddressInfo).port, options.host);
  return url;
}
