import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between Matjip and a service, and swallows what some connections carry, as a line does that leads nowhere. */
export interface StallingProxy {
  readonly url: string;
  /**
   * From now on nothing more gets through on the connections that are open and on which the client has said this word, and none of
   * them is closed. New ones work.
   * @param way `in`: only what comes from the service is swallowed, so that what is said still arrives; `both`: the service does not
   *   even hear that the client hangs up
   * @returns how many
   */
  stall(word: string, way?: 'both' | 'in'): number;
  /** The next connection on which the client says this word is stalled there and then, and the word swallowed. */
  stallAt(word: string): void;
  /** How many connections have been stalled. */
  readonly stalled: number;
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
  let stallAt: string | undefined;
  let stalled = 0;

  const server = createServer((client) => {
    const service = connect(Number(target.port), target.hostname);
    const line: Line = { said: '', stalled: 'no' };
    lines.add(line);
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.setNoDelay().on('error', () => {});
    }
    client.on('data', (data) => {
      const said = data.toString('latin1').toLowerCase();
      if (line.said.length < SAID_MAX) line.said += said;
      if (stallAt !== undefined && said.includes(stallAt)) {
        stallAt = undefined;
        stalled += 1;
        line.stalled = 'both';
      }
      if (line.stalled !== 'both') service.write(data);
    });
    service.on('data', (data) => {
      if (line.stalled === 'no') client.write(data);
    });
    client.on('close', () => {
      lines.delete(line);
      if (line.stalled !== 'both') service.destroy();
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
      stalled += matching.length;
      return matching.length;
    },
    stallAt(word) {
      stallAt = word.toLowerCase();
    },
    get stalled() {
      return stalled;
    },
  };
}
