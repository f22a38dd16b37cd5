import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS } from '../../src/config.ts';
import type { Db } from '../../src/platform/db/pool.ts';
import { createBatch } from '../../src/platform/jobs/batch.ts';
import { auditDays, closeDays, postDue, rebuildDays } from '../../src/sales/index.ts';
import { killedAt } from '../support/killed-at.ts';
import { captureLog } from '../support/log.ts';
import { booksOf, openScene, type Sold } from './scene.ts';

const now = () => Date.parse('2026-05-12T12:00Z');

const WORK: Readonly<Record<string, (db: Db) => Promise<unknown>>> = {
  'posting what is due': (db) => postDue(db, BOUNDS.batch.postingsMax),
  'posting what is due two at a time': (db) => postDue(db, 2),
  'closing days, one of which is wrong': (db) => closeDays(db, now, 600_000),
  'auditing days, one of which is wrong': (db) => auditDays(db, now, 600_000),
  'making days anew': (db) => rebuildDays(db, { from: '2026-05-10', to: '2026-05-12' }),
  'a run that is written down': (db) =>
    createBatch(
      db,
      [
        {
          kind: 'k',
          pattern: '* * * * *',
          backfill: '1d',
          about: '',
          run: async () => ({ did: `${await postDue(db, 3)}` }),
        },
      ],
      captureLog().log,
    ).run('k'),
};

/** Each piece of scheduled work is killed at every so many of its statements, then started again. */
export function killedBatchSuite(every: number): void {
  for (const [name, work] of Object.entries(WORK)) {
    test(`${name}: killed at ${every === 1 ? 'any' : 'a'} statement and started again, the books are as if it had never been killed`, async (t) => {
      const scene = await openScene(t);
      const shops = [await scene.shop('Asia/Seoul'), await scene.shop('America/New_York')];
      const all: Sold[] = [];
      let kills = 0;
      for (let at = 1; ; at += every) {
        // What is due, and what is wrong.
        for (const shop of shops) {
          for (const day of ['2026-05-10', '2026-05-11']) {
            const atMs = Date.parse(`${day}T15:00Z`) + at * 60_000;
            all.push(await scene.sell(shop, atMs, [{ dish: 'stew', quantity: 1 + (at % 3), unitPrice: 9_000 }]));
          }
        }
        await scene.cancel(all.at(-1)!);
        if (!name.startsWith('posting') && !name.startsWith('a run')) {
          await scene.post();
          await scene.db.query(`UPDATE sales_item SET total = total + 7 WHERE store_id = $1`, [shops[0]!.store.id]);
        }
        const { db, wasKilled } = killedAt(t, scene.url, scene.db, at);
        await work(db).catch((error: Error) => assert.match(error.message, /killed|terminat|clos/i));
        if (!wasKilled()) break;
        kills += 1;
        await work(scene.db);
        assert.deepEqual(await scene.books(), booksOf(all), `killed at statement ${at}`);
      }
      assert.deepEqual(await scene.books(), booksOf(all));
      t.diagnostic(`${kills} statements`);
      assert.ok(kills >= (every === 1 ? 5 : 2));
    });
  }
}
