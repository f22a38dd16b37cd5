export type { KitchenRoom, Pacing, StatedState } from '../kitchen/index.ts';
export type { Access } from '../staff/index.ts';
