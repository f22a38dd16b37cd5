export type { Catalogue, CatalogueItem } from './catalogue.ts';
export { type Catalogues, createCatalogues } from './catalogues.ts';
export { createChangeItem } from './change-item.ts';
export { createMenuAtHand } from './menu-at-hand.ts';
export { createMenuSource, type MenuDesk, menuCodec } from './menu-desk.ts';
export type { MenuTemplate } from './menu-template.ts';
export type { ReadyMenu } from './ready-menu.ts';
export { createReturnStock } from './return-stock.ts';
export { menuRoutes } from './routes.ts';
