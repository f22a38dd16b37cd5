/** What a rung runs on: one server, or nodes behind nginx with a Redis, all started and ended here. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rung } from '../ladder/rung.ts';
import { databaseAddress } from '../truth/database-reads.ts';
import { type Child, startChild } from './child.ts';
import { freePort, type RehearsedServer, startServer } from './server.ts';

const DEPLOY = join(import.meta.dirname, '../../deploy/nginx');
const PROGRAM_FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
const LISTENS_WITHIN_MS = 20_000;
const LISTENS_EVERY_MS = 50;
const STOP_WITHIN_MS = 10_000;
/** Nodes that share guests must share the key that their tokens are signed with. Of nobody's use outside. */
const SECRET = 'rehearsal-secret-that-two-nodes-share-0123456789';

/**
 * Starts what the rung needs in this home. Its `url` is where the crowd goes: nginx where there is one.
 * @throws Error in one line when a program is missing or does not come up; nothing is left running then
 */
export async function startSite(
  home: string,
  { switches, site }: Pick<Rung, 'switches' | 'site'>,
  signal: AbortSignal,
): Promise<RehearsedServer> {
  if (!site) return startServer(home, switches, signal);
  const ends: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const program = async (name: string, args: readonly string[]): Promise<Child> => {
      const child = await startChild(findProgram(name), args, { env: process.env });
      ends.push(() => child.stop(STOP_WITHIN_MS));
      return child;
    };
    const pids: number[] = [];
    let shared: Record<string, string> = { ...switches, TRUST_PROXY: 'loopback' };
    if (site.redis) {
      const port = await freePort();
      const args = ['--bind', '127.0.0.1', '--port', `${port}`, '--save', '', '--appendonly', 'no'];
      const redis = await program('redis-server', args);
      pids.push(redis.pid);
      await untilListening(redis, 'redis-server', port, signal);
      shared = { ...shared, REDIS_URL: `redis://127.0.0.1:${port}` };
    }
    const nodes = await startNodes(home, site.nodes, shared, signal);
    ends.push(...nodes.map((node) => () => node.stop()));
    const [first] = nodes as [RehearsedServer];
    const port = await freePort();
    const conf = writeNginx(join(home, 'nginx'), port, nodes);
    const nginx = await program('nginx', ['-c', conf, '-g', 'daemon off;']);
    pids.push(nginx.pid);
    await untilListening(nginx, 'nginx', port, signal);
    const more = [...nodes.slice(1).map(({ pid }) => pid), ...pids];
    return {
      ...first,
      url: `http://127.0.0.1:${port}`,
      metricsUrls: nodes.map(({ url }) => url),
      morePids: more,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Nodes that share guests and one database, which lies in the first one's home; the others come to it as to any other.
 * @throws as {@link startServer}; none is left running then
 */
export async function startNodes(
  home: string,
  count: number,
  switches: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RehearsedServer[]> {
  const nodes: RehearsedServer[] = [];
  try {
    for (let node = 1; node <= count; node++) {
      const own = node === 1 ? home : join(home, `node-${node}`);
      const database = node === 1 ? {} : { DATABASE_URL: databaseAddress(home) };
      nodes.push(await startServer(own, { ...switches, SECRET, ...database }, signal));
    }
    return nodes;
  } catch (error) {
    for (const node of nodes.reverse()) await node.stop();
    throw error;
  }
}

/** The example as it is shipped, with these nodes, this port and folders of its own. */
function writeNginx(folder: string, port: number, nodes: readonly RehearsedServer[]): string {
  mkdirSync(folder, { recursive: true });
  const shipped = (name: string): string => readFileSync(join(DEPLOY, name), 'utf8');
  const fill = (text: string, from: string, to: string): string => {
    if (!text.includes(from)) throw new Error(`deploy/nginx has no "${from}" to put this machine's into.`);
    return text.replaceAll(from, to);
  };
  const example = shipped('matjip.conf');
  // Whatever files of nodes it includes: menus may have their own.
  for (const [, name] of example.matchAll(/^\s*include (\S+\.conf);/gm)) {
    const lines = nodes.map(({ url }) => fill(shipped(name!), '127.0.0.1:3000', new URL(url).host));
    writeFileSync(join(folder, name!), lines.join('\n'));
  }
  const listening = fill(example, 'listen 8080 ', `listen 127.0.0.1:${port} `);
  const site = fill(listening, '/var/cache/nginx/matjip', `${folder}/cache`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join(' ');
  const conf = join(folder, 'nginx.conf');
  const isRoot = process.getuid?.() === 0;
  writeFileSync(
    conf,
    `${isRoot ? 'user root;' : ''} pid ${folder}/nginx.pid; error_log ${folder}/error.log warn; worker_processes auto; worker_rlimit_nofile 20000;
events { worker_connections 9000; } http { access_log off; ${temporary} ${site} }\n`,
  );
  return conf;
}

/** @throws Error that says what to install */
function findProgram(name: string): string {
  const folders = [...(process.env.PATH ?? '').split(':'), ...PROGRAM_FOLDERS].filter(Boolean);
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (!found) throw new Error(`${name} is not installed, and this rung needs it (Debian: apt-get install ${name}).`);
  return found;
}

async function untilListening(child: Child, name: string, port: number, signal: AbortSignal): Promise<void> {
  const { connect } = await import('node:net');
  const opens = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  const deadline = Date.now() + LISTENS_WITHIN_MS;
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  while (!(await opens())) {
    if (ended || Date.now() > deadline) {
      throw new Error(
        `${name} did not come up: ${child.said().split('\n').slice(-3).join(' | ') || 'it said nothing'}`,
      );
    }
    await delay(LISTENS_EVERY_MS, undefined, { signal });
  }
}
