import QRCode from 'qrcode';
import { BOUNDS, type Config } from './config.ts';
import { startEmbeddedPostgres } from './platform/db/embedded-postgres.ts';
import { migrate } from './platform/db/migrate.ts';
import { openDb } from './platform/db/pool.ts';
import { createPublicAddress } from './platform/http/addresses/public-address.ts';
import { checkAddress } from './platform/http/connections/check-address.ts';
import { prepareJobs } from './platform/jobs/prepare.ts';
import { untilStopped } from './platform/processes/graceful-shutdown.ts';
import { startPatiently } from './platform/processes/retry-start.ts';
import { sayServing, startWorkers, workerStart } from './platform/processes/workers.ts';
import { isFirstStart, type Keys, readKeys } from './platform/secrets/secrets.ts';
import { createLog } from './platform/telemetry/log.ts';
import { importDemo } from './seed/demo.ts';
import { createAccess } from './staff/index.ts';
import { createTableKeys, type FirstStore, findFirstStore } from './store/index.ts';

/**
 * Runs Matjip until SIGINT or SIGTERM: finds or starts Postgres, brings it up to date, serves, and says where.
 * This process itself serves nobody: it keeps the workers and Postgres, and starts again what ends.
 * @throws ConfigError or Error in one line that says what to do
 */
export async function serve(config: Config, { demo }: { demo: boolean }): Promise<void> {
  const log = createLog(config.logLevel);
  const worker = workerStart(process.env);
  if (worker) {
    // Only here: the first process needs none of it.
    const { startApp } = await import('./app.ts');
    const app = await startPatiently(() => startApp(config, { ...worker, log }), log);
    sayServing(app.url);
    return untilStopped(log, () => app.close(), BOUNDS.processes.closeWithinMs);
  }

  await checkAddress(config.host, config.port);
  if (config.opsPort) await checkAddress(config.host, config.opsPort);
  // Whoever sits at a terminal is shown their keys; what a supervisor keeps of it is a log, and has them of the first start alone.
  const showsKeys = isFirstStart(config) || process.stdout.isTTY === true;
  const keys = readKeys(config);
  const embedded = config.databaseUrl ? undefined : await startEmbeddedPostgres({ home: config.home, log: say });
  let stop = async (): Promise<void> => {};
  try {
    const databaseUrl = config.databaseUrl ?? embedded!.url;
    await startPatiently(() => bringUpToDate(databaseUrl, demo), log);
    const workers = await startWorkers({ count: config.workers, start: { databaseUrl, ...keys }, log });
    stop = () => workers.stop();
    const address = createPublicAddress(config);
    address.listensAt(workers.url);
    const store = await startPatiently(() => withDb(databaseUrl, findFirstStore), log);
    await printLinks({ url: address.base() ?? workers.url, store, keys, showsKeys, config });
  } catch (error) {
    await stop();
    await embedded?.stop();
    throw error;
  }
  const close = async () => {
    await stop();
    await embedded?.stop();
  };
  await untilStopped(log, close, BOUNDS.processes.firstCloseWithinMs);
}

/** An update has a few, which are named as they run; a new database has dozens, which would push everything else off the screen. */
const MIGRATIONS_NAMED_MAX = 5;

/** What a person at the terminal wants to see while it starts; the log is for machines. */
const say = (line: string): void => void process.stdout.write(`  ${line}\n`);

/** Each part of it does nothing where it has been done, so it may be tried again. */
async function bringUpToDate(databaseUrl: string, demo: boolean): Promise<void> {
  let migrations = 0;
  await migrate({
    url: databaseUrl,
    log(name) {
      migrations += 1;
      if (migrations <= MIGRATIONS_NAMED_MAX) say(`Migrating: ${name}`);
    },
  });
  if (migrations > MIGRATIONS_NAMED_MAX) say(`Migrating: ${migrations - MIGRATIONS_NAMED_MAX} more`);
  await prepareJobs(databaseUrl);
  if (demo) await withDb(databaseUrl, (db) => importDemo(db));
}

async function withDb<T>(url: string, work: (db: ReturnType<typeof openDb>) => Promise<T>): Promise<T> {
  const db = openDb({ url, connectionsMax: 1, statementTimeoutMs: 0 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

interface Links {
  readonly url: string;
  /** The first one; undefined: there is none yet. */
  readonly store: FirstStore | undefined;
  readonly keys: Keys;
  /** False: only where things are. */
  readonly showsKeys: boolean;
  readonly config: Config;
}

async function printLinks({ url, store, keys, showsKeys, config }: Links): Promise<void> {
  const withKey = (key: string): string => (showsKeys ? `#key=${key}` : '');
  const lines = ['', '  Matjip 맛집', ''];
  if (store) {
    const staffKey = createAccess(keys.adminKey, keys.secret).kitchenKey(store.id);
    const key = store.isSigned && showsKeys ? `?k=${createTableKeys(keys.secret).sign(store, store.table)}` : '';
    const guest = `${url}/s/${store.slug}/t/${encodeURIComponent(store.table)}${key}`;
    const code = await QRCode.toString(guest, { type: 'terminal', small: true });
    lines.push(
      ...code
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
      '',
    );
    lines.push(
      `  guest    ${guest}`,
      `  kitchen  ${url}/kitchen/${store.slug}${withKey(staffKey)}`,
      `  pick-up  ${url}/board/${store.slug}`,
      `  line     ${url}/w/${store.slug}`,
      `  hall     ${url}/hall/${store.slug}${withKey(staffKey)}`,
      `  door     ${url}/door/${store.slug}`,
      `  sales    ${url}/owner/${store.slug}${withKey(keys.adminKey)}`,
      `  QR       ${url}/qr/${store.slug}${withKey(keys.adminKey)}`,
    );
  }
  const opsUrl = config.opsPort
    ? Object.assign(new URL(url), { port: String(config.opsPort), protocol: 'http:' }).origin
    : url;
  lines.push(
    `  set-up   ${url}/setup${withKey(keys.adminKey)}`,
    `  stores   ${url}/`,
    `  ops      ${opsUrl}/ops${withKey(keys.adminKey)}`,
    `  API      ${opsUrl}/docs`,
    showsKeys
      ? `  owner    Authorization: Bearer ${keys.adminKey}`
      : `  keys     from the environment, or in ${config.home}; a start at a terminal shows them in the links`,
    '',
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}
