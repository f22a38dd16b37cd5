import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbeddedPostgres } from '../../src/platform/db/embedded-postgres.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { importDemo } from '../../src/seed/demo.ts';

/** A real, durable Postgres with the demo franchise in it, made for this run and thrown away after it. */
export interface BenchDatabase {
  readonly url: string;
  readonly db: Db;
  /** Process id of Postgres' first process; those of its sessions are its children. */
  readonly folder: string;
  close(): Promise<void>;
}

/** @param kept where it stays after the run, for what takes longer to make than to measure; unset: nowhere */
export async function openBenchDatabase(kept?: string): Promise<BenchDatabase> {
  const home = kept ? resolve(kept) : await mkdtemp(join(tmpdir(), 'matjip-bench-'));
  const postgres = await startEmbeddedPostgres({ home });
  await migrate({ url: postgres.url });
  await prepareJobs(postgres.url);
  const db = openDb({ url: postgres.url, connectionsMax: 2, statementTimeoutMs: 0 });
  await importDemo(db);
  return {
    url: postgres.url,
    db,
    folder: home,
    async close() {
      await db.close();
      await postgres.stop();
      if (!kept) await rm(home, { recursive: true, force: true });
    },
  };
}
