import Type, { type Static } from 'typebox';
import { Time } from './common.ts';

/** null: nothing of it happened. */
const Milliseconds = Type.Union([Type.Number(), Type.Null()]);
const PerSecond = Type.Number({ description: 'a second' });

/** A few seconds of all processes of one node together, for the charts. */
export const OpsPoint = Type.Object({
  at: Time,
  processes: Type.Integer({ description: 'how many of them told what they counted' }),
  menus: PerSecond,
  orders: PerSecond,
  status: PerSecond,
  others: PerSecond,
  refused: PerSecond,
  menuP99Ms: Milliseconds,
  orderP99Ms: Milliseconds,
  groupSize: Type.Union([Type.Number(), Type.Null()], { description: 'orders by one transaction, on average' }),
  level: Type.Number({ description: 'how much is left out, 0 to 1; of several processes the worst' }),
  standingMs: Type.Number({ description: 'how long a request lies unread; of several processes the longest' }),
  streams: Type.Integer(),
  dueS: Type.Number({ description: 'for how long the oldest job has been due that nobody works on' }),
  cores: Type.Number({ description: 'of the processor, by these processes' }),
});
export type OpsPoint = Static<typeof OpsPoint>;

/** What the last minute came to. */
export const OpsMinute = Type.Object({
  seconds: Type.Number({ description: 'how much of it there is: less after a start' }),
  classes: Type.Array(
    Type.Object({
      class: Type.String(),
      perSecond: PerSecond,
      p50Ms: Milliseconds,
      p99Ms: Milliseconds,
      refusedPerSecond: PerSecond,
    }),
  ),
  cache: Type.Array(
    Type.Object({
      place: Type.String(),
      tier: Type.String(),
      perSecond: PerSecond,
      hitRatio: Type.Number({ description: 'answered from there, whether fresh or stale, 0 to 1' }),
      staleRatio: Type.Number(),
    }),
  ),
  intake: Type.Object({
    ordersPerSecond: PerSecond,
    groupSize: Type.Union([Type.Number(), Type.Null()]),
    waitP50Ms: Milliseconds,
    waitP99Ms: Milliseconds,
    commitP50Ms: Milliseconds,
    commitP99Ms: Milliseconds,
  }),
  problems: Type.Array(Type.Object({ type: Type.String(), perSecond: PerSecond })),
});
export type OpsMinute = Static<typeof OpsMinute>;

/** Jobs of one kind; at most the first ten thousand jobs are looked at. */
export const OpsJobs = Type.Object({
  isMore: Type.Boolean({ description: 'there are more than were looked at' }),
  kinds: Type.Array(
    Type.Object({
      kind: Type.String(),
      waiting: Type.Integer({ description: 'due, and nobody works on them' }),
      running: Type.Integer(),
      later: Type.Integer({ description: 'not due yet' }),
      dead: Type.Integer({ description: 'failed as often as they may' }),
      oldestS: Type.Number({ description: 'for how long the oldest of those that wait has been due' }),
    }),
  ),
});
export type OpsJobs = Static<typeof OpsJobs>;

/** How one node does: what an engineer asks first, and nothing that is secret. */
export const OpsView = Type.Object({
  at: Time,
  node: Type.Object({
    name: Type.String(),
    processes: Type.Integer({ description: 'that serve, as configured' }),
    heard: Type.Integer({ description: 'of them, that told what they counted in the last moments' }),
    startedAt: Time,
  }),
  problems: Type.Array(Type.String(), { description: 'why the process that answers is not ready' }),
  tiersAway: Type.Array(Type.String(), { description: 'second tiers of the cache that do not answer' }),
  points: Type.Array(OpsPoint, { description: 'the last minutes, the oldest first' }),
  minute: OpsMinute,
  ticketsLate: Type.Boolean({
    description:
      'tickets of orders that were taken are late, so that new ones are refused: of all stores, or of those that have a crowd',
  }),
  jobs: Type.Union([OpsJobs, Type.Null()], { description: 'null: the database does not say' }),
  switches: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  versions: Type.Object({
    matjip: Type.String(),
    node: Type.String(),
    postgres: Type.Union([Type.String(), Type.Null()], { description: 'null: it does not say' }),
    redis: Type.Union([Type.String(), Type.Null()], { description: 'null: there is none, or it does not say' }),
  }),
});
export type OpsView = Static<typeof OpsView>;
