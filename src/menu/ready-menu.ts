import type { StockView } from '../contract/index.ts';
import { ReadyBody } from '../platform/http/answer/ready-body.ts';
import type { LoadedMenu } from './load-menu.ts';
import { isSoldOut, JSON_TYPE, MenuTemplate, toMenuParts } from './menu-template.ts';
import { readVersion, type Stock, writeVersion } from './stock.ts';

/** A store's menu with one stock, as it leaves the server. */
export interface ReadyMenu {
  /** Shared by all stocks of one menu version. */
  readonly template: MenuTemplate;
  readonly stock: Stock;
  /** What this stock fills the template with. */
  readonly values: readonly string[];
  readonly body: ReadyBody;
  /** The stock alone: some bytes for whoever has the menu. */
  readonly stockBody: ReadyBody;
}

/** @returns undefined when the stock does not belong to this menu, which then must be loaded again */
export function fillMenu(template: MenuTemplate, stock: Stock): ReadyMenu | undefined {
  const values = template.values(stock);
  if (!values) return undefined;
  let stockBody: ReadyBody | undefined;
  return {
    template,
    stock,
    values,
    body: template.body.fill(values),
    get stockBody() {
      stockBody ??= new ReadyBody(JSON_TYPE, Buffer.from(JSON.stringify(toStockView(template, stock))));
      return stockBody;
    },
  };
}

export function readyMenu({ menuVersion, stock, view }: LoadedMenu): ReadyMenu {
  return fillMenu(new MenuTemplate(toMenuParts(menuVersion, view)), stock)!;
}

/** The version of a menu that lies ready, as `CacheSource.versions` says it. */
export const versionOf = ({ template, stock }: ReadyMenu): string => writeVersion(template.parts.menuVersion, stock);

/** The menu brought up to a newer stock. @returns undefined when the menu itself is another by now */
export function patchMenu(menu: ReadyMenu, version: string): ReadyMenu | undefined {
  const { menuVersion, stock } = readVersion(version);
  if (menuVersion !== menu.template.parts.menuVersion) return undefined;
  // Where nothing is counted, no stock shows.
  if (menu.values.length === 0) return menu;
  return fillMenu(menu.template, stock);
}

function toStockView({ parts }: MenuTemplate, { version, remaining }: Stock): StockView {
  return {
    version: `${parts.menuVersion}.${version}`,
    items: parts.limited.map((dish) => {
      const left = remaining.get(dish.id)!;
      return { id: dish.id, soldOut: isSoldOut(dish, left), remaining: left };
    }),
  };
}
