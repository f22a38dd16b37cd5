export type { Catalogue, CatalogueItem } from './catalogue.ts';
export { type Catalogues, createCatalogues } from './catalogues.ts';
export { createChangeItem } from './change-item.ts';
export { createMenuAtHand } from './menu-at-hand.ts';
export { createMenuSource, type MenuDesk, menuCodec, type ReadyMenu } from './menu-desk.ts';
export { createReturnStock } from './return-stock.ts';
export { menuRoutes } from './routes.ts';
