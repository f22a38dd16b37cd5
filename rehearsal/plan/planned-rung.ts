import type { Text } from '../report/run.ts';
import type { Capacity } from './capacity.ts';
import type { Choice, Need } from './choose-machines.ts';
import type { MeasuredRung } from './measured.ts';

/** A rung of the ladder, and what holding the peak with it takes. */
export interface PlannedRung {
  readonly measured: MeasuredRung;
  readonly capacity: Capacity;
  /** Requests a second that one core may be given: the knee less what stays free. */
  readonly safePerCore: number;
  /** Postgres' share of the CPU. */
  readonly databaseShare: number;
  readonly databaseShareIsAssumed: boolean;
  /** The cores' work of the base case. */
  readonly need?: Need;
  /** By the knee itself; `low` and `high` cost are those of the interval's upper and lower end. */
  readonly choices: { readonly low?: Choice; readonly base?: Choice; readonly high?: Choice };
  /** Dollars a million orders, base case. */
  readonly perMillionOrders?: number;
  /** Why this rung cannot hold the peak at any price of the list. */
  readonly impossible?: Text;
}
