import type { BatchJobView } from '../../contract/index.ts';
import type { Db, Queryable } from '../db/pool.ts';
import { beginRun, endRun, listRuns } from './batch-runs.ts';
import type { JobHandler, JobLog, ScheduledJob } from './jobs.ts';
import { nextDue } from './schedule.ts';

/** Days, `to` not among them. */
export interface BatchRange {
  readonly from: string;
  readonly to: string;
}

export interface RunReport {
  /** What was done, in words. */
  readonly did: string;
  /** What a person should look at although nothing failed. */
  readonly alert?: string | undefined;
}

/** One kind of scheduled work. It may be run at any time, as often as anybody likes, and be killed anywhere. */
export interface BatchJob extends ScheduledJob {
  /** What it does, in a sentence. */
  readonly about: string;
  /** Whether it is also run when a process starts: what was missed meanwhile is then made up for at once. */
  readonly atStart?: boolean;
  run(): Promise<RunReport>;
  /** Does it again for these days; unset: it has no days. */
  readonly runAgain?: (range: BatchRange) => Promise<RunReport>;
}

export interface Batch {
  /** For the job queue: what the clock starts is written down as a run. */
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** @throws what the job failed with, after that was written down; RangeError for a job that is not there or has no days */
  run(kind: string, range?: BatchRange): Promise<RunReport>;
}

export function createBatch(db: Db, jobs: readonly BatchJob[], log: JobLog): Batch {
  async function record(kind: string, work: () => Promise<RunReport>): Promise<RunReport> {
    const run = await beginRun(db, kind);
    try {
      const report = await work();
      await endRun(db, kind, run, report);
      if (report.alert) log.error({ message: `${kind} found what a person should look at.`, alert: report.alert });
      return report;
    } catch (error) {
      // If not even that can be written down, the run is one that never ended.
      await endRun(db, kind, run, { error: (error as Error).message }).catch(() => {});
      throw error;
    }
  }
  return {
    handlers: Object.fromEntries(jobs.map((job) => [job.kind, () => record(job.kind, job.run)])),
    async run(kind, range) {
      const job = jobs.find((each) => each.kind === kind);
      if (!job) throw new RangeError(`There is no '${kind}': ${jobs.map((each) => each.kind).join(', ')}.`);
      if (range && !job.runAgain) throw new RangeError(`'${kind}' has no days: leave --from and --to out.`);
      return record(kind, () => (range ? job.runAgain!(range) : job.run()));
    },
  };
}

/** All scheduled work, with what became of it, the newest first, and what comes next. */
export async function listBatch(db: Queryable, jobs: readonly BatchJob[], nowMs: number): Promise<BatchJobView[]> {
  const runs = await listRuns(db);
  return jobs.map((job) => {
    const nextMs = nextDue(job, nowMs);
    return {
      name: job.kind,
      about: job.about,
      pattern: job.pattern,
      takesDays: job.runAgain !== undefined,
      nextAt: nextMs === undefined ? null : new Date(nextMs).toISOString(),
      runs: (runs.get(job.kind) ?? []).map(({ startedAt, ...run }) => ({ startedAt: startedAt.toISOString(), ...run })),
    };
  });
}
