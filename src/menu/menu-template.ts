import type { MenuView } from '../contract/index.ts';
import { BodyTemplate } from '../platform/http/answer/body-template.ts';
import type { Stock } from './stock.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** A limited dish, in the order of the menu. */
export interface LimitedDish {
  readonly id: string;
  /** Not to be had however many portions remain. */
  readonly soldOut: boolean;
}

/** A menu of one version without its stock, as plain data. */
export interface MenuParts {
  readonly menuVersion: number;
  /** JSON before, between and after what changes with the stock: the version, then each limited dish. */
  readonly pieces: readonly string[];
  readonly limited: readonly LimitedDish[];
}

/** Digits of a stock's version and of a count of portions: more than either ever has. */
const VERSION_DIGITS = 15;
const REMAINING_DIGITS = 10;

/** A menu of one version, into which any stock is filled for the price of a copy. */
export class MenuTemplate {
  readonly parts: MenuParts;
  /** Letters of what is filled in, for whoever embeds the pieces elsewhere. */
  readonly widths: readonly number[];
  readonly body: BodyTemplate;

  constructor(parts: MenuParts) {
    const { menuVersion, pieces, limited } = parts;
    this.parts = parts;
    // A menu whose dishes are not counted has no stock to fill in, and is compressed as a whole.
    this.widths =
      limited.length === 0
        ? []
        : [
            versionText(menuVersion, 10 ** VERSION_DIGITS).length,
            ...limited.map(() => dishText(false, 10 ** REMAINING_DIGITS).length),
          ];
    this.body = new BodyTemplate(JSON_TYPE, pieces, this.widths);
  }

  /** @returns what to fill in, in the order of the pieces; undefined when a dish is no longer counted */
  values({ version, remaining }: Stock): string[] | undefined {
    const { menuVersion, limited } = this.parts;
    if (limited.length === 0) return [];
    const values = [versionText(menuVersion, version)];
    for (const dish of limited) {
      const left = remaining.get(dish.id);
      if (left === undefined) return undefined;
      values.push(dishText(isSoldOut(dish, left), left));
    }
    return values;
  }
}

/** A dish with nothing left is sold out, whoever says so. */
export const isSoldOut = (dish: LimitedDish, remaining: number): boolean => dish.soldOut || remaining === 0;

const versionText = (menuVersion: number, stockVersion: number): string => `"${menuVersion}.${stockVersion}"`;
const dishText = (soldOut: boolean, remaining: number): string => `${soldOut},"remaining":${remaining}`;

/**
 * Takes a menu apart at what changes with the stock.
 * @param view whose `soldOut` says what holds while portions remain
 */
export function toMenuParts(menuVersion: number, view: MenuView): MenuParts {
  const limited = view.categories.flatMap(({ items }) => items).filter(({ remaining }) => remaining !== null);
  if (limited.length === 0) return { menuVersion, pieces: [JSON.stringify(view)], limited: [] };
  const { version: _, categories, ...rest } = view;
  const pieces = ['{"version":'];
  let text = `,${inner(rest)},"categories":[`;
  for (const [place, { items, ...category }] of categories.entries()) {
    text += `${place > 0 ? ',' : ''}{${inner(category)},"items":[`;
    for (const [at, item] of items.entries()) {
      if (at > 0) text += ',';
      if (item.remaining === null) {
        text += JSON.stringify(item);
        continue;
      }
      const { id, name, description, photo, price, soldOut: __, remaining: ___, ...after } = item;
      const before = { id, name, description, photo, price };
      pieces.push(`${text}{${inner(before)},"soldOut":`);
      text = `,${inner(after)}}`;
    }
    text += ']}';
  }
  pieces.push(`${text}]}`);
  return { menuVersion, pieces, limited: limited.map(({ id, soldOut }) => ({ id, soldOut })) };
}

/** An object's members without its braces. */
const inner = (members: object): string => JSON.stringify(members).slice(1, -1);
