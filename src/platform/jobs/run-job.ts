import { inspect } from 'node:util';
import type { JobHandler } from './jobs.ts';
import type { FailedJob, TakenJob } from './queue.ts';

export type Outcome = { readonly job: TakenJob; readonly failure?: FailedJob };

/** More of a message helps nobody, and a thousand jobs may fail with it. */
const MESSAGE_LENGTH_MAX = 4_000;

/** Runs one job, once. Never rejects, whatever the handler does. */
export async function runJob(job: TakenJob, handle: JobHandler): Promise<Outcome> {
  try {
    const failed = failedEntries(job.payload, await handle(job.payload));
    if (failed.length === 0) return { job };
    return {
      job,
      failure: {
        id: job.id,
        message: messageOf(`Of the list failed:\n${failed.map(({ reason }) => text(reason)).join('\n')}`),
        payload: failed.map(({ entry }) => entry),
      },
    };
  } catch (error) {
    return { job, failure: { id: job.id, message: messageOf(text(error)) } };
  }
}

/** What failed of a list, if the handler answered with one settled result for each entry. */
function failedEntries(payload: unknown, answer: unknown): { entry: unknown; reason: unknown }[] {
  if (!Array.isArray(payload) || !Array.isArray(answer) || payload.length !== answer.length) return [];
  return (answer as PromiseSettledResult<unknown>[]).flatMap((result, index) =>
    result.status === 'rejected' ? [{ entry: payload[index], reason: result.reason }] : [],
  );
}

const text = (error: unknown): string => (error instanceof Error ? error.message : inspect(error)) || 'It failed.';

/** A text that Postgres can hold: a failure that cannot be written down would be tried again without a pause. */
const messageOf = (message: string): string => message.slice(0, MESSAGE_LENGTH_MAX).replaceAll('\0', '').toWellFormed();
