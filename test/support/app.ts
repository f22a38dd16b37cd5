import { type App, type AppParts, startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { startPatiently } from '../../src/platform/processes/retry-start.ts';
import { type Client, createClient } from './client.ts';
import { ADMIN_KEY, SECRET } from './keys.ts';
import { atEndOf, type Lifetime } from './lifetime.ts';
import { captureLog } from './log.ts';
import { PATIENT, PATIENT_WAITS } from './patient.ts';
import { atEnd, testDatabase } from './postgres.ts';

export { ADMIN_KEY, SECRET };

export interface TestAppOptions {
  /** Switches as in the environment, such as `{ INTAKE: 'direct' }`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Unset: a fresh database. Given: several apps share it. */
  readonly databaseUrl?: string;
  readonly withJobs?: boolean;
  /** Unset: `SECRET`. */
  readonly secret?: AppParts['secret'];
  readonly streamPlaces?: AppParts['streamPlaces'];
  readonly sampleEveryMs?: number;
  /** Unset: tickets may be as late as they like, since most tests run no jobs. */
  readonly lateTickets?: AppParts['lateTickets'];
  /** With true the app gives up on a slow machine as `BOUNDS` says; else it waits as long as tests do, since few are about that. */
  readonly impatient?: boolean;
}

/** A real API process's insides, listening on a port of its own, in this process. */
export interface TestApp {
  readonly app: App;
  readonly databaseUrl: string;
  /** The same database, past the API, for setting scenes and reading the truth. */
  readonly db: Db;
  readonly client: Client;
  /** Every line that was logged at `info` or above, as JSON text. */
  readonly logLines: readonly string[];
  close(): Promise<void>;
}

/** Starts the app; it and its connections are closed at the end of `t`. */
export async function startTestApp(t: Lifetime, options: TestAppOptions = {}): Promise<TestApp> {
  const databaseUrl = options.databaseUrl ?? (await testDatabase()).url;
  const { log, lines } = captureLog();
  const config = readConfig({ PORT: '0', OVERLOAD: 'off', ...options.env });
  const app = await startPatiently(async () => {
    await prepareJobs(databaseUrl);
    return startApp(config, {
      databaseUrl,
      secret: options.secret ?? SECRET,
      adminKey: ADMIN_KEY,
      log,
      withJobs: options.withJobs ?? false,
      ...(!options.impatient && { waits: PATIENT_WAITS }),
      lateTickets: options.lateTickets ?? 'off',
      ...(options.streamPlaces && { streamPlaces: options.streamPlaces }),
      ...(options.sampleEveryMs && { sampleEveryMs: options.sampleEveryMs }),
    });
  }, log);
  const db = openDb({ ...PATIENT, url: databaseUrl, connectionsMax: 4, applicationName: 'test' });
  const client = createClient(app.url);
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= (async () => {
      await client.close();
      await app.close();
      await db.close();
    })();
    return closed;
  };
  atEndOf(t, close);
  atEnd(close);
  return { app, databaseUrl, db, client, logLines: lines, close };
}
