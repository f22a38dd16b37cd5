import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { migrate } from '../../src/platform/db/migrate.ts';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { background } from '../../test/support/background.ts';
import { atEndOf } from '../../test/support/lifetime.ts';
import { startOwnPostgres } from '../../test/support/own-postgres.ts';
import { startServed } from '../../test/support/served.ts';
import type { makeStore } from '../../test/support/store.ts';
import type { LedgerLine } from '../crowd/plan.ts';
import { readTimeline } from '../crowd/timeline.ts';
import { versionBefore } from '../kit/version-before.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { type CrowdStore, crowdAt, ORDERS_PER_SECOND, serveOn, underLoad } from '../site.ts';

/** A migration as any of ours, on the tables that everybody orders with: a column more, for the time that the catalogue takes. */
const PROBE = `-- Up Migration
ALTER TABLE orders ADD COLUMN faults_probe smallint;
ALTER TABLE order_line ADD COLUMN faults_probe smallint;
ALTER TABLE item ADD COLUMN faults_probe smallint;
ALTER TABLE store ADD COLUMN faults_probe smallint;
`;
const LOOK_EVERY_MS = 15;
/** The crowd's own patience of twenty seconds was over: on a machine that carries the crowd that is a fault, on one without a core to spare it is not. */
const LATE: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

export const migration: Scenario = {
  name: 'migration',
  fault:
    'the next version started beside the one before: it migrates under load, and both serve; then four tables get a column',
  seconds: 20,
  async run(scene) {
    const before = versionBefore(join(scene.folder, 'before'));
    const url = await emptyDatabase(scene);
    await migrate({ url, folder: join(before.folder, 'migrations') });
    await prepareJobs(url);
    const db = openDb({ url, connectionsMax: 2, applicationName: 'verdict' });
    atEndOf(scene.life, () => db.close());
    const store = await makeStoreOf(before.folder, db);
    const old = await serveOn(scene, url, { workers: 1, main: join(before.folder, 'src/main.ts') }, store);
    const locks = watchLocks(scene, db);
    const { timeline, checks, done } = await underLoad(scene, old, { menusPerSecond: 10 }, async (crowd) => {
      await crowd.served(50);
      const migrationsBefore = await migrationsIn(db);
      const next = await startServed(scene.life, { DATABASE_URL: url, WORKERS: '1', LIMITS: 'off', OVERLOAD: 'on' });
      const plan = { urls: [old.url, next.url], perSecond: ORDERS_PER_SECOND / 2, menusPerSecond: 10 };
      const both = crowdAt(scene, old, { ...plan, seed: scene.seed + 1 });
      await both.served(50);
      await delay((scene.seconds * 1_000) / 2);
      await migrate({ url, folder: probeIn(scene) });
      await both.served(50);
      await delay((scene.seconds * 1_000) / 2);
      await both.end();
      return { file: both.file, migrations: (await migrationsIn(db)) - migrationsBefore };
    });
    await locks.end();
    const lines = [...timeline.lines, ...(await readTimeline(done.file)).lines];
    const answers = lines.filter(({ status }) => status !== null);
    const broken = answers.filter(({ status }) => status! >= 500 || status === 0);
    const full = broken.filter(({ problem }) => problem === 'busy');
    const late = broken.filter(({ problem }) => LATE.has(problem!));
    const faulty = broken.filter(({ problem }) => problem !== 'busy' && !LATE.has(problem!));
    return [
      {
        what: `migrations under load (the version before: ${before.commit ?? 'the same, there is no history here'})`,
        measured: done.migrations,
        atLeast: before.commit ? 2 : 1,
      },
      ...checks,
      {
        what: `of ${answers.length} answers, of 500 and above or none, but busy`,
        measured: faulty.length,
        atMost: 0,
        ...(faulty.length > 0 && { example: `${JSON.stringify(countByKind(faulty))}; ${JSON.stringify(faulty[0])}` }),
      },
      { what: 'that a phone waited for in vain', measured: late.length, atMost: 0, timed: true },
      { what: 'that said busy', measured: full.length, atMost: 0, timed: true },
      { what: 'processes of the version before that ended', measured: old.ended(), atMost: 0 },
      {
        what: `longest wait for a table's lock, of ${locks.looks()} looks`,
        measured: locks.longestMs(),
        unit: 'ms',
        atMost: 500,
        timed: true,
      },
    ];
  },
};

/** How many of each, as a phone heard it. */
function countByKind(lines: readonly LedgerLine[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, problem } of lines) {
    const kind = `${status} ${problem}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Beside the one that is made ready for the current version. */
async function emptyDatabase(scene: Scene): Promise<string> {
  const postgres = await startOwnPostgres(scene.life);
  const db = openDb({ url: postgres.url, connectionsMax: 1 });
  await db.query('CREATE DATABASE of_the_version_before').finally(() => db.close());
  const url = new URL(postgres.url);
  url.pathname = '/of_the_version_before';
  return url.href;
}

/** By that version's own means: the tables are its own. */
async function makeStoreOf(folder: string, db: Db): Promise<CrowdStore> {
  const its = (await import(pathToFileURL(join(folder, 'test/support/store.ts')).href)) as {
    makeStore: typeof makeStore;
  };
  return its.makeStore(db, { stew: { price: 9_000, remaining: 1_000_000 }, tea: { price: 2_000 } });
}

async function migrationsIn(db: Db): Promise<number> {
  const { rows } = await db.query<{ count: number }>('SELECT count(*)::int AS count FROM migration');
  return rows[0]!.count;
}

function probeIn({ folder }: Scene): string {
  const probe = join(folder, 'probe');
  mkdirSync(join(probe, 'tuning'), { recursive: true });
  writeFileSync(join(probe, '999999_faults_probe.sql'), PROBE);
  return probe;
}

/** Looks again and again who waits for a table. */
function watchLocks(scene: Scene, db: Db) {
  let [looks, longestMs] = [0, 0];
  const { end } = background(scene.life, async (signal) => {
    while (!signal.aborted) {
      const { rows } = await db.query<{ ms: number }>(
        `SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)) * 1000, 0)::float AS ms
         FROM pg_locks WHERE NOT granted AND locktype = 'relation'`,
      );
      looks += 1;
      longestMs = Math.max(longestMs, rows[0]!.ms);
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  });
  return { end, looks: () => looks, longestMs: () => longestMs };
}
