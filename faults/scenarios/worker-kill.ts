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
    let longest = 0;
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
      await forgotten.end();
      const beganMs = performance.now();
      const { rows } = await site.db.query<{ last: Date }>('SELECT now() AS last');
      await eventually(async () => {
        const { rowCount } = await site.db.query(
          'SELECT FROM graphile_worker._private_jobs WHERE created_at < $1 LIMIT 1',
          [rows[0]!.last],
        );
        return rowCount === 0;
      }, 'the jobs of the last killed worker are done');
      longest = performance.now() - beganMs;
      return ended;
    });
    return [
      { what: 'kills', measured: done, atLeast: kills },
      ...checks,
      {
        what: 'until the last killed one’s jobs were done',
        measured: longest,
        unit: 'ms',
        atMost: 30_000,
        timed: true,
      },
    ];
  },
};

function startWorker({ life }: Scene, site: Site): TestChild {
  return startNode(life, [MAIN, 'work'], {
    env: { ...process.env, DATABASE_URL: site.databaseUrl, LOG_LEVEL: 'info' },
  });
}
