import { JOB_STATEMENTS, JOB_TEXTS } from './job-statements.ts';
import { LINE_STATEMENTS } from './line-statements.ts';
import { ORDER_STATEMENTS, ORDER_TEXTS } from './order-statements.ts';
import type { StandIn, Statement } from './postgres.ts';

const NAMED: Readonly<Record<string, StandIn>> = { ...ORDER_STATEMENTS, ...LINE_STATEMENTS, ...JOB_STATEMENTS };
const TEXTS: readonly (readonly [begin: string, run: StandIn])[] = [
  ...ORDER_TEXTS,
  ...JOB_TEXTS,
  // Whether stores are spread over machines: they are not.
  ["SELECT to_regclass('pg_dist_partition')", () => [{ citus: false }]],
  [
    'SELECT pg_notify($1, pack)',
    (view, [channel, packs]) => {
      for (const pack of packs as string[]) view.tell(String(channel), pack);
      return [];
    },
  ],
];

/** @throws Error for a statement that is new to the simulation: say here what it does, and hold it against Postgres */
export function standInFor({ name, text }: Statement): StandIn {
  const begin = text.trimStart();
  const found = (name && NAMED[name]) || TEXTS.find(([beginning]) => begin.startsWith(beginning))?.[1];
  if (!found) throw new Error(`The simulated Postgres does not know the statement ${name ?? begin.slice(0, 80)}.`);
  return found;
}
