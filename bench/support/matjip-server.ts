/** One API process of Matjip for the bench, on a database that the bench prepared. */
import pino from 'pino';
import { startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';

// One address is the whole crowd.
const app = await startApp(readConfig({ LIMITS: 'off', ...process.env }), {
  databaseUrl: process.env.DATABASE_URL!,
  secret: 'bench-secret-bench-secret',
  adminKey: 'bench-admin-key-bench',
  log: pino({ level: 'error' }),
  withJobs: process.env.BENCH_JOBS !== 'off',
  ...(process.env.BENCH_JOBS === 'off' && { lateTickets: 'off' }),
  // Without it every order is answered by the database.
  ...(process.env.BENCH_SOLD_OUT === 'off' && {
    soldOutCrowd: { crowdPerSecond: Number.POSITIVE_INFINITY, crowdMs: 0 },
  }),
});
console.log(JSON.stringify({ port: Number(new URL(app.url).port) }));
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
