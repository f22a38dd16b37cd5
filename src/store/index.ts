export { drawInThread } from './code-sheet/draw-in-thread.ts';
export { sheetOf } from './code-sheet/sheet-of.ts';
export { createStoreDirectory, createStoreSource, type StoreDirectory } from './directory.ts';
export { type LockStores, lockStores } from './lock-stores.ts';
export type { KitchenRoom, MinuteRange, PacedStore, StatedState, StorePacing } from './ports.ts';
export {
  type FirstStore,
  findFirstStore,
  findStores,
  listSelling,
  listStores,
  type Store,
  toStoreView,
} from './queries.ts';
export { storeRoutes } from './routes.ts';
export { createSetState } from './set-state.ts';
export { createSetUp } from './set-up-store.ts';
export { settingsRoutes } from './settings-routes.ts';
export { createStoreListSource, listKey } from './store-list.ts';
export { createTableKeys, type TableKeys } from './table-keys.ts';
