import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ADMIN_KEY, SECRET } from './app.ts';
import { type Client, createClient } from './client.ts';
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
  /** @returns its exit code, or null when a signal ended it */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/**
 * @param env switches as in the environment; also `WITH_JOBS=yes` and `ONE_BY_ONE=yes`
 * @param t it is killed at the end of this
 */
export async function startApiProcess(
  t: Lifetime,
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ApiProcess> {
  const child: ChildProcess = spawn(process.execPath, [SCRIPT], {
    env: { ...process.env, PORT: '0', DATABASE_URL: databaseUrl, SECRET, ADMIN_KEY, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const first = await Promise.race([
    once(createInterface({ input: child.stdout! }), 'line') as Promise<[string]>,
    ended.then(([code]) => Promise.reject(new Error(`The API process ended with ${code}: ${said}`))),
  ]);
  const { url } = JSON.parse(first[0]) as { url: string };
  const client = createClient(url);
  const kill = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const [code] = await ended;
    return code;
  };
  const close = async () => {
    await client.close();
    await kill('SIGKILL');
  };
  atEndOf(t, close);
  atEnd(close);
  return {
    url,
    client,
    pid: child.pid!,
    complaints: () => said.split('\n').filter((line) => line.startsWith('{')),
    kill,
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
