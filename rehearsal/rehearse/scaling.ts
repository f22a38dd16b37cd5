/**
 * The series that a law of scaling is fitted to, on a machine that has few cores: n nodes, each with an eighth of a core's worth, beside one
 * Postgres, all held together by the kernel to n eighths of a core; phones that always have something to ask run on what is left of the machine.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { measureThroughput } from '../crowd/closed-loop.ts';
import { REHEARSAL_MIX } from '../crowd/guests.ts';
import type { Scaling } from '../results/index.ts';
import { databaseAddress } from '../truth/database-reads.ts';
import { type CpuQuota, makeCpuQuota, PERIOD_US } from './cpu-quota.ts';
import type { PreparedHome } from './prepared-home.ts';
import { processesOf, watchUsage } from './process-usage.ts';
import type { RehearsedServer } from './server.ts';
import { untilSettled } from './settle.ts';
import { startNodes } from './site.ts';

/** Eight nodes fill one core, so that the other of two is the phones'; the quota of one is just above the least that the kernel knows. */
const NODE_CORES = 1 / 8;
const NODES = 8;
/** Each size is looked at so often, in an order that no drift of the machine follows, and backwards every other time. */
const ROUNDS = 3;
const LOOK_S = 4;
const LOOK_WARMUP_S = 1;
/**
 * Unbound, until every node's code is compiled: bound to an eighth of a core that would take minutes. With half of it a request still grew
 * cheaper by a third during the looks.
 */
const COMPILE_S = 30;
/**
 * More than a node answers in one turn of the quota, so that it always has work; with twice as many, eight nodes' orders waited for their store's
 * row for longer than a second and were refused, which no size below seven was.
 */
const PHONES_PER_NODE = 16;
const TIMEOUT_MS = 10_000;
const REST = { quietS: 1, mostS: 6 };
/** A statement of ours between two looks, unbound. */
const HOUSEKEEPING_MS = 20_000;
/** Past this the phones hold the nodes up, and the series would be theirs. */
const PHONES_CPU_MAX = 0.9;
/** Eight nodes' connections fit the 100 of the Postgres that comes with Matjip. */
const CONNECTIONS = '8';

/** With preparing the data and starting the nodes, minutes; for telling how long it will take. */
export const SCALING_TAKES_MIN = Math.ceil((90 + COMPILE_S + ROUNDS * NODES * (LOOK_S + LOOK_WARMUP_S + 2.5)) / 60);

export interface ScalingOptions {
  readonly home: PreparedHome;
  /** Of each node. */
  readonly switches: Readonly<Record<string, string>>;
  readonly machine: string;
  readonly seed: string;
  readonly progress: (what: string) => void;
  readonly signal: AbortSignal;
  /** For a test; {@link NODES}, {@link ROUNDS}, {@link LOOK_S} and {@link COMPILE_S} otherwise. */
  readonly nodes?: number;
  readonly rounds?: number;
  readonly lookS?: number;
  readonly compileS?: number;
}

/**
 * Measures the series. Overload control is off: it would refuse what this is there to count.
 * @throws NoQuota with the reason where the kernel holds nobody to a share; Error where the phones were the bottleneck
 */
export async function measureScaling(options: ScalingOptions): Promise<Scaling> {
  const { home, switches, machine, seed, progress, signal } = options;
  const { nodes: count = NODES, rounds = ROUNDS, lookS = LOOK_S, compileS = COMPILE_S } = options;
  const quota = makeCpuQuota(`matjip-${process.pid}`);
  const copy = await home.copy('scaling');
  let nodes: RehearsedServer[] = [];
  let housekeeping: Housekeeping | undefined;
  try {
    progress(`starting ${count} nodes`);
    const each = { ...switches, OVERLOAD: 'off', DATABASE_CONNECTIONS: CONNECTIONS };
    nodes = await startNodes(copy, count, each, signal);
    housekeeping = await keepHouse(databaseAddress(nodes[0]!.home));
    const site = new Site(nodes, quota);
    const offer = (size: number, warmupS: number, durationS: number, round: number) =>
      measureThroughput({
        urls: nodes.slice(0, size).map(({ url }) => url),
        phonesPerNode: PHONES_PER_NODE,
        storeId: home.storeId,
        menu: home.menu,
        mix: REHEARSAL_MIX,
        warmupS,
        durationS,
        timeoutMs: TIMEOUT_MS,
        seed: `${seed}/${round}/${size}`,
      });
    progress('letting every node compile its code');
    await offer(count, 0, compileS, 0);
    const points: Scaling['points'] = [];
    for (let round = 1; round <= rounds; round++) {
      for (const size of orderOf(count, round)) {
        signal.throwIfAborted();
        progress(`round ${round} of ${rounds}: ${size} of ${count} nodes`);
        site.free(size);
        await untilSettled(site.watched, signal, REST);
        await housekeeping.clear();
        quota.hold(size * NODE_CORES);
        const usage = watchUsage(site.watched);
        const beganMs = performance.now();
        const { perSecond, failed, failures, cpuShare } = await offer(size, LOOK_WARMUP_S, lookS, round);
        const used = usage.end();
        const tookS = (performance.now() - beganMs) / 1000;
        if (cpuShare > PHONES_CPU_MAX) throw new Error(`The phones were the bottleneck at ${size} nodes.`);
        points.push({
          nodes: size,
          cores: size * NODE_CORES,
          perSecond,
          failedShare: failed / Math.max(1, failed + perSecond * lookS),
          ...(failed > 0 && { failures: { ...failures } }),
          ...(used && { usedShare: (used.serverS + used.databaseS) / (size * NODE_CORES * tookS) }),
        });
      }
    }
    site.free(count);
    return {
      kind: 'matjip-scaling',
      version: 1,
      measuredAt: new Date().toISOString(),
      machine,
      switches: { ...switches },
      nodeCores: NODE_CORES,
      periodMs: PERIOD_US / 1000,
      points: points.sort((a, b) => a.nodes - b.nodes),
    };
  } finally {
    // What stands still does not hear that it is to end.
    for (const { server } of nodes.map(processesOf)) send(server, 'SIGCONT');
    quota.hold(undefined);
    await housekeeping?.end();
    for (const node of nodes.toReversed()) await node.stop();
    // The kernel needs a moment to take the last one out.
    await delay(200);
    quota.end();
    await home.discard(copy);
  }
}

interface Housekeeping {
  clear(): Promise<void>;
  end(): Promise<void>;
}

/**
 * What Postgres does when it likes is done between the looks, unbound, and not during them: vacuuming what the look of eight nodes left took
 * half of an eighth of a core while one node was looked at, and its rate came out at half, or at a third.
 */
async function keepHouse(address: string): Promise<Housekeeping> {
  const client = new pg.Client({ connectionString: address, statement_timeout: HOUSEKEEPING_MS });
  client.on('error', () => {});
  await client.connect();
  await client.query('ALTER SYSTEM SET autovacuum = off');
  await client.query('SELECT pg_reload_conf()');
  return {
    async clear() {
      await client.query('VACUUM (ANALYZE)');
      await client.query('CHECKPOINT');
    },
    end: () => client.end(),
  };
}

/** Small and large in turn, and backwards in every second round: a machine that grows slower does so for all sizes alike. */
export function orderOf(count: number, round: number): number[] {
  const sizes = Array.from({ length: count }, (_, index) => index + 1);
  const order = sizes.map((_, turn) => (turn % 2 === 0 ? sizes[turn / 2]! : sizes[count - (turn + 1) / 2]!));
  return round % 2 === 1 ? order : order.reverse();
}

/** All nodes and their Postgres in one group. Nodes that do not take part stand still, so that they neither cost nor help. */
class Site {
  readonly #nodes: readonly number[][];
  readonly #quota: CpuQuota;
  /** For reading what all of them used. */
  readonly watched: { readonly pid: number; readonly home: string; readonly morePids: readonly number[] };

  constructor(nodes: readonly RehearsedServer[], quota: CpuQuota) {
    this.#quota = quota;
    const [first, ...more] = nodes as [RehearsedServer, ...RehearsedServer[]];
    this.watched = { pid: first.pid, home: first.home, morePids: more.map(({ pid }) => pid) };
    this.#nodes = nodes.map((node) => processesOf(node).server);
    quota.take([...this.#nodes.flat(), ...processesOf(first).database]);
  }

  /** Unbound, with so many nodes that go on. The first one always does: Postgres is its child. */
  free(size: number): void {
    this.#quota.hold(undefined);
    for (const [index, pids] of this.#nodes.entries()) send(pids, index < size ? 'SIGCONT' : 'SIGSTOP');
  }
}

function send(pids: readonly number[], signal: 'SIGCONT' | 'SIGSTOP'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has gone.
    }
  }
}
