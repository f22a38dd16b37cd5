import { fileURLToPath } from 'node:url';
import { startNode } from './child.ts';
import { type Client, createClient } from './client.ts';
import { ADMIN_KEY, SECRET } from './keys.ts';
import { atEndOf, type Lifetime } from './lifetime.ts';
import { atEnd } from './postgres.ts';

const SCRIPT = fileURLToPath(new URL('api-process.ts', import.meta.url));

/** A real API process beside this one, for tests that kill it or let several share a database. */
export interface ApiProcess {
  readonly url: string;
  readonly client: Client;
  readonly pid: number;
  /** The lines that it logged as errors so far. */
  complaints(): string[];
  /** All that it wrote: also the stack of what ended it. */
  said(): string;
  /** False as soon as it has ended, however. */
  lives(): boolean;
  /** Moves its clock ahead; its timers stay as they are. */
  passTime(ms: number): Promise<void>;
  /** @returns its exit code, or null when a signal ended it */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/**
 * @param env switches as in the environment; also `WITH_JOBS=yes`, and `PATIENT=no` where a test is about what is given up in time
 * @param t it is killed at the end of this
 */
export async function startApiProcess(
  t: Lifetime,
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ApiProcess> {
  const child = startNode(t, [SCRIPT], {
    env: {
      ...process.env,
      PORT: '0',
      OVERLOAD: 'off',
      PATIENT: 'yes',
      DATABASE_URL: databaseUrl,
      SECRET,
      ADMIN_KEY,
      ...env,
    },
  });
  const [, url] = await child.says(/"url":"([^"]+)"/);
  const client = createClient(url!);
  let gone = false;
  void child.ended.then(() => {
    gone = true;
  });
  let aheadMs = 0;
  const close = async () => {
    await client.close();
    await child.kill('SIGKILL');
  };
  atEndOf(t, close);
  atEnd(close);
  return {
    url: url!,
    client,
    pid: child.pid,
    said: child.said,
    lives: () => !gone,
    complaints: () =>
      child
        .said()
        .split('\n')
        .filter((line) => line.startsWith('{"level"')),
    async passTime(ms) {
      aheadMs += ms;
      child.tell(String(ms));
      await child.says(new RegExp(`ahead by ${aheadMs} ms`));
    },
    kill: child.kill,
  };
}

/** A database and several API processes on it. */
export async function startApiProcesses(
  t: Lifetime,
  databaseUrl: string,
  count: number,
  env?: Readonly<Record<string, string>>,
): Promise<ApiProcess[]> {
  return Promise.all(Array.from({ length: count }, () => startApiProcess(t, databaseUrl, env)));
}
