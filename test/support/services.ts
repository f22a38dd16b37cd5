import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { watch } from '../../src/platform/db/embedded/watchman.ts';
import { eventually } from './eventually.ts';
import { atEndOf, type Lifetime } from './lifetime.ts';
import { findProgram } from './programs.ts';

/** A real server in a folder of its own, on a loopback port given by the system. */
export interface Service {
  readonly port: number;
  readonly url: string;
  /** For tests that kill it, or freeze it by SIGSTOP. */
  readonly pid: number;
  /** Stops it and removes its folder. Done by itself at the end of its lifetime; doing it twice does no harm. */
  stop(): Promise<void>;
}

/**
 * A `redis-server` that keeps nothing on disk.
 * @param options more of its command line, for example `['--requirepass', 'secret', '--maxmemory', '2mb']`
 * @param port where to listen, for a test that brings a dead one back
 */
export function startRedis(t: Lifetime, options: readonly string[] = [], port?: number): Promise<Service> {
  const start = async (at: number): Promise<Command> => [
    findProgram('redis-server'),
    ['--bind', '127.0.0.1', '--port', `${at}`, '--save', '', '--appendonly', 'no', ...options],
  ];
  return startService(t, 'redis', start, port);
}

export interface RedisCluster {
  /** All three addresses, separated by commas. */
  readonly url: string;
  readonly nodes: readonly Service[];
  stop(): Promise<void>;
}

/** Three Redis masters that share the slots, as `redis-cli --cluster create` makes them. */
export async function startRedisCluster(t: Lifetime): Promise<RedisCluster> {
  const cli = findProgram('redis-cli');
  const run = async (...args: string[]) => (await promisify(execFile)(cli, args)).stdout;
  const nodes = await Promise.all(
    [0, 1, 2].map(async () => {
      // The nodes' own port is by default 10,000 above, which a port given by the system may not leave room for.
      const bus = String(await freePort());
      return startRedis(t, ['--cluster-enabled', 'yes', '--cluster-port', bus, '--cluster-node-timeout', '2000']);
    }),
  );
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await run('--cluster', 'create', ...addresses, '--cluster-yes');
  // Every node learns of the agreement on its own, and a client may meet any of them first.
  await eventually(
    async () => {
      const infos = await Promise.all(nodes.map(({ port }) => run('-p', `${port}`, 'cluster', 'info')));
      return infos.every((info) => info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3'));
    },
    `the Redis Cluster on ${addresses.join(', ')} agrees`,
  );
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())));
  return { url: nodes.map(({ url }) => url).join(','), nodes, stop };
}

/** A `memcached` of 64 MB. */
export function startMemcached(t: Lifetime, options: readonly string[] = [], port?: number): Promise<Service> {
  const account = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const start = async (at: number): Promise<Command> => [
    findProgram('memcached'),
    ['-l', '127.0.0.1', '-p', `${at}`, '-U', '0', '-m', '64', ...account, ...options],
  ];
  return startService(t, 'memcached', start, port);
}

/**
 * An `nginx` in the foreground.
 * @param config the text of its nginx.conf, given the port to listen on and a folder that it may write to; it sets
 *   neither `daemon` nor `pid` nor `user`
 */
export function startNginx(t: Lifetime, config: (port: number, folder: string) => string): Promise<Service> {
  const account = process.getuid?.() === 0 ? 'user root;' : '';
  return startService(t, 'http', async (port, folder): Promise<Command> => {
    const file = join(folder, 'nginx.conf');
    await writeFile(file, config(port, folder));
    const directives = `daemon off; pid ${join(folder, 'nginx.pid')}; ${account}`;
    return [findProgram('nginx'), ['-p', folder, '-c', file, '-e', join(folder, 'error.log'), '-g', directives]];
  });
}

/**
 * A `pgbouncer` as it is shipped, in front of one database.
 * @param own texts of the shipped file, and what stands there instead
 * @returns its `url` names that database through it
 */
export async function startPgbouncer(
  t: Lifetime,
  databaseUrl: string,
  own: Readonly<Record<string, string>> = {},
): Promise<Service> {
  const database = new URL(databaseUrl);
  const name = database.pathname.slice(1);
  const account = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const bouncer = await startService(t, 'postgres', async (port, folder): Promise<Command> => {
    // It reads the list of users again by itself, and no longer as root.
    await chmod(folder, 0o755);
    const users = join(folder, 'userlist.txt');
    await writeFile(users, `"${database.username}" "${decodeURIComponent(database.password)}"\n`);
    const file = join(folder, 'pgbouncer.ini');
    await writeFile(
      file,
      fill(await readFile(new URL('../../deploy/pgbouncer.ini', import.meta.url), 'utf8'), {
        '\nmatjip = host=127.0.0.1 port=5432 dbname=matjip ': `\n${name} = host=127.0.0.1 port=${database.port} dbname=${name} `,
        'listen_port = 6432': `listen_port = ${port}`,
        '/etc/pgbouncer/userlist.txt': users,
        ...own,
      }),
    );
    return [findProgram('pgbouncer'), [...account, file]];
  });
  const url = new URL(databaseUrl);
  url.port = String(bouncer.port);
  return { ...bouncer, url: url.href };
}

/** A shipped example with a test's own in each place of what it names. @throws Error for what it does not name */
export function fill(text: string, own: Readonly<Record<string, string>>): string {
  return Object.entries(own).reduce((filled, [from, to]) => {
    if (!filled.includes(from)) throw new Error(`The example lacks "${from}".`);
    return filled.replaceAll(from, () => to);
  }, text);
}

export type Command = readonly [program: string, args: readonly string[]];

/** Another process may take a free port before the program does; then it tries on another one. */
const PORT_TRIES_MAX = 5;

export async function startService(
  t: Lifetime,
  scheme: string,
  commandFor: (port: number, folder: string) => Promise<Command>,
  wantedPort?: number,
): Promise<Service> {
  for (let tries = 1; ; tries++) {
    const folder = await mkdtemp(join(tmpdir(), `matjip-${scheme}-`));
    const port = wantedPort ?? (await freePort());
    const [program, args] = await commandFor(port, folder);
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const lastWords = listen(child);
    const watchman = watch(child.pid!, 'TERM');
    const stop = async () => {
      watchman.dismiss();
      await end(child);
      await rm(folder, { recursive: true, force: true });
    };
    await eventually(async () => hasEnded(child) || (await accepts(port)), `${program} accepts`).catch(
      async (error) => {
        await stop();
        throw error;
      },
    );
    if (!hasEnded(child)) {
      atEndOf(t, stop);
      return { port, url: `${scheme}://127.0.0.1:${port}`, pid: child.pid!, stop };
    }
    await stop();
    if (tries === PORT_TRIES_MAX || !/in use/i.test(lastWords())) {
      throw new Error(`${program} ended at once: ${lastWords()}`);
    }
  }
}

const STOP_MAX_MS = 5_000;

/** Asks first, because a killed nginx leaves its workers behind; a frozen process hears nothing before it is woken. */
async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  child.kill('SIGCONT');
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS);
  await ended;
  clearTimeout(patience);
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** Keeps a process's output flowing and its last few lines at hand. */
function listen(child: ChildProcess): () => string {
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-2_000);
    });
  }
  return () => tail.trim().split('\n').slice(-5).join(' | ') || 'it said nothing';
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}

/** A loopback port that is free at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('No port is free on 127.0.0.1.');
  return address.port;
}
