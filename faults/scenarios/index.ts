import type { Scenario } from '../scenario.ts';
import { apiKill } from './api-kill.ts';
import { clock } from './clock.ts';
import { commitCut } from './commit-cut.ts';
import { diskFull } from './disk-full.ts';
import { live } from './live.ts';
import { migration } from './migration.ts';
import { movedClock } from './moved-clock.ts';
import { nineDays } from './nine-days.ts';
import { oneHundredPortions } from './one-hundred-portions.ts';
import { postgresKill } from './postgres-kill.ts';
import { postgresStop } from './postgres-stop.ts';
import { redisKill, redisKillLong } from './redis-kill.ts';
import { redisStop } from './redis-stop.ts';
import { restore } from './restore.ts';
import { retries } from './retries.ts';
import { rollingRestart } from './rolling-restart.ts';
import { slowReaders, slowReadersLong } from './slow-readers.ts';
import { taps } from './taps.ts';
import { workerKill } from './worker-kill.ts';

/** All there are, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  apiKill,
  postgresKill,
  redisKill,
  redisKillLong,
  redisStop,
  postgresStop,
  live,
  diskFull,
  commitCut,
  taps,
  retries,
  oneHundredPortions,
  rollingRestart,
  slowReaders,
  slowReadersLong,
  workerKill,
  clock,
  movedClock,
  migration,
  restore,
  nineDays,
];
