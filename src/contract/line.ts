import Type, { type Static } from 'typebox';

const Ahead = Type.Integer({ minimum: 0, description: 'orders in front' });
const Eta = Type.Integer({
  minimum: 0,
  description: 'seconds until it is this order’s turn, as far as anybody can tell',
});

/** A place in the virtual line, as a `503 busy` of an order carries it: `{place: …}`. */
export const LinePlace = Type.Object({
  token: Type.String({ description: 'sent back as `Line-Place`; good for this order at this store only' }),
  ahead: Ahead,
  etaSeconds: Eta,
});
export type LinePlace = Static<typeof LinePlace>;

/** How far a place has come. */
export const LineView = Type.Object({
  ahead: Ahead,
  etaSeconds: Eta,
  admitted: Type.Boolean({ description: 'true: send the order again, with the same key and `Line-Place`' }),
  pollAfterMs: Type.Integer({ minimum: 0, description: 'when to ask again; sooner learns nothing' }),
});
export type LineView = Static<typeof LineView>;
