export { createStoreDirectory, createStoreSource, type StoreDirectory } from './directory.ts';
export { type LockStores, lockStores } from './lock-stores.ts';
export { findFirstStore, findStores, listStores, type Store, toStoreView } from './queries.ts';
export { storeRoutes } from './routes.ts';
export { createSetState } from './set-state.ts';
export { createSetUp } from './set-up-store.ts';
export { settingsRoutes } from './settings-routes.ts';
export { createStoreListSource } from './store-list.ts';
export { createTableKeys, type TableKeys } from './table-keys.ts';
