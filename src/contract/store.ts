import Type, { type Static } from 'typebox';
import { Id, Name, Page } from './common.ts';

/** `busy` still takes orders, with a longer promise; `paused` takes none. */
export const StoreState = Type.Union([Type.Literal('open'), Type.Literal('busy'), Type.Literal('paused')]);
export type StoreState = Static<typeof StoreState>;

export const StoreView = Type.Object({
  id: Id,
  slug: Type.String(),
  name: Name,
  state: StoreState,
  promisedMinutes: Type.Integer({ minimum: 0, description: 'minutes from order to ready, as promised now' }),
  currency: Type.String(),
  timeZone: Type.String(),
  tables: Type.Integer({ minimum: 0 }),
});
export type StoreView = Static<typeof StoreView>;

export const StorePage = Page(StoreView);
