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
