import { readdirSync, readFileSync } from 'node:fs';
import { nginxExample } from '../test/support/nginx-example.ts';
import { startNginx, startRedis } from '../test/support/services.ts';
import type { BenchDatabase } from './support/bench-database.ts';
import { usedUs } from './support/cpu.ts';
import { load, startServer } from './support/processes.ts';
import { type BenchRow, median } from './support/row.ts';

const MATJIP = new URL('support/matjip-server.ts', import.meta.url);
const CONNECTIONS = 32;
const ROUNDS = 3;
const TASK = { host: '127.0.0.1', connections: CONNECTIONS, warmupMs: 1_000, durationMs: 4_000 };

interface Site {
  readonly port: number;
  readonly nodes: readonly number[];
  /** The nodes and whatever stands before them. */
  readonly all: () => readonly number[];
}

/**
 * Two nodes behind the shipped nginx against one node alone, all with one Redis: what a request costs in processor time, for orders, which
 * reach a node each, and for menus, which nginx mostly answers. Costs do not depend on how many cores there are.
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

    const { store, itemIds } = await menuOf(alone.port);
    const order = { kind: 'order', path: `/api/v1/stores/${store}/orders`, itemIds } as const;
    const menu = { kind: 'get', path: `/api/v1/stores/${store}/menu`, headers: { 'accept-encoding': 'gzip' } } as const;
    const orders = await pairs(one, two, order);
    const menus = await pairs(one, two, menu);
    const us = (value: number) => `${value.toFixed(0)} µs`;
    return [
      {
        what: 'nodes: orders a CPU second, the nodes’ own',
        ours: `two nodes ${us(orders.ours.nodes)} an order`,
        baseline: `one node ${us(orders.baseline)} an order`,
        ratio: orders.baseline / orders.ours.nodes,
        goal: { atLeast: 0.9 },
      },
      {
        what: 'nodes: orders a CPU second, with nginx’s',
        ours: `two nodes and nginx ${us(orders.ours.all)} an order`,
        baseline: `one node ${us(orders.baseline)} an order`,
        ratio: orders.baseline / orders.ours.all,
      },
      {
        what: 'nodes: CPU of a menu from the micro-cache',
        ours: `nginx and nodes ${us(menus.ours.all)} a menu`,
        baseline: `Matjip ${us(menus.baseline)} a menu`,
        ratio: menus.ours.all / menus.baseline,
        goal: { atMost: 0.3 },
      },
    ];
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Microseconds of processor time a request, the middle of rounds that take turns. */
async function pairs(one: Site, two: Site, request: Parameters<typeof load>[0]['request']) {
  const costs = { one: [] as number[], nodes: [] as number[], all: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    costs.one.push((await costOf(one, request)).all);
    const behind = await costOf(two, request);
    costs.nodes.push(behind.nodes);
    costs.all.push(behind.all);
  }
  return { baseline: median(costs.one), ours: { nodes: median(costs.nodes), all: median(costs.all) } };
}

async function costOf(site: Site, request: Parameters<typeof load>[0]['request']) {
  const sum = (pids: readonly number[]) => pids.reduce((total, pid) => total + usedUs(pid), 0);
  const before = { nodes: sum(site.nodes), all: sum(site.all()) };
  // No warming up inside: what is counted in processor time is all of it.
  const { answers, byStatus } = await load({ ...TASK, warmupMs: 0, port: site.port, request });
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
