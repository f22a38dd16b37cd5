/** One API process of its own for a test. It says where it listens in its first line, and goes when its parent goes. */
import pino from 'pino';
import { startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';

const app = await startApp(readConfig(), {
  databaseUrl: process.env.DATABASE_URL!,
  secret: process.env.SECRET!,
  adminKey: process.env.ADMIN_KEY!,
  log: pino({ level: 'error' }, pino.destination(2)),
  withJobs: process.env.WITH_JOBS === 'yes',
  lockStoresOneByOne: process.env.ONE_BY_ONE === 'yes',
});
console.log(JSON.stringify({ url: app.url }));
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
process.stdin.resume().once('end', () => process.exit(1));
