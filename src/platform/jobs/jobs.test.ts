import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../../test/support/eventually.ts';
import { captureLog } from '../../../test/support/log.ts';
import { PATIENT, testDatabase } from '../../../test/support/postgres.ts';
import { BOUNDS } from '../../config.ts';
import { openDb } from '../db/pool.ts';
import { listDead, replayDead } from './dead-letters.ts';
import { ATTEMPTS_MAX, addJobs, type JobHandler, type WorkerPool } from './jobs.ts';
import { prepareJobs } from './prepare.ts';
import { failJobs, freeJobs, giveBack, nameKinds, takeJobs } from './queue.ts';
import { type JobBounds, startJobRunner } from './runner.ts';
import { createSchedule } from './schedule.ts';

/** As in production, and a heartbeat that a test need not wait for. */
const BEATING: JobBounds = { ...BOUNDS.jobs, heartbeatMs: 100 };

const poolOf = (handlers: Record<string, JobHandler>, rest: Partial<WorkerPool> = {}): WorkerPool => ({
  name: 'test',
  open: () => ({ handlers, close: async () => {} }),
  concurrency: 4,
  standstillMs: 60_000,
  ...rest,
});

interface Ending {
  after(hook: () => Promise<void>): void;
}

/** A database with the job queue, and a way to work it off; all of it ends with the test. */
async function jobQueue(t: Ending) {
  const { url } = await testDatabase();
  await prepareJobs(url);
  const db = openDb({ ...PATIENT, url, connectionsMax: 3 });
  t.after(() => db.close());
  const { log, lines } = captureLog();
  const work = (handlers: Record<string, JobHandler>, rest: Partial<WorkerPool> = {}, bounds = BEATING) => {
    const runner = startJobRunner(url, [poolOf(handlers, rest)], log, bounds);
    t.after(() => runner.stop());
    return runner;
  };
  return { url, db, lines, work };
}

test('work exists if and only if its transaction commits', async (t) => {
  const { db, work } = await jobQueue(t);
  const done: unknown[] = [];
  work({ greet: async (payload) => done.push(payload) });
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
  const { db, work } = await jobQueue(t);
  await Promise.all(Array.from({ length: 8 }, (_, index) => addJobs(db, [{ kind: 'fail', payload: index }])));
  work({
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
  const { db, work } = await jobQueue(t);
  let broken = true;
  const done: unknown[] = [];
  work({
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
  const { db, work } = await jobQueue(t);
  const seen: unknown[] = [];
  work({
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

test('jobs of a crowd have half of a pool’s places, and nobody else’s wait behind them', async (t) => {
  const { db, work } = await jobQueue(t);
  const crowd = Promise.withResolvers<void>();
  const done: unknown[] = [];
  let crowdAtOnce = 0;
  const count = 100;
  const payloads = Array.from({ length: count }, (_, index) => ({
    kind: 'cook',
    payload: `crowd ${index}`,
    ofCrowd: true,
  }));
  await addJobs(db, payloads);
  const runner = work({
    cook: async (payload) => {
      if (String(payload).startsWith('crowd')) {
        crowdAtOnce = Math.max(crowdAtOnce, runner.health()[0]!.running);
        await crowd.promise;
      }
      done.push(payload);
    },
  });
  await eventually(() => assert.equal(runner.health()[0]!.running, 2));
  for (const honest of [1, 2, 3]) {
    await addJobs(db, [{ kind: 'cook', payload: honest }]);
    await eventually(() => assert.equal(done.at(-1), honest));
  }
  assert.equal(crowdAtOnce, 2);
  assert.deepEqual(done, [1, 2, 3]);
  // And the crowd is served as well, to the last, without anybody telling of them again.
  crowd.resolve();
  await eventually(() => assert.equal(done.length, count + 3));
});

/** A worker in a process of its own that has taken a job and never ends it. */
async function startStuckWorker(t: Ending, url: string) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./stuck-worker.fixture.ts', import.meta.url)), url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(async () => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test('the jobs of a killed worker are free again as soon as its session is gone', async (t) => {
  const { url, db, work } = await jobQueue(t);
  await addJobs(db, [{ kind: 'stuck', payload: 'held' }]);
  const child = await startStuckWorker(t, url);
  const done: unknown[] = [];
  work({ stuck: async (payload) => done.push(payload) });
  const { rows } = await db.query<{ held: boolean }>(
    'SELECT locked_at IS NOT NULL AS held FROM graphile_worker._private_jobs',
  );
  assert.deepEqual(rows, [{ held: true }]);
  child.kill('SIGKILL');
  await eventually(() => assert.deepEqual(done, ['held']));
});

test('a job whose worker dies has not failed; one that is interrupted again and again comes less and less often, and is a dead letter in the end', async (t) => {
  const { db } = await jobQueue(t);
  await addJobs(db, [{ kind: 'unlucky', payload: 1, attemptsMax: 1 }]);
  const kinds = await nameKinds(db, ['unlucky']);
  const due =
    'SELECT attempts, extract(epoch FROM run_at - updated_at)::float AS "pauseS" FROM graphile_worker._private_jobs WHERE is_available';
  /** A worker that nobody holds the name of takes it and is found dead. */
  const interrupt = async (worker: string) => {
    await db.query('UPDATE graphile_worker._private_jobs SET run_at = now()');
    const taken = await takeJobs(db, worker, kinds, { limit: 1, crowdLimit: 1 });
    assert.deepEqual(
      await freeJobs(db),
      taken.map(() => worker),
    );
    return taken.length;
  };
  const pausesS: number[] = [];
  while ((await interrupt(`dead ${pausesS.length}`)) === 1) {
    const [left] = (await db.query<{ attempts: number; pauseS: number }>(due)).rows;
    pausesS.push(left?.pauseS ?? Number.POSITIVE_INFINITY);
    assert.ok(pausesS.length < 100, 'there is no end to it');
  }
  assert.ok(pausesS.length > 2 * ATTEMPTS_MAX, `${pausesS.length} times`);
  assert.ok(pausesS.slice(0, 3).every((pauseS) => pauseS <= 0));
  assert.ok(pausesS.slice(3).every((pauseS) => pauseS > 0));
  // A dozen deaths are a bad hour of the machine's, and what they leave is done within thirty seconds; after that it is suspected.
  assert.ok(
    pausesS.slice(0, ATTEMPTS_MAX).every((pauseS) => pauseS <= 16),
    String(pausesS),
  );
  assert.ok(
    pausesS.slice(-4).every((pauseS) => pauseS >= 150),
    String(pausesS),
  );
  const [dead] = await listDead(db, 10, null);
  assert.match(dead!.reason, /killed/);
  // By hand it has the tries of a new one.
  assert.equal(await replayDead(db, dead!.id), true);
  const { rows } = await db.query('SELECT attempts, max_attempts FROM graphile_worker._private_jobs');
  assert.deepEqual(rows, [{ attempts: 0, max_attempts: ATTEMPTS_MAX }]);
});

test('a job that another of its key has replaced does not come again when its worker dies or it fails, and its last try is not one of these', async (t) => {
  const { db } = await jobQueue(t);
  const kinds = await nameKinds(db, ['again', 'last']);
  const ends = {
    'is found dead': (worker: string) => freeJobs(db).then((dead) => assert.deepEqual(dead, [worker])),
    'comes back': (worker: string) => giveBack(db, worker),
    fails: (worker: string, ids: readonly string[]) =>
      failJobs(
        db,
        worker,
        ids.map((id) => ({ id, message: 'no' })),
      ),
  };
  for (const [what, end] of Object.entries(ends)) {
    const again = { kind: 'again', payload: null, key: 'again' };
    await addJobs(db, [again, { kind: 'last', payload: null, attemptsMax: 1 }]);
    const taken = await takeJobs(db, 'worker', kinds, { limit: 2, crowdLimit: 2 });
    assert.equal(taken.length, 2);
    await addJobs(db, [again]);
    await end(
      'worker',
      taken.map(({ id }) => id),
    );
    const { rows } = await db.query('SELECT task_identifier AS kind, attempts FROM graphile_worker.jobs ORDER BY kind');
    assert.deepEqual(
      rows,
      [
        { kind: 'again', attempts: 0 },
        { kind: 'last', attempts: 1 },
      ],
      what,
    );
    await db.query('DELETE FROM graphile_worker._private_jobs');
  }
});

test('a job that was interrupted before it failed waits no longer than one that only failed', async (t) => {
  const { db } = await jobQueue(t);
  const kinds = await nameKinds(db, ['unlucky']);
  await addJobs(db, [{ kind: 'unlucky', payload: 1 }]);
  const take = async (worker: string) => {
    await db.query('UPDATE graphile_worker._private_jobs SET run_at = now()');
    return takeJobs(db, worker, kinds, { limit: 1, crowdLimit: 1 });
  };
  for (const worker of ['one', 'two', 'three', 'four', 'five', 'six']) {
    await take(worker);
    await giveBack(db, worker);
  }
  const [job] = await take('seven');
  const [pauseMs] = await failJobs(db, 'seven', [{ id: job!.id, message: 'locked' }]);
  assert.ok(pauseMs! <= 1_000, `${pauseMs} ms`);
});

test('the jobs of a worker that froze are free within ten seconds, and nothing breaks when it thaws', async (t) => {
  const { url, db, lines, work } = await jobQueue(t);
  await addJobs(db, [{ kind: 'stuck', payload: 'held' }]);
  const child = await startStuckWorker(t, url);
  const done: unknown[] = [];
  work({ stuck: async (payload) => done.push(payload) });
  const held = async () =>
    (await db.query<{ by: string }>('SELECT locked_by AS by FROM graphile_worker._private_jobs')).rows[0]?.by;
  assert.match((await held())!, /^stuck /);
  child.kill('SIGSTOP');
  const { rows } = await db.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  await eventually(() => assert.deepEqual(done, ['held']));
  const freed = await db.query<{ ms: number }>(
    'SELECT extract(epoch FROM clock_timestamp() - $1::timestamptz)::float * 1000 AS ms',
    [rows[0]!.at],
  );
  t.diagnostic(`free after ${freed.rows[0]!.ms.toFixed(0)} ms`);
  assert.ok(lines.some((line) => line.includes('Workers died')));
  child.kill('SIGCONT');
  // It has a session again, and takes jobs.
  await addJobs(db, [{ kind: 'stuck', payload: 'again' }]);
  await eventually(async () => assert.equal(await held(), undefined));
});

for (const [what, on, record] of [
  ['ended', 'DELETE', 'OLD'],
  ['failed', 'UPDATE OF last_error', 'NEW'],
] as const) {
  test(`connections that are cut while it is written down that jobs ${what} end neither their pool nor the process`, async (t) => {
    const { db, work } = await jobQueue(t);
    await db.query('CREATE SEQUENCE cut');
    await db.query(`CREATE FUNCTION cut_thrice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('cut') <= 3 THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(0.1); END IF;
      RETURN ${record}; END $$`);
    await db.query(`CREATE TRIGGER cut BEFORE ${on} ON graphile_worker._private_jobs
      FOR EACH ROW EXECUTE FUNCTION cut_thrice()`);

    const runs = new Map<unknown, number>();
    const done: unknown[] = [];
    const runner = work({
      each: async (payload) => {
        const run = (runs.get(payload) ?? 0) + 1;
        runs.set(payload, run);
        if (what === 'failed' && run <= 3) throw new Error('not this time');
        done.push(payload);
      },
    });
    const four = ['one', 'two', 'three', 'four'];
    await addJobs(
      db,
      four.map((payload) => ({ kind: 'each', payload })),
    );
    await eventually(async () => {
      const { rows } = await db.query<{ cuts: number }>('SELECT last_value AS cuts FROM cut');
      assert.ok(rows[0]!.cuts >= 3);
    });
    await addJobs(db, [{ kind: 'each', payload: 'later' }]);
    await eventually(async () => {
      assert.deepEqual(new Set(done), new Set([...four, 'later']));
      assert.equal((await db.query('SELECT FROM graphile_worker._private_jobs')).rowCount, 0);
    });
    await runner.stop();
    await eventually(async () => {
      const { rowCount } = await db.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND application_name IN ('matjip-heartbeat', 'matjip-jobs')`,
      );
      assert.equal(rowCount, 0);
    });
  });
}

test('a database that refuses to note that a job ended has it run again, and the others go on', async (t) => {
  const { db, work } = await jobQueue(t);
  await db.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.payload::text = '"bad"' AND OLD.attempts < 3 THEN RAISE 'disk full' USING ERRCODE = '53100'; END IF; RETURN OLD; END $$`);
  await db.query(
    'CREATE TRIGGER refuse BEFORE DELETE ON graphile_worker._private_jobs FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
  const runs: unknown[] = [];
  work({ note: async (payload) => runs.push(payload) });
  await addJobs(db, [{ kind: 'note', payload: 'bad' }]);
  await eventually(() => assert.ok(runs.length >= 2));
  await addJobs(db, [{ kind: 'note', payload: 'good' }]);
  await eventually(async () => assert.equal((await db.query('SELECT FROM graphile_worker._private_jobs')).rowCount, 0));
  assert.deepEqual(runs, ['bad', 'bad', 'bad', 'good'].slice(0, runs.length));
});

test('a pool whose handlers hang is begun again by the heartbeat, says so once, and is not ready until it works', async (t) => {
  const { db, lines, work } = await jobQueue(t);
  let hangs = true;
  const done: unknown[] = [];
  const runner = work(
    { hang: (payload) => (hangs ? new Promise<void>(() => {}) : Promise.resolve(done.push(payload))) },
    { concurrency: 1, standstillMs: 300 },
    { ...BEATING, restartMs: [200, 400] },
  );
  await addJobs(db, [
    { kind: 'hang', payload: 1 },
    { kind: 'hang', payload: 2 },
  ]);
  const [health] = await eventually(() => {
    const found = runner.health();
    assert.ok(found[0]!.restarts >= 2 && found[0]!.problem);
    return found;
  });
  assert.match(health!.problem!, /^Jobs stand still \(test\): it was begun again \d+ times in vain\.$/);
  assert.ok(health!.dueMs > 0);
  hangs = false;
  await eventually(() => assert.deepEqual(new Set(done), new Set([1, 2])));
  await eventually(() => assert.equal(runner.health()[0]!.problem, undefined));
  await eventually(() => assert.equal(lines.filter((line) => line.includes('works again')).length, 1));
  assert.equal(lines.filter((line) => line.includes('stands still')).length, 1);
});

test('jobs that were put down by a clock that has been set back since are not waited for', async (t) => {
  const { db, work } = await jobQueue(t);
  await addJobs(db, [{ kind: 'greet', payload: 'early' }]);
  await db.query(
    `UPDATE graphile_worker._private_jobs SET run_at = run_at + interval '1 hour', updated_at = updated_at + interval '1 hour'`,
  );
  await addJobs(db, [{ kind: 'greet', payload: 'really later', runAt: new Date(Date.now() + 3_600_000) }]);
  const done: unknown[] = [];
  work({ greet: async (payload) => done.push(payload) });
  await eventually(() => assert.deepEqual(done, ['early']));
});

test('work that comes while a pool has lost its session is done by the next one at once, not at the next poll', async (t) => {
  const { db, work } = await jobQueue(t);
  const done: unknown[] = [];
  work({ greet: async (payload) => done.push(payload) });
  await addJobs(db, [{ kind: 'greet', payload: 'before' }]);
  // Until its end is written down: a session that is lost before has its job done again.
  await eventually(async () => assert.equal((await db.query('SELECT FROM graphile_worker._private_jobs')).rowCount, 0));
  assert.deepEqual(done, ['before']);
  // In one transaction, so that the work is there before the pool can listen again.
  await db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'matjip-jobs'`,
    );
    assert.equal(rowCount, 1);
    await addJobs(tx, [{ kind: 'greet', payload: 'meanwhile' }]);
  });
  await eventually(() => assert.deepEqual(done, ['before', 'meanwhile']));
});

test('a job that ends after its session did runs again: a crash may have undone what it did', async (t) => {
  const { db, work } = await jobQueue(t);
  const ends: (() => void)[] = [];
  work({ slow: () => new Promise<void>((resolve) => ends.push(resolve)) });
  await addJobs(db, [{ kind: 'slow', payload: null }]);
  await eventually(() => assert.equal(ends.length, 1));
  await db.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'matjip-jobs'`);
  ends[0]!();
  await eventually(() => assert.equal(ends.length, 2));
  assert.equal((await db.query('SELECT FROM graphile_worker._private_jobs')).rowCount, 1);
  ends[1]!();
  await eventually(async () => assert.equal((await db.query('SELECT FROM graphile_worker._private_jobs')).rowCount, 0));
});

test('a slow job of a worker that lives is not taken from it', async (t) => {
  const { db, work } = await jobQueue(t);
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
  work(handlers, {}, { ...BEATING, heartbeatMs: 50 });
  await eventually(() => assert.equal(runs, 1));
  work(handlers, {}, { ...BEATING, heartbeatMs: 50 });
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
  const { url, db } = await jobQueue(t);
  const { log } = captureLog();
  let runs = 0;
  const handle = async () => {
    runs += 1;
  };
  const pool = poolOf({ tick: handle }, { scheduled: [{ kind: 'tick', pattern: '* * * * *', backfill: '5m' }] });
  const start = () => startJobRunner(url, [pool], log, BEATING);
  const first = start();
  await eventually(async () => {
    assert.equal((await db.query('SELECT FROM graphile_worker._private_known_crontabs')).rowCount, 1);
  });
  await first.stop();
  // As if nothing had run for three minutes.
  await db.query(
    `UPDATE graphile_worker._private_known_crontabs
     SET known_since = now() - interval '10 minutes', last_execution = date_trunc('minute', now() - interval '3 minutes')`,
  );
  const before = runs;
  for (const runner of [start(), start()]) t.after(() => runner.stop());
  await eventually(async () => {
    assert.ok(runs > before);
    assert.equal((await db.query('SELECT FROM graphile_worker._private_jobs')).rowCount, 0);
  });
  // One for those that were missed, and perhaps a minute that began meanwhile.
  assert.ok(runs - before <= 2, `${runs - before} runs`);
});

test('what the clock starts goes on when the database’s clock was set back, and starts nothing before its time', async (t) => {
  const { db } = await jobQueue(t);
  await db.query(
    `INSERT INTO graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
     VALUES ('tick', now() + interval '20 hours', now() + interval '25 hours'), ('yearly', now() - interval '1 day', NULL)`,
  );
  const nowMs = Date.parse('2026-06-15T12:00:30Z');
  const look = (atMs: number) =>
    createSchedule([
      { kind: 'tick', pattern: '* * * * *', backfill: '5m' },
      { kind: 'yearly', pattern: '0 0 1 1 *', backfill: '1d' },
    ]).addDue(db, atMs);
  const marks = async () =>
    (
      await db.query<{ inTime: boolean }>(
        `SELECT coalesce(last_execution, now()) <= now() AS "inTime" FROM graphile_worker._private_known_crontabs`,
      )
    ).rows;
  await look(nowMs);
  assert.deepEqual(await marks(), [{ inTime: true }, { inTime: true }]);
  await db.query(`UPDATE graphile_worker._private_known_crontabs SET last_execution = $1 WHERE identifier = 'tick'`, [
    new Date(nowMs - 120_000),
  ]);
  // Two processes see it; it is started once.
  await Promise.all([look(nowMs), look(nowMs)]);
  const { rows } = await db.query('SELECT task_identifier AS kind, run_at <= now() AS due FROM graphile_worker.jobs');
  assert.deepEqual(rows, [{ kind: 'tick', due: true }]);
});
