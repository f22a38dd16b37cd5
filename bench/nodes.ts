import { readdirSync, readFileSync } from 'node:fs';
import { newId } from '../src/platform/id.ts';
import { nginxExample } from '../test/support/nginx-example.ts';
import { startNginx, startRedis } from '../test/support/services.ts';
import type { BenchDatabase } from './support/bench-database.ts';
import { usedUs } from './support/cpu.ts';
import { load, startServer } from './support/processes.ts';
import { type BenchRow, median } from './support/row.ts';

const MATJIP = new URL('support/matjip-server.ts', import.meta.url);
/** A quiet evening, and what a second node is bought for: groups are as large as there are guests who order at the same moment. */
const FEW_GUESTS = 32;
const MANY_GUESTS = 256;
const ROUNDS = 3;
const DURATION_MS = 3_000;

type Request = Parameters<typeof load>[0]['request'];

interface Site {
  readonly port: number;
  readonly nodes: readonly number[];
  /** The nodes and whatever stands before them. */
  readonly all: () => readonly number[];
}

/** An nginx that does nothing: what reading a request and answering it costs it at least. */
const nothing = (port: number): string =>
  `pcre_jit on; events { worker_connections 19000; } http { access_log off; keepalive_requests 10000000;
   server { listen 127.0.0.1:${port}; location / { return 200 "x"; } } }`;

/**
 * Two nodes behind the shipped nginx against one node alone, all with one Redis: what a request costs in processor time, for orders and
 * statuses, which reach a node each, and for menus, which nginx mostly answers. Costs do not depend on how many cores there are.
 */
export async function benchNodes(database: BenchDatabase): Promise<BenchRow[]> {
  const ends: (() => Promise<void>)[] = [];
  const lifetime = { after: (end: () => Promise<void>) => void ends.push(end) };
  try {
    const redis = await startRedis(lifetime);
    const start = async (jobs: 'on' | 'off') => {
      const server = await startServer(MATJIP, {
        DATABASE_URL: database.url,
        REDIS_URL: redis.url,
        CACHE: 'tiered',
        TRUST_PROXY: 'loopback',
        OVERLOAD: 'off',
        PORT: '0',
        BENCH_JOBS: jobs,
      });
      lifetime.after(() => server.stop());
      return server;
    };
    const [alone, a, b] = [await start('off'), await start('off'), await start('off')];
    const nginx = await startNginx(lifetime, nginxExample(`127.0.0.1:${a.port}`, `127.0.0.1:${b.port}`));
    const one: Site = { port: alone.port, nodes: [alone.pid], all: () => [alone.pid] };
    const two: Site = { port: nginx.port, nodes: [a.pid, b.pid], all: () => [a.pid, b.pid, ...treeOf(nginx.pid)] };

    const empty = await startNginx(lifetime, nothing);
    const floor: Site = { port: empty.port, nodes: [], all: () => treeOf(empty.pid) };

    const { store, itemIds } = await menuOf(alone.port);
    const order = { kind: 'order', path: `/api/v1/stores/${store}/orders`, itemIds } as const;
    const menu = { kind: 'get', path: `/api/v1/stores/${store}/menu`, headers: { 'accept-encoding': 'gzip' } } as const;
    // What runs for the first time runs slower, and of two nodes each has done half as much.
    for (const site of [one, two, two]) for (const request of [order, menu]) await costOf(site, request, MANY_GUESTS);
    const few = await pairs(one, two, order, FEW_GUESTS);
    const many = await pairs(one, two, order, MANY_GUESTS);
    const status = await pairs(one, two, await statusOf(alone.port, order), FEW_GUESTS);
    const menus = await pairs(one, two, menu, FEW_GUESTS);
    const least = await pairs(one, floor, menu, FEW_GUESTS);
    return [
      ...perCpuSecond(`orders of ${FEW_GUESTS} guests`, few),
      ...perCpuSecond(`orders of ${MANY_GUESTS} guests`, many),
      ...perCpuSecond('statuses', status),
      {
        what: 'nodes: CPU of a menu from the micro-cache',
        ours: `nginx and nodes ${us(menus.ours.all)}`,
        baseline: `Matjip ${us(menus.baseline)} a menu`,
        ratio: menus.ours.all / menus.baseline,
        goal: { atMost: 0.3 },
      },
      {
        what: 'nodes: CPU of an answer of nothing by nginx',
        ours: `nginx ${us(least.ours.all)}`,
        baseline: `Matjip ${us(least.baseline)} a menu`,
        ratio: least.ours.all / least.baseline,
      },
    ];
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

type Pairs = Awaited<ReturnType<typeof pairs>>;

const us = (value: number): string => `${value.toFixed(0)} µs`;

const perCpuSecond = (what: string, { ours, baseline }: Pairs): BenchRow[] => [
  {
    what: `nodes: ${what} a CPU second, the nodes’ own`,
    ours: `two nodes ${us(ours.nodes)} each`,
    baseline: `one node ${us(baseline)} each`,
    ratio: baseline / ours.nodes,
    goal: { atLeast: 0.9 },
  },
  {
    what: `nodes: ${what} a CPU second, with nginx’s`,
    ours: `two nodes and nginx ${us(ours.all)} each`,
    baseline: `one node ${us(baseline)} each`,
    ratio: baseline / ours.all,
  },
];

/** Microseconds of processor time a request, the middle of rounds that take turns. */
async function pairs(one: Site, two: Site, request: Request, guests: number) {
  const costs = { one: [] as number[], nodes: [] as number[], all: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    costs.one.push((await costOf(one, request, guests)).all);
    const behind = await costOf(two, request, guests);
    costs.nodes.push(behind.nodes);
    costs.all.push(behind.all);
  }
  return { baseline: median(costs.one), ours: { nodes: median(costs.nodes), all: median(costs.all) } };
}

async function costOf(site: Site, request: Request, connections: number) {
  const sum = (pids: readonly number[]) => pids.reduce((total, pid) => total + usedUs(pid), 0);
  const before = { nodes: sum(site.nodes), all: sum(site.all()) };
  // No warming up inside: what is counted in processor time is all of it.
  const task = { host: '127.0.0.1', connections, warmupMs: 0, durationMs: DURATION_MS };
  const { answers, byStatus } = await load({ ...task, port: site.port, request });
  const wrong = Object.keys(byStatus).filter((status) => !status.startsWith('2'));
  if (wrong.length > 0) throw new Error(`Some were answered ${wrong.join(', ')}.`);
  return { nodes: (sum(site.nodes) - before.nodes) / answers, all: (sum(site.all()) - before.all) / answers };
}

/** A process and its children; nginx's workers do the work. */
function treeOf(root: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8');
        return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]) === root;
      } catch {
        return false;
      }
    });
  return [root, ...children.map(Number)];
}

/** What a guest who has ordered asks again and again. */
async function statusOf(
  port: number,
  order: { readonly path: string; readonly itemIds: readonly string[] },
): Promise<Request> {
  const answer = await fetch(`http://127.0.0.1:${port}${order.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
    body: JSON.stringify({ lines: [{ itemId: order.itemIds[0], quantity: 1 }] }),
  });
  const { id, token } = (await answer.json()) as { id: string; token: string };
  return { kind: 'get', path: `${order.path}/${id}`, headers: { authorization: `Bearer ${token}` } };
}

async function menuOf(port: number): Promise<{ store: string; itemIds: string[] }> {
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}/api/v1/stores${path}`)).json();
  const { items } = (await ask('')) as { items: { id: string }[] };
  const store = items[0]!.id;
  const menu = (await ask(`/${store}/menu`)) as {
    categories: {
      items: { id: string; soldOut: boolean; remaining: number | null; optionGroups: { min: number }[] }[];
    }[];
  };
  const simple = menu.categories
    .flatMap((category) => category.items)
    .filter((item) => !item.soldOut && item.remaining === null && item.optionGroups.every(({ min }) => min === 0));
  return { store, itemIds: simple.slice(0, 3).map(({ id }) => id) };
}
