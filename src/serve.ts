import closeWithGrace from 'close-with-grace';
import pino from 'pino';
import QRCode from 'qrcode';
import { type App, startApp } from './app.ts';
import type { Config } from './config.ts';
import { readKeys } from './keys.ts';
import { startEmbeddedPostgres } from './platform/db/embedded-postgres.ts';
import { migrate } from './platform/db/migrate.ts';
import { openDb } from './platform/db/pool.ts';
import { prepareJobs } from './platform/jobs/jobs.ts';
import { importDemo } from './seed/demo.ts';

/** Longer than any request may take, shorter than the patience of a supervisor. */
const CLOSE_WITHIN_MS = 20_000;

/**
 * Runs Matjip until SIGINT or SIGTERM: finds or starts Postgres, brings it up to date, serves, and says where.
 * @throws ConfigError or Error in one line that says what to do
 */
export async function serve(config: Config, { demo }: { demo: boolean }): Promise<void> {
  const log = pino({ level: config.logLevel });
  const keys = readKeys(config);
  const embedded = config.databaseUrl
    ? undefined
    : await startEmbeddedPostgres({ home: config.home, log: (line) => log.info(line) });
  let app: App;
  try {
    const databaseUrl = config.databaseUrl ?? embedded!.url;
    await migrate({ url: databaseUrl, log: (line) => log.info(line) });
    await prepareJobs(databaseUrl);
    if (demo) await withDb(databaseUrl, (db) => importDemo(db, { now: Date.now() }));
    app = await startApp(config, { databaseUrl, ...keys, log, withJobs: true });
    await printLinks(app, databaseUrl, keys.adminKey);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }

  await new Promise<void>((resolve) => {
    closeWithGrace({ delay: CLOSE_WITHIN_MS, logger: false }, async ({ err }) => {
      if (err)
        log.fatal({ reason: err.message, stack: err.stack }, 'Matjip stops because of an error that nobody caught.');
      await app.close();
      await embedded?.stop();
      resolve();
    });
  });
}

async function withDb<T>(url: string, work: (db: ReturnType<typeof openDb>) => Promise<T>): Promise<T> {
  const db = openDb({ url, connectionsMax: 1, statementTimeoutMs: 0 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

async function printLinks(app: App, databaseUrl: string, adminKey: string): Promise<void> {
  const store = await withDb(databaseUrl, async (db) => {
    const { rows } = await db.query<{ id: string; slug: string }>('SELECT id, slug FROM store ORDER BY slug LIMIT 1');
    return rows[0];
  });
  const lines = ['', '  Matjip 맛집', ''];
  if (store) {
    const guest = `${app.url}/s/${store.slug}/t/1`;
    const code = await QRCode.toString(guest, { type: 'terminal', small: true });
    lines.push(
      ...code
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
      '',
    );
    lines.push(`  guest    ${guest}`, `  kitchen  ${app.url}/kitchen/${store.slug}#key=${app.kitchenKey(store.id)}`);
  }
  lines.push(
    `  stores   ${app.url}/`,
    `  API      ${app.url}/docs`,
    `  owner    Authorization: Bearer ${adminKey}`,
    '',
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}
