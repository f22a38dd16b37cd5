import Type, { type Static } from 'typebox';

/**
 * The numbers on a store's pick-up board, the latest first, at most 20 of each. A number is a label and may be there twice:
 * yesterday's, which nobody has picked up, and today's.
 */
export const PickUpBoard = Type.Object({
  cooking: Type.Array(Type.Integer()),
  ready: Type.Array(Type.Integer()),
});
export type PickUpBoard = Static<typeof PickUpBoard>;

export const BOARD_NUMBERS_MAX = 20;
