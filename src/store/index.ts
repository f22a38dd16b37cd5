export { createStoreDirectory, createStoreSource, type StoreDirectory } from './directory.ts';
export { createLockStores, type LockStores } from './lock-stores.ts';
export type { Store } from './queries.ts';
export { storeRoutes } from './routes.ts';
export { createSetState } from './set-state.ts';
export { createStoreListSource } from './store-list.ts';
