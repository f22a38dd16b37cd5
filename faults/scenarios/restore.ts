import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { atEndOf } from '../../test/support/lifetime.ts';
import { postgresFolder, runPostgres, startSystemPostgres } from '../../test/support/system-postgres.ts';
import type { Scenario } from '../scenario.ts';
import { openStoreAside, serveOn, underLoad } from '../site.ts';

export const restore: Scenario = {
  name: 'restore',
  fault: 'everything dumped, and restored into an empty Postgres beside an empty Redis',
  seconds: 15,
  async run(scene) {
    const first = await startSystemPostgres(scene.life);
    const site = await serveOn(scene, first.url, { workers: 1, redis: true });
    const aside = await openStoreAside(scene, site);
    await underLoad(scene, site, { cancelShare: 0.1 }, () => delay(scene.seconds * 1_000));
    await site.stop();
    const before = await hashesOf(site.db);

    const file = join(await postgresFolder(scene.life), 'dump');
    await runPostgres('pg_dump', ['--format=custom', '--file', file, first.url]);
    const second = await startSystemPostgres(scene.life);
    await runPostgres('pg_restore', ['--exit-on-error', '--dbname', second.url, file]);
    const restoredDb = openDb({ url: second.url, connectionsMax: 1, statementTimeoutMs: 120_000 });
    atEndOf(scene.life, () => restoredDb.close());
    // Before anybody works on it: as soon as somebody does, it is another day's.
    const after = await hashesOf(restoredDb);
    const restored = await serveOn(scene, second.url, { workers: 1, redis: true }, site.store);
    restored.ledgers.push(...site.ledgers);
    const rightMs = await aside.timeUntilRight(restored);
    const others = [...before].filter(([table, hash]) => after.get(table) !== hash);
    const { checks } = await underLoad(scene, restored, { seed: scene.seed + 1 }, (crowd) => crowd.served(20));
    return [
      { what: 'tables compared row by row', measured: before.size, atLeast: 30 },
      {
        what: 'tables whose rows are others',
        measured: others.length,
        atMost: 0,
        ...(others.length > 0 && { example: others.map(([table]) => table).join(', ') }),
      },
      ...checks,
      {
        what: 'ranking, line, board and status as SQL has them',
        measured: rightMs,
        unit: 'ms',
        atMost: 5_000,
        timed: true,
      },
    ];
  },
};

/** A hash of all rows of each table, whatever order they lie in. */
async function hashesOf(db: Pick<Db, 'query'>): Promise<Map<string, string>> {
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'graphile_worker'::regnamespace)`,
  );
  const hashes = new Map<string, string>();
  for (const { name } of tables) {
    const { rows } = await db.query<{ hash: string }>(
      `SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) AS hash FROM ${name} t`,
    );
    hashes.set(name, rows[0]!.hash);
  }
  return hashes;
}
