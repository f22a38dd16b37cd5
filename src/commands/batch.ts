import type { Jobs } from '../composition/jobs.ts';
import { openJobsAlone } from '../composition/jobs-alone.ts';
import type { Config } from '../config.ts';
import type { BatchJobView } from '../contract/index.ts';
import { withDatabase } from '../platform/db/commands/with-database.ts';
import type { Db } from '../platform/db/pool.ts';
import { type BatchRange, createBatch, listBatch } from '../platform/jobs/batch.ts';
import { prepareJobs } from '../platform/jobs/prepare.ts';

/** Of each kind; all that are kept are in the JSON and on the page for operations. */
const RUNS_SHOWN = 5;

/** `matjip batch list` */
export async function batchListCommand(config: Config, { json = false, log = console.log } = {}): Promise<void> {
  await withBatch(config, async ({ scheduled }, db) => {
    const { rows } = await db.query<{ now: Date }>('SELECT now()');
    const jobs = await listBatch(db, scheduled, rows[0]!.now.getTime());
    log(json ? JSON.stringify(jobs, null, 2) : jobs.map(describeJob).join('\n\n'));
  });
}

/**
 * `matjip batch run NAME`: here and now, whatever the clock says; a process that serves may do the same beside it.
 * @throws RangeError for a name that is not there, or for days that it does not have; otherwise what it failed with
 */
export async function batchRunCommand(
  config: Config,
  name: string,
  { from, to, log = console.log }: Partial<BatchRange> & { readonly log?: (line: string) => void } = {},
): Promise<void> {
  const range = readRange(from, to);
  await withBatch(config, async ({ scheduled }, db) => {
    const startedMs = performance.now();
    const { did, alert } = await createBatch(db, scheduled, QUIET).run(name, range);
    log(`${name}: ${did}, in ${duration(performance.now() - startedMs)}.`);
    if (alert) log(alert);
  });
}

/** A person reads it. */
const complain = ({ message, reason }: { message?: string; reason?: string }): void => {
  process.stderr.write(`${[message, reason].filter(Boolean).join(' ')}\n`);
};
const log = { debug: () => {}, info: () => {}, warn: complain, error: complain };

/** What became of a run is said by the command itself. */
const QUIET = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function withBatch(config: Config, work: (jobs: Jobs, db: Db) => Promise<void>): Promise<void> {
  await withDatabase(config, async (db, url) => {
    await prepareJobs(url);
    const built = new AsyncDisposableStack();
    try {
      await work(await openJobsAlone({ config, db, databaseUrl: url, log }, built), db);
    } finally {
      await built.disposeAsync();
    }
  });
}

function readRange(from: string | undefined, to: string | undefined): BatchRange | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined)
    throw new RangeError('Days have both --from and --to, --to not among them.');
  for (const [name, day] of Object.entries({ from, to })) {
    const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : Number.NaN;
    if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day) {
      throw new RangeError(`--${name}: ${day} is not a day; a date such as 2026-11-27 is needed.`);
    }
  }
  if (to <= from) throw new RangeError(`--to: ${to} is not after ${from}.`);
  return { from, to };
}

function describeJob({ name, about, pattern, nextAt, runs }: BatchJobView): string {
  const lines = runs.slice(0, RUNS_SHOWN).map(({ startedAt, tookMs, outcome, did, error, alert }) => {
    const said = [did, error, alert].filter((text) => text !== null).map((text) => text.replaceAll('\n', '\n      '));
    return `  ${seconds(startedAt)}  ${duration(tookMs).padStart(8)}  ${[outcome, ...said].join(': ')}`;
  });
  const next = nextAt === null ? 'not within a week' : seconds(nextAt);
  return [
    `${name}: ${about}`,
    `  next ${next} (${pattern})`,
    ...(lines.length > 0 ? lines : ['  has not run yet']),
  ].join('\n');
}

const seconds = (time: string): string => `${time.slice(0, 19).replace('T', ' ')} UTC`;

const duration = (ms: number | null): string =>
  ms === null ? '' : ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
