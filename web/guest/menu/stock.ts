import type { MenuView, StockView } from '../../../src/contract/menu.ts';

/** Ends the version of a menu that the page itself has changed: only a whole menu of the server's replaces it. */
export const MARKED = '+';

const menuPart = (version: string): string => version.split('.')[0]!;

/** Whether the stock belongs to this menu; otherwise the menu is another by now. */
export const isStockOf = (menu: MenuView, stock: StockView): boolean =>
  !menu.version.endsWith(MARKED) && menuPart(menu.version) === menuPart(stock.version);

/** The menu with another stock; dishes that are not counted stay the same objects, so that they are not drawn again. */
export function withStock(menu: MenuView, stock: StockView): MenuView {
  const counted = new Map(stock.items.map((item) => [item.id, item]));
  return {
    ...menu,
    version: stock.version,
    categories: menu.categories.map((category) => ({
      ...category,
      items: category.items.map((item) => {
        const left = counted.get(item.id);
        return left ? { ...item, soldOut: left.soldOut, remaining: left.remaining } : item;
      }),
    })),
  };
}
