import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Client, createClient } from './client.ts';
import { eventually } from './eventually.ts';
import { ADMIN_KEY, SECRET } from './keys.ts';
import { atEndOf, type Lifetime } from './lifetime.ts';
import { readyHome } from './ready-home.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** `matjip serve` as a person starts it: the first process, its workers, and its Postgres where there is no other. */
export interface Served {
  readonly url: string;
  readonly client: Client;
  /** The first process. */
  readonly pid: number;
  readonly home: string;
  /** The processes that serve. */
  workers(): number[];
  /** Everything that was said. */
  said(): string;
  /** @returns the exit code */
  readonly ended: Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
}

/**
 * @param env unset `DATABASE_URL`: an embedded Postgres of its own
 * @param main of another version of Matjip
 */
export async function startServed(t: Lifetime, env: Readonly<Record<string, string>>, main = MAIN): Promise<Served> {
  const home = await readyHome();
  const child: ChildProcess = spawn(process.execPath, [main, 'serve'], {
    env: {
      ...process.env,
      PORT: '0',
      OVERLOAD: 'off',
      MATJIP_HOME: home,
      SECRET,
      ADMIN_KEY,
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = (once(child, 'exit') as Promise<[number | null]>).then(([code]) => code);
  atEndOf(t, async () => {
    // A frozen worker hears nothing before it is woken.
    for (const pid of childrenOf(child.pid!)) process.kill(pid, 'SIGCONT');
    child.kill('SIGTERM');
    await ended;
    await rm(home, { recursive: true, force: true });
  });
  const url = await eventually(() => {
    if (child.exitCode !== null) return '';
    return /stores {3}(http:\S+)\/\n/.exec(said)?.[1] ?? false;
  }, 'it serves');
  if (!url) throw new Error(`It ended with ${child.exitCode}: ${said}`);
  const client = createClient(url);
  atEndOf(t, () => client.close());
  return {
    url,
    client,
    pid: child.pid!,
    home,
    workers: () => childrenOf(child.pid!),
    said: () => said,
    ended,
    signal: (signal) => void child.kill(signal),
  };
}

/** The Node processes that this one started. */
function childrenOf(pid: number): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) => Number(parent) === pid && /node|MainThread/.test(name ?? ''))
    .map(([child]) => Number(child));
}
