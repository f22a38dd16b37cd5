import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { atEndOf, type Lifetime } from '../support/lifetime.ts';

/** Where a connection is cut: the database never hears of the COMMIT, or has done it and is not heard. */
export type Cut = 'before-commit' | 'after-commit';

/** Stands between the app and Postgres and cuts a connection in the middle of a COMMIT. */
export interface CuttingProxy {
  readonly url: string;
  /** The next so many transactions in which `statement` was run lose their connection. */
  arm(cut: Cut, statement: string, times?: number): void;
  readonly cuts: number;
}

/** @param databaseUrl where it leads to */
export async function startCuttingProxy(t: Lifetime, databaseUrl: string): Promise<CuttingProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let armed: { cut: Cut; statement: string; times: number } | undefined;
  let cuts = 0;

  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    let doomed = false;
    let ran = false;
    const cut = () => {
      cuts += 1;
      client.destroy();
      database.destroy();
    };
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.setNoDelay().on('error', () => {});
    }
    client.on('data', (data) => {
      if (armed && data.includes(armed.statement)) ran = true;
      const commits = data.includes('COMMIT\0');
      if (commits && ran && armed && armed.times > 0) {
        armed.times -= 1;
        if (armed.cut === 'before-commit') return cut();
        doomed = true;
      }
      if (commits) ran = false;
      database.write(data);
    });
    database.on('data', (data) => {
      if (!doomed) client.write(data);
      else if (data.includes('COMMIT\0')) cut();
    });
    client.on('close', () => database.destroy());
    database.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEndOf(t, async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    arm: (cut, statement, times = 1) => {
      armed = { cut, statement, times };
    },
    get cuts() {
      return cuts;
    },
  };
}
