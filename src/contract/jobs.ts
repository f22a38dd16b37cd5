import Type, { type Static } from 'typebox';
import { Page, Time } from './common.ts';

/** Work that failed as often as it may. It stays until somebody replays it. */
export const DeadJob = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  reason: Type.String({ description: 'what the last try failed with' }),
  attempts: Type.Integer(),
  payload: Type.Unknown({ description: 'what was to be done' }),
  createdAt: Time,
  failedAt: Time,
});
export type DeadJob = Static<typeof DeadJob>;

export const DeadJobPage = Page(DeadJob);

/** One run of scheduled work. `lost`: its process was killed, and a later run has begun since. */
export const BatchRunView = Type.Object({
  startedAt: Time,
  tookMs: Type.Union([Type.Integer(), Type.Null()]),
  outcome: Type.Union([Type.Literal('running'), Type.Literal('done'), Type.Literal('failed'), Type.Literal('lost')]),
  did: Type.Union([Type.String(), Type.Null()], { description: 'what it did' }),
  error: Type.Union([Type.String(), Type.Null()], { description: 'why it failed' }),
  alert: Type.Union([Type.String(), Type.Null()], {
    description: 'what a person should look at although nothing failed',
  }),
});
export type BatchRunView = Static<typeof BatchRunView>;

/** Work that the clock starts, with its last runs, the newest first. */
export const BatchJobView = Type.Object({
  name: Type.String(),
  about: Type.String(),
  pattern: Type.String({ description: 'cron, UTC' }),
  takesDays: Type.Boolean({ description: 'whether it can be run again for days of the past' }),
  nextAt: Type.Union([Time, Type.Null()]),
  runs: Type.Array(BatchRunView),
});
export type BatchJobView = Static<typeof BatchJobView>;

export const BatchList = Type.Object({ items: Type.Array(BatchJobView), next: Type.Null() });
