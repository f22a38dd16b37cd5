import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, startChild } from './child.ts';

export interface RehearsedServer {
  readonly url: string;
  readonly adminKey: string;
  readonly pid: number;
  /** Processes of the site beside it: further nodes, nginx, Redis. */
  readonly morePids?: readonly number[];
  /** Every node itself, where the crowd's address is something in front of them. */
  readonly metricsUrls?: readonly string[];
  /** Where its database and keys are. */
  readonly home: string;
  /** The end of what it said, for a person to read when it failed. */
  lastWords(): string;
  stop(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '../../src/main.ts');
/** The first start makes the database and the demo stores. */
const READY_WITHIN_MS = 120_000;
const READY_EVERY_MS = 50;
const STOP_WITHIN_MS = 30_000;
/** Of nobody's use outside: the server listens on this machine only, for a minute. */
const ADMIN_KEY = 'rehearsal-owner-key';

/** What would lead the server to somebody's real data, or to a switch that the rung does not name. */
const OURS =
  /^(DATABASE_.*|REDIS_URL|CACHE_.*|CACHE|PORT|HOST|WORKERS|SECRET|ADMIN_KEY|INTAKE|EFFECTS|ROLLUP|LIMITS|OVERLOAD|TRUST_PROXY|LOG_LEVEL|MATJIP_.*)$/;

/** This process's environment without anything that Matjip reads. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));
}

/**
 * Starts Matjip as a process of its own, with nothing of the caller's switches, and waits until it is ready.
 * @throws Error with the server's own last words when it ends or is not ready in time; AbortError when told to stop
 */
export async function startServer(
  home: string,
  switches: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RehearsedServer> {
  const port = await freePort();
  const env = {
    ...cleanEnvironment(),
    LOG_LEVEL: 'warn',
    // One address is the whole crowd.
    LIMITS: 'off',
    ...switches,
    MATJIP_HOME: home,
    PORT: String(port),
    HOST: '127.0.0.1',
    ADMIN_KEY,
  };
  const child = await startChild(process.execPath, [MAIN, 'serve', '--demo'], { env });
  try {
    const url = `http://127.0.0.1:${port}`;
    await untilReady(child, url, signal);
    return {
      url,
      adminKey: ADMIN_KEY,
      pid: child.pid,
      home,
      lastWords: () => lastLines(child.said()),
      stop: () => child.stop(STOP_WITHIN_MS),
    };
  } catch (error) {
    await child.stop(STOP_WITHIN_MS);
    throw error;
  }
}

async function untilReady(child: Child, url: string, signal: AbortSignal): Promise<void> {
  let ended: number | undefined;
  void child.exited.then((code) => {
    ended = code;
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    if (ended !== undefined) throw new Error(`The server ended with code ${ended}: ${lastLines(child.said())}`);
    if (Date.now() > deadline) throw new Error(`The server was not ready in time: ${lastLines(child.said())}`);
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await delay(READY_EVERY_MS, undefined, { signal });
  }
}

const lastLines = (text: string): string => text.split('\n').slice(-3).join(' | ') || 'it said nothing';

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
