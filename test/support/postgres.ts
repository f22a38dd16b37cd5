import { after } from 'node:test';
import pg from 'pg';
import { CITUS_URL, distributedDatabase } from './citus.ts';
import { PATIENT } from './patient.ts';
import { SHARED_POSTGRES, startTestPostgres } from './postgres-server.ts';

export { PATIENT } from './patient.ts';

export interface TestDatabase {
  readonly url: string;
  /** Drops the database now rather than at the end of the test file; connections that are still open are cut. */
  drop(): Promise<void>;
}

let server: Promise<string> | undefined;
const leftovers: (() => Promise<void>)[] = [];
after(async () => {
  for (const clean of leftovers.reverse()) await clean();
});

/**
 * Does this at the end of the file, the latest first, so that what was opened on a database is closed before it is
 * dropped; hooks of the file itself come after that.
 */
export const atEnd = (clean: () => Promise<void>): void => void leftovers.push(clean);

/** The run's shared Postgres, or, for a file that is run by hand, one of this process. */
function serverUrl(): Promise<string> {
  server ??= (async () => {
    const shared = process.env[SHARED_POSTGRES];
    if (shared) return shared;
    const own = await startTestPostgres();
    leftovers.push(own.stop);
    return own.url;
  })();
  return server;
}

/**
 * A fresh database with all migrations, for one test file or one test. It is a clone of a template that the first
 * caller of the run migrates, so it costs tens of milliseconds. It is dropped when the file is done. With `CITUS_URL` it is a distributed one.
 * @param options.tuning false leaves out `migrations/tuning`, as the rehearsal's untuned rung does
 * @param options.demo true: with the demo's stores in it, which `serve --demo` would otherwise import for each file anew
 */
export async function testDatabase(
  _t?: unknown,
  options: { tuning?: boolean; demo?: boolean } = {},
): Promise<TestDatabase> {
  if (CITUS_URL) {
    const database = await distributedDatabase();
    leftovers.push(database.drop);
    return database;
  }
  const admin = await serverUrl();
  const migrated = await ensureTemplate(admin, options.tuning ?? true);
  return createDatabase(options.demo ? await ensureDemo(admin, migrated) : migrated);
}

/** A fresh database with nothing in it. */
export function emptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template0');
}

async function createDatabase(template: string): Promise<TestDatabase> {
  const admin = await serverUrl();
  const name = `test_${process.pid}_${crypto.randomUUID().slice(0, 8)}`;
  await withClient(admin, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  let dropped: Promise<void> | undefined;
  const drop = () => {
    dropped ??= withClient(admin, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    });
    return dropped;
  };
  leftovers.push(drop);
  return { url: addressOf(admin, name), drop };
}

const TEMPLATE_LOCK = 7_214_001;
const templates = new Map<string, Promise<string>>();

/** Migrates a template once per server, whichever of the test processes comes first. */
function ensureTemplate(admin: string, tuning: boolean): Promise<string> {
  return makeOnce(admin, tuning ? 'template_tuned' : 'template_untuned', 'template1', async (url) => {
    // Needed by the first file of a run alone.
    const { migrate } = await import('../../src/platform/db/migrate.ts');
    const { prepareJobs } = await import('../../src/platform/jobs/prepare.ts');
    await migrate({ url, tuning });
    await prepareJobs(url);
  });
}

/** The demo's stores on top of a migrated template. */
function ensureDemo(admin: string, migrated: string): Promise<string> {
  return makeOnce(admin, `${migrated}_demo`, migrated, async (url) => {
    const { importDemo } = await import('../../src/seed/demo.ts');
    const { openDb } = await import('../../src/platform/db/pool.ts');
    const db = openDb({ ...PATIENT, url, connectionsMax: 1, applicationName: 'test' });
    try {
      await importDemo(db);
    } finally {
      await db.close();
    }
  });
}

/** Makes a database to clone, once per server. @param fill what is done on a clone of `from` before it has its name */
function makeOnce(admin: string, name: string, from: string, fill: (url: string) => Promise<void>): Promise<string> {
  let made = templates.get(name);
  if (!made) {
    made = withClient(admin, async (client) => {
      await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
      if (rowCount) return name;
      // It gets its name when it is complete, so that a run that was cut off leaves no half template.
      const draft = `${name}_draft`;
      await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
      await client.query(`CREATE DATABASE ${draft} TEMPLATE ${from}`);
      await fill(addressOf(admin, draft));
      await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
      return name;
    });
    templates.set(name, made);
  }
  return made;
}

function addressOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
