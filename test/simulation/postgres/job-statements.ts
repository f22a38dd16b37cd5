import { list } from './arrays.ts';
import type { StandIn, View } from './postgres.ts';
import type { Tables } from './tables.ts';

type Job = Tables['job'];

/** As `retry_pause` in the migrations: longer from try to try, an hour and a half in all. */
const pauseMs = (attempts: number): number => Math.min(1_000 * 2 ** attempts, 300_000);
const INTERRUPTIONS_MAX = 24;
const ATTEMPTS_MAX = 12;
const AT_ONCE_MAX = 3;
const SOON_MAX = 5;
const SOON_TIMES = 9;

const isAvailable = (job: Job): boolean => job.lockedBy === null && job.attempts < job.attemptsMax;

function interrupt(view: View, job: Job): void {
  const { attempts, attemptsMax } = job;
  view.put('job', job.id, {
    ...job,
    lockedBy: null,
    attemptsMax: Math.max(attemptsMax, Math.min(attemptsMax + 1, ATTEMPTS_MAX + INTERRUPTIONS_MAX)),
    runAtMs:
      attempts <= AT_ONCE_MAX
        ? job.runAtMs
        : view.postgres.nowMs +
          pauseMs(Math.max(Math.min(attempts - AT_ONCE_MAX, SOON_MAX), attempts - AT_ONCE_MAX - SOON_TIMES + 1)),
  });
}

/** Locks the first of these that nobody holds. */
function takeDue(view: View, isCrowd: boolean, limit: number): Job[] {
  const due = view
    .rows('job')
    .filter((job) => job.priority > 0 === isCrowd && isAvailable(job) && job.runAtMs <= view.postgres.nowMs)
    .sort((a, b) => a.priority - b.priority || a.runAtMs - b.runAtMs);
  const taken: Job[] = [];
  for (const job of due) if (taken.length < limit && view.lock('job', job.id, { skips: true })) taken.push(job);
  return taken;
}

/** What the statements of the job queue do, by their names. */
export const JOB_STATEMENTS: Readonly<Record<string, StandIn>> = {
  'add-jobs': (view, [jobs]) => {
    const { postgres } = view;
    for (const { kind, payload, attemptsMax, ofCrowd } of JSON.parse(String(jobs))) {
      postgres.lastJobId += 1;
      const id = String(postgres.lastJobId);
      view.insert('job', id, {
        id,
        kind,
        payload,
        attempts: 0,
        attemptsMax,
        priority: ofCrowd ? 1 : 0,
        runAtMs: postgres.nowMs,
        lockedBy: null,
      });
    }
    view.tell('jobs:insert', '');
    return [];
  },
  'take-jobs': (view, [worker, , limit, crowdLimit]) => {
    const crowds = takeDue(view, true, Number(crowdLimit));
    const others = takeDue(view, false, Number(limit) - crowds.length);
    return [...crowds, ...others].map((job) => {
      const taken = { ...job, attempts: job.attempts + 1, lockedBy: String(worker) };
      view.put('job', job.id, taken);
      return {
        id: job.id,
        task_id: 1,
        payload: job.payload,
        attempts: taken.attempts,
        max_attempts: job.attemptsMax,
        of_crowd: job.priority > 0,
      };
    });
  },
  'finish-jobs': (view, [worker, ids]) => {
    for (const id of list(ids)) if (view.get('job', id)?.lockedBy === worker) view.put('job', id, undefined);
    return [];
  },
  'fail-jobs': (view, [worker, failed]) =>
    (JSON.parse(String(failed)) as { id: string; payload?: unknown }[]).flatMap(({ id, payload }) => {
      const job = view.get('job', id);
      if (!job || job.lockedBy !== worker) return [];
      const pause = pauseMs(job.attempts);
      const runAtMs = view.postgres.nowMs + pause;
      view.put('job', id, { ...job, runAtMs, lockedBy: null, payload: payload ?? job.payload });
      return [{ pauseMs: pause }];
    }),
  'free-jobs': (view) => {
    const living = new Set([...view.postgres.sessions].flatMap(({ advisory }) => [...advisory]));
    const dead = new Set<string>();
    for (const job of view.rows('job')) {
      if (job.lockedBy === null || living.has(job.lockedBy)) continue;
      dead.add(job.lockedBy);
      interrupt(view, job);
    }
    return [...dead].map((worker) => ({ worker }));
  },
};

/** Those that have no name, by how they begin. */
export const JOB_TEXTS: readonly (readonly [begin: string, run: StandIn])[] = [
  [
    'SET idle_session_timeout',
    ({ session }) => {
      session.listens.add('jobs:insert');
      return [];
    },
  ],
  [
    'SELECT pg_advisory_lock(',
    ({ session }, [worker]) => {
      session.advisory.add(String(worker));
      return [];
    },
  ],
  ['INSERT INTO graphile_worker._private_tasks', () => []],
  ['SELECT id, identifier AS kind FROM graphile_worker', (_, [kinds]) => [{ id: 1, kind: list(kinds)[0] }]],
  [
    'WITH away AS (DELETE FROM graphile_worker._private_jobs',
    (view, [worker]) => {
      for (const job of view.rows('job')) if (job.lockedBy === worker) interrupt(view, job);
      return [];
    },
  ],
];
