import Type, { type Static } from 'typebox';
import { Id, Name } from './common.ts';

/** Whole hours of UTC: the running one and the one before; the last 24; the last 168. */
export const RANKING_WINDOWS = ['hour', 'day', 'week'] as const;
export type RankingWindow = (typeof RANKING_WINDOWS)[number];

/** What fits on a phone's screen, and what an owner reads; more is a report. */
export const RANKING_LIMIT_DEFAULT = 10;
export const RANKING_LIMIT_MAX = 50;

export const RankingView = Type.Object({
  window: Type.Union([Type.Literal('hour'), Type.Literal('day'), Type.Literal('week')]),
  items: Type.Array(
    Type.Object({
      rank: Type.Integer({ minimum: 1 }),
      itemId: Id,
      name: Name,
      count: Type.Integer({ minimum: 1, description: 'portions in orders that are not cancelled' }),
      movement: Type.Union([Type.Integer(), Type.Null()], {
        description: 'ranks won against the window before; null: it was not in that one',
      }),
    }),
  ),
});
export type RankingView = Static<typeof RankingView>;
