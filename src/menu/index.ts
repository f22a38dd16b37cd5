export type { Catalogue, CatalogueItem } from './catalogue.ts';
export { type Catalogues, createCatalogues } from './catalogues.ts';
export { createChangeItem } from './change-item.ts';
export { createMenuDesk, createOpenDesk, type MenuDesk, type ReadyMenu } from './menu-desk.ts';
export { menuRoutes } from './routes.ts';
