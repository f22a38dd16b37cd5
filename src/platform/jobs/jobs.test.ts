import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startNode } from '../../../test/support/child.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { captureLog } from '../../../test/support/log.ts';
import { testDatabase } from '../../../test/support/postgres.ts';
import { openDb } from '../db/pool.ts';
import { listDead, replayDead } from './dead-letters.ts';
import { addJobs, type JobHandler } from './jobs.ts';
import { prepareJobs } from './prepare.ts';
import { startJobRunner } from './runner.ts';

interface Ending {
  after(hook: () => Promise<void>): void;
}

/** A database with the channel, and a way to work it off; all of it ends with the test. */
async function channel(t: Ending) {
  const { url } = await testDatabase();
  await prepareJobs(url);
  const db = openDb({ url, connectionsMax: 3 });
  t.after(() => db.close());
  const { log, lines } = captureLog();
  const work = async (handlers: Record<string, JobHandler>, presence = { sweepMs: 200, youngMs: 100 }) => {
    const runner = await startJobRunner(url, [{ handlers, concurrency: 4 }], log, presence);
    t.after(() => runner.stop());
    return runner;
  };
  return { url, db, lines, work };
}

test('work exists if and only if its transaction commits', async (t) => {
  const { db, work } = await channel(t);
  const done: unknown[] = [];
  await work({ greet: async (payload) => done.push(payload) });
  await assert.rejects(
    db.transaction(async (tx) => {
      await addJobs(tx, [{ kind: 'greet', payload: 'rolled back' }]);
      throw new Error('no');
    }),
  );
  await db.transaction((tx) => addJobs(tx, [{ kind: 'greet', payload: 'committed' }]));
  await eventually(() => assert.deepEqual(done, ['committed']));
});

test('a failed job comes back after a pause that doubles and is spread', async (t) => {
  const { db, work } = await channel(t);
  await Promise.all(Array.from({ length: 8 }, (_, index) => addJobs(db, [{ kind: 'fail', payload: index }])));
  await work({
    fail: async () => {
      throw new Error('not today');
    },
  });
  const pauses = await eventually(async () => {
    const { rows } = await db.query<{ attempts: number; pause: number }>(
      `SELECT attempts, extract(epoch FROM run_at - updated_at)::float AS pause
       FROM graphile_worker._private_jobs WHERE attempts = 2 AND locked_at IS NULL`,
    );
    assert.equal(rows.length, 8);
    return rows.map((row) => row.pause);
  });
  // Half a second, doubled twice, and its second half is random.
  assert.ok(
    pauses.every((pause) => pause >= 0.9 && pause <= 2.1),
    String(pauses),
  );
  assert.ok(new Set(pauses.map((pause) => pause.toFixed(2))).size > 1, String(pauses));
});

test('after its last try a job is a dead letter with reason, payload and attempts, and can be replayed', async (t) => {
  const { db, work } = await channel(t);
  let broken = true;
  const done: unknown[] = [];
  await work({
    print: async (payload) => {
      if (broken) throw new Error('The printer burns.');
      done.push(payload);
    },
  });
  await addJobs(db, [{ kind: 'print', payload: { slip: 7 }, attemptsMax: 2 }]);
  const dead = await eventually(async () => {
    const letters = await listDead(db, 10, null);
    assert.equal(letters.length, 1);
    return letters[0]!;
  });
  assert.deepEqual(
    { kind: dead.kind, reason: dead.reason, payload: dead.payload, attempts: dead.attempts },
    { kind: 'print', reason: 'The printer burns.', payload: { slip: 7 }, attempts: 2 },
  );
  assert.equal(await replayDead(db, '999999'), false);
  broken = false;
  assert.equal(await replayDead(db, dead.id), true);
  await eventually(() => assert.deepEqual(done, [{ slip: 7 }]));
  await eventually(async () => assert.deepEqual(await listDead(db, 10, null), []));
  assert.equal(await replayDead(db, dead.id), false);
});

test('of a list only the entries that failed are tried again, and only they become the dead letter', async (t) => {
  const { db, work } = await channel(t);
  const seen: unknown[] = [];
  await work({
    each: async (payload) => {
      seen.push(payload);
      return Promise.allSettled(
        (payload as number[]).map(async (entry) => {
          if (entry === 13) throw new Error('bad luck');
        }),
      );
    },
  });
  await addJobs(db, [{ kind: 'each', payload: [1, 13, 2], attemptsMax: 2 }]);
  const letters = await eventually(async () => {
    const found = await listDead(db, 10, null);
    assert.equal(found.length, 1);
    return found;
  });
  assert.deepEqual(seen, [[1, 13, 2], [13]]);
  assert.deepEqual(letters[0]!.payload, [13]);
  assert.match(letters[0]!.reason, /bad luck/);
});

test('the jobs of a killed worker are free again as soon as its session is gone', async (t) => {
  const { url, db, work } = await channel(t);
  await addJobs(db, [{ kind: 'stuck', payload: 'held' }]);
  const child = startNode(t, [fileURLToPath(new URL('./stuck-worker.fixture.ts', import.meta.url)), url]);
  await child.says(/held/);
  const done: unknown[] = [];
  await work({ stuck: async (payload) => done.push(payload) });
  const { rows } = await db.query<{ held: boolean }>(
    'SELECT locked_at IS NOT NULL AS held FROM graphile_worker._private_jobs',
  );
  assert.deepEqual(rows, [{ held: true }]);
  await child.kill('SIGKILL');
  await eventually(() => assert.deepEqual(done, ['held']));
});

const FOUR = ['one', 'two', 'three', 'four'];

for (const [what, on, record, told] of [
  ['ended', 'DELETE', 'OLD', 'Failed to complete jobs'],
  ['failed', 'UPDATE OF last_error', 'NEW', 'Failed to fail jobs'],
] as const) {
  test(`connections that are cut while it is written down that jobs ${what} end neither their lane nor the process`, async (t) => {
    const { db, lines, work } = await channel(t);
    await db.query('CREATE SEQUENCE cut');
    await db.query(`CREATE FUNCTION cut_thrice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('cut') <= 3 THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(0.1); END IF;
      RETURN ${record}; END $$`);
    await db.query(`CREATE TRIGGER cut BEFORE ${on} ON graphile_worker._private_jobs
      FOR EACH ROW EXECUTE FUNCTION cut_thrice()`);
    const cuts = () => lines.filter((line) => line.includes(told)).length;

    const begun = new Set<unknown>();
    const done: unknown[] = [];
    const runner = await work({
      each: async (payload) => {
        // Each ends after the cut of the one before: a lane at whose end more was cut than is still to be written must not hang.
        const isFirst = !begun.has(payload);
        begun.add(payload);
        if (isFirst) await eventually(() => assert.ok(cuts() >= FOUR.indexOf(payload as string)));
        if (isFirst && what === 'failed') throw new Error('not this time');
        done.push(payload);
      },
    });
    await addJobs(
      db,
      FOUR.map((payload) => ({ kind: 'each', payload })),
    );
    await eventually(() => assert.equal(cuts(), 3));
    await addJobs(db, [{ kind: 'each', payload: 'later' }]);
    await eventually(async () => {
      assert.deepEqual(new Set(done), new Set([...FOUR, 'later']));
      assert.equal((await db.query('SELECT FROM graphile_worker._private_jobs')).rowCount, 0);
    });
    await runner.stop();
    await eventually(async () => {
      const { rowCount } = await db.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND application_name IN ('matjip-presence', 'matjip-jobs')`,
      );
      assert.equal(rowCount, 0);
    });
  });
}

test('work that comes while a lane has lost the connection by which it listens is done soon, not at the next poll', async (t) => {
  const { db, work } = await channel(t);
  const done: unknown[] = [];
  await work({ greet: async (payload) => done.push(payload) });
  await addJobs(db, [{ kind: 'greet', payload: 'before' }]);
  await eventually(() => assert.deepEqual(done, ['before']));
  // In one transaction, so that the work is there before the lane can listen again.
  await db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'matjip-jobs' AND query LIKE 'LISTEN%'`,
    );
    assert.equal(rowCount, 1);
    await addJobs(tx, [{ kind: 'greet', payload: 'meanwhile' }]);
  });
  await eventually(() => assert.deepEqual(done, ['before', 'meanwhile']));
});

test('a slow job of a worker that lives is not taken from it', async (t) => {
  const { db, work } = await channel(t);
  let runs = 0;
  let finish: (() => void) | undefined;
  const slow: JobHandler = () => {
    runs += 1;
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  };
  await addJobs(db, [{ kind: 'slow', payload: null }]);
  const handlers = { slow, mark: async () => {} };
  await work(handlers, { sweepMs: 50, youngMs: 1 });
  await eventually(() => assert.equal(runs, 1));
  await work(handlers, { sweepMs: 50, youngMs: 1 });
  // Twenty sweeps of both, by their own clock in the database.
  const { rows } = await db.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  await eventually(async () => {
    const now = await db.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    assert.ok(now.rows[0]!.at.getTime() - rows[0]!.at.getTime() > 1_000);
  });
  assert.equal(runs, 1);
  finish!();
  await eventually(async () => {
    assert.equal((await db.query('SELECT FROM graphile_worker._private_jobs')).rowCount, 0);
  });
});

test('what the clock starts is made up for when it was missed, by one of two workers', async (t) => {
  const { url, db } = await channel(t);
  const { log } = captureLog();
  let runs = 0;
  const handle = async () => {
    runs += 1;
  };
  const lane = {
    handlers: {},
    scheduled: [{ kind: 'tick', pattern: '* * * * *', backfill: '5m', handle }],
    concurrency: 1,
  };
  const first = await startJobRunner(url, [lane], log);
  await eventually(async () => {
    assert.equal((await db.query('SELECT FROM graphile_worker._private_known_crontabs')).rowCount, 1);
  });
  await first.stop();
  // As if nothing had run for three minutes.
  await db.query(
    `UPDATE graphile_worker._private_known_crontabs
     SET known_since = now() - interval '10 minutes', last_execution = date_trunc('minute', now() - interval '3 minutes')`,
  );
  for (const runner of [await startJobRunner(url, [lane], log), await startJobRunner(url, [lane], log)]) {
    t.after(() => runner.stop());
  }
  await eventually(async () => {
    assert.ok(runs >= 1);
    assert.equal((await db.query('SELECT FROM graphile_worker._private_jobs')).rowCount, 0);
  });
  // Three that were missed, and perhaps a minute that began meanwhile; two workers that each did them would make six.
  assert.ok(runs <= 4, `${runs} runs`);
});
