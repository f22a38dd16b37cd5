import Type, { type Static } from 'typebox';
import { Count, Share } from './amounts.ts';

/** `truth.json`: answers checked against what was true when they were given. */
export const Truth = Type.Object({
  /** Answers given, and those of them that could be checked. */
  answers: Count,
  checked: Count,
  /** Wrong answers among the checked: an old price, or a dish offered that was already sold out. */
  staleShare: Share,
  /** How long after the change the oldest wrong answer was given; 0 if none was. */
  oldestAgeMs: Count,
  /** At the end of the run the answer was still wrong, long after the last change: it would never become right by itself. */
  wrongForEver: Type.Boolean(),
  /** Answers that were empty or not there when a menu was expected. */
  blank: Count,
  /** Answers that were a server error or did not come. */
  errors: Count,
  /** Statements that read the database during the run. */
  databaseReads: Count,
  /** Times the cache loaded the menu from the database. */
  loads: Count,
  /** Most loads begun within one second: a stampede shows here. */
  loadsPerSecondMax: Type.Optional(Count),
  /** Orders acknowledged to a guest; those of them not found afterwards; those found more than once. */
  orders: Type.Optional(Type.Object({ acknowledged: Count, lost: Count, doubled: Count })),
  /** How wrong over time, by second from the run's start, as much of it as is known. */
  seconds: Type.Optional(
    Type.Array(Type.Object({ atS: Type.Number(), checked: Count, stale: Count, loads: Type.Optional(Count) })),
  ),
  /** When the planted changes happened, in seconds from the run's start. */
  changes: Type.Optional(Type.Array(Type.Object({ atS: Type.Number(), what: Type.String() }))),
});
export type Truth = Static<typeof Truth>;
