import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startNode, type TestChild } from '../../test/support/child.ts';
import { eventually } from '../../test/support/eventually.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { openSite, type Site, underLoad } from '../site.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** It has its sessions by then, and jobs in its hands, or not. */
const BETWEEN_MS_MAX = 600;

export const workerKill: Scenario = {
  name: 'worker-kill',
  fault: 'processes that only work jobs off, `kill -9`, while somebody keeps a transaction open',
  seconds: 60,
  async run(scene) {
    const site = await openSite(scene, { workers: 1, env: { WORK: 'off' } });
    const kills = Math.max(4, Math.round((scene.seconds * 50) / 60));
    let [longest, heldCount] = [0, 0];
    let lastLeft = 'none';
    const { checks, done } = await underLoad(scene, site, {}, async (crowd) => {
      await crowd.served(20);
      let ended = 0;
      // What a person forgot in a terminal: it holds nothing, and keeps old versions of rows alive.
      const forgotten = new pg.Client({ connectionString: site.databaseUrl });
      forgotten.on('error', () => {});
      await forgotten.connect();
      await forgotten.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await forgotten.query('SELECT count(*) FROM orders');
      const pair = [startWorker(scene, site), startWorker(scene, site)];
      while (ended < kills) {
        const victim = pair[ended % 2]!;
        await victim.says(/Working/);
        await delay(scene.random.integer(BETWEEN_MS_MAX));
        await victim.kill('SIGKILL');
        pair[ended % 2] = startWorker(scene, site);
        ended += 1;
      }
      // All that a worker has had in its hands and that is not done: those of the last one, and those that come again after a pause.
      const { rows: held } = await site.db.query<{ id: string; at: Date }>(
        'SELECT id::text, now() AS at FROM graphile_worker._private_jobs WHERE attempts > 0',
      );
      const beganMs = performance.now();
      await forgotten.end();
      await eventually(async () => {
        const left = await site.db.query<{ what: string }>(
          `SELECT t.identifier || ', attempt ' || j.attempts || coalesce(', of ' || j.locked_by, '') ||
             coalesce(', failed: ' || j.last_error, '') AS what
           FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
           WHERE j.id = ANY ($1::bigint[]) AND (j.locked_at IS NULL OR j.locked_at <= $2) ORDER BY j.run_at DESC LIMIT 1`,
          [held.map(({ id }) => id), held[0]?.at],
        );
        lastLeft = left.rows[0]?.what ?? lastLeft;
        return left.rowCount === 0;
      }, 'the jobs of the killed workers are taken over');
      longest = performance.now() - beganMs;
      heldCount = held.length;
      return ended;
    });
    return [
      { what: 'kills', measured: done, atLeast: kills },
      ...checks,
      {
        what: `until the ${heldCount} jobs that killed workers had had were taken over`,
        measured: longest,
        unit: 'ms',
        atMost: 30_000,
        timed: true,
        example: `the last that was left: ${lastLeft}`,
      },
    ];
  },
};

function startWorker({ life }: Scene, site: Site): TestChild {
  return startNode(life, [MAIN, 'work'], {
    env: { ...process.env, DATABASE_URL: site.databaseUrl, LOG_LEVEL: 'info' },
  });
}
