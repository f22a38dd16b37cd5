/** The cheapest whole machines that carry so many cores' work with one machine lost. */
import type { Machine, Prices } from './prices.ts';

export type Role = 'api' | 'database' | 'everything' | 'redis';

export interface MachineSet {
  readonly role: Role;
  readonly machine: Machine;
  readonly count: number;
}

export interface Choice {
  readonly sets: readonly MachineSet[];
  readonly machines: number;
  readonly dollarsPerMonth: number;
  /** More than one machine answers, so something must stand before them. */
  readonly isBalanced: boolean;
}

export interface Need {
  /** Cores' work, fractions included. */
  readonly apiCores: number;
  readonly databaseCores: number;
  /** The rung keeps shared state in Redis. */
  readonly redis: boolean;
}

/** More machines than these in one role are another architecture. */
export const MACHINES_MAX = 100;
/** Rounding must not buy a machine. */
const SLACK = 1e-9;

/**
 * Either API machines beside a database and its standby, or two machines that each hold everything, whichever costs less. Each role holds
 * with one machine lost (N+1). The database is one machine: it grows, and does not multiply.
 * @returns undefined when no machine of the list is large enough for the database, or too many would be needed
 */
export function chooseMachines(need: Need, prices: Prices): Choice | undefined {
  const monthly = (machine: Machine): number => machine.dollarsPerHour * prices.hoursPerMonth;
  const withStorage = (machine: Machine): number =>
    monthly(machine) + prices.assume.databaseGiB * prices.storageDollarsPerGiBMonth;
  const balancer = prices.loadBalancerDollarsPerHour * prices.hoursPerMonth;
  const pairOf = (cores: number, price: (machine: Machine) => number) =>
    cheapest(
      prices.machines.filter((machine) => machine.cores + SLACK >= cores).map((machine) => ({ machine, count: 2 })),
      price,
    );

  const together = pairOf(need.apiCores + need.databaseCores, withStorage);
  const database = pairOf(need.databaseCores, withStorage);
  const api = cheapest(
    prices.machines
      .map((machine) => ({ machine, count: Math.max(1, Math.ceil(need.apiCores / machine.cores - SLACK)) + 1 }))
      .filter(({ count }) => count <= MACHINES_MAX),
    monthly,
  );
  // Redis may be lost and is rebuilt: the smallest machine, and one that takes over.
  const redis = need.redis
    ? cheapest(
        prices.machines.map((machine) => ({ machine, count: 2 })),
        monthly,
      )
    : undefined;
  const redisSet = redis ? [{ role: 'redis' as const, ...redis.set }] : [];

  const choices: Choice[] = [];
  if (together) {
    choices.push(
      sum([{ role: 'everything', ...together.set }, ...redisSet], together.dollars + (redis?.dollars ?? 0), false),
    );
  }
  if (api && database) {
    const sets = [{ role: 'api' as const, ...api.set }, { role: 'database' as const, ...database.set }, ...redisSet];
    choices.push(sum(sets, api.dollars + database.dollars + (redis?.dollars ?? 0) + balancer, true));
  }
  return choices.sort((a, b) => a.dollarsPerMonth - b.dollarsPerMonth)[0];
}

const sum = (sets: readonly MachineSet[], dollarsPerMonth: number, isBalanced: boolean): Choice => ({
  sets,
  machines: sets.reduce((total, { count }) => total + count, 0),
  dollarsPerMonth,
  isBalanced,
});

/** Of equal price the one of fewest machines: less to look after. */
function cheapest(
  sets: readonly { machine: Machine; count: number }[],
  price: (machine: Machine) => number,
): { set: { machine: Machine; count: number }; dollars: number } | undefined {
  return sets
    .map((set) => ({ set, dollars: set.count * price(set.machine) }))
    .sort((a, b) => a.dollars - b.dollars || a.set.count - b.set.count)[0];
}
