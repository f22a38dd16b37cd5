import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between Matjip and a service, and swallows what some connections carry, as a line does that leads nowhere. */
export interface StallingProxy {
  readonly url: string;
  /**
   * From now on nothing more gets through on the connections that are open and on which the client has said this word, and none of
   * them is closed. New ones work.
   * @param way `in`: only what comes from the service is swallowed, so that what is said still arrives
   * @returns how many
   */
  stall(word: string, way?: 'both' | 'in'): number;
}

interface Line {
  /** Words of the past that are asked for are few and come early. */
  said: string;
  stalled: 'no' | 'both' | 'in';
}

const SAID_MAX = 64 * 1024;

/** @param serviceUrl where it leads to */
export async function startStallingProxy(
  t: { after(hook: () => Promise<void>): void },
  serviceUrl: string,
): Promise<StallingProxy> {
  const target = new URL(serviceUrl);
  const sockets = new Set<Socket>();
  const lines = new Set<Line>();

  const server = createServer((client) => {
    const service = connect(Number(target.port), target.hostname);
    const line: Line = { said: '', stalled: 'no' };
    lines.add(line);
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.setNoDelay().on('error', () => {});
    }
    client.on('data', (data) => {
      if (line.said.length < SAID_MAX) line.said += data.toString('latin1').toLowerCase();
      if (line.stalled !== 'both') service.write(data);
    });
    service.on('data', (data) => {
      if (line.stalled === 'no') client.write(data);
    });
    client.on('close', () => {
      lines.delete(line);
      service.destroy();
    });
    service.on('close', () => {
      if (line.stalled === 'no') client.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const url = new URL(serviceUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    stall(word, way = 'both') {
      const matching = [...lines].filter((line) => line.said.includes(word.toLowerCase()));
      for (const line of matching) line.stalled = way;
      return matching.length;
    },
  };
}
