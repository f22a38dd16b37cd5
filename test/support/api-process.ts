/**
 * One API process of its own for a test. It says where it listens in its first line, goes when its parent goes, and moves
 * its clock ahead by as many milliseconds as each line of its input says. With `PATIENT=yes` it waits as long as a slow and busy machine
 * takes, as apps inside of tests do.
 */
import { createInterface } from 'node:readline';
import pino from 'pino';
import { startApp } from '../../src/app.ts';
import { BOUNDS, readConfig } from '../../src/config.ts';
import { untilStopped } from '../../src/platform/processes/graceful-shutdown.ts';
import { startPatiently } from '../../src/platform/processes/retry-start.ts';
import { movableClock } from './movable-clock.ts';
import { PATIENT_WAITS } from './patient.ts';

const log = pino({ level: 'error' }, pino.destination(2));
const isPatient = process.env.PATIENT === 'yes';
const start = () =>
  startApp(readConfig(), {
    databaseUrl: process.env.DATABASE_URL!,
    secret: process.env.SECRET!,
    adminKey: process.env.ADMIN_KEY!,
    log,
    withJobs: process.env.WITH_JOBS === 'yes',
    lateTickets: 'off',
    ...(isPatient && { waits: PATIENT_WAITS }),
  });
const app = await startPatiently(start, log);
console.log(JSON.stringify({ url: app.url }));
void untilStopped(log, () => app.close(), isPatient ? PATIENT_WAITS.turnWithinMs : BOUNDS.processes.closeWithinMs);
const clock = movableClock();
createInterface({ input: process.stdin })
  .on('line', (ms) => console.log(`ahead by ${clock.pass(Number(ms))} ms`))
  .once('close', () => process.exit(1));
