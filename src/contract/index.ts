export * from './allergens.ts';
export * from './bounds.ts';
export * from './common.ts';
export * from './errors.ts';
export * from './kitchen.ts';
export type * from './live.ts';
export * from './menu.ts';
export * from './order.ts';
export * from './store.ts';
