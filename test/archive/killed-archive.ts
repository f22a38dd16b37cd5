import assert from 'node:assert/strict';
import { killedAt } from '../support/killed-at.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { isGone, openArchiveScene, restore, write } from './months.ts';

/**
 * A month is archived and restored again and again, killed each time at a later statement and then run again.
 * @param every of so many statements one is killed
 * @returns how many kills there were
 */
export async function killArchive(
  t: Lifetime,
  every: number,
): Promise<{ readonly writes: number; readonly restores: number }> {
  const scene = await openArchiveScene(t);
  const { deps } = scene;
  const before = await scene.seenRowsOf('2026-01');
  const books = await scene.books();
  const kills = { writes: 0, restores: 0 };
  let [writing, restoring] = [true, true];
  for (let at = 1; writing || restoring; at += every) {
    const kill = async (work: typeof write | typeof restore) => {
      const victim = killedAt(t, scene.url, scene.db, at);
      await Promise.resolve(work({ ...deps, db: victim.db, copying: victim.copying(deps.copying) }, '2026-01')).catch(
        (error: Error) => assert.match(error.message, /killed|terminat|clos/i),
      );
      return victim.wasKilled();
    };
    if (writing) {
      writing = await kill(write);
      if (writing) kills.writes += 1;
    }
    if (!(await isGone(scene.db, '2026-01'))) {
      // Until the files are whole the rows are in the database, whoever sees them.
      assert.deepEqual(await scene.rowsOf('2026-01'), before, `archive killed at statement ${at}`);
    }
    await write(deps, '2026-01');
    assert.ok(await isGone(scene.db, '2026-01'));
    if (restoring) {
      restoring = await kill(restore);
      if (restoring) kills.restores += 1;
      const seen = Object.values(await scene.seenRowsOf('2026-01')).flat().length;
      assert.ok(seen === 0 || !restoring || seen === Object.values(before).flat().length, `${seen} rows are seen`);
    }
    if ((await scene.seenRowsOf('2026-01')).orders!.length === 0) await restore(deps, '2026-01');
    assert.deepEqual(await scene.seenRowsOf('2026-01'), before, `killed at statement ${at}`);
    assert.deepEqual(await scene.books(), books);
  }
  return kills;
}
