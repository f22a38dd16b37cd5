import { type DishAttributeCodes, MENU_FIELD_NAMES, type MenuFieldName, type MenuView } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { canChoose } from './choices.ts';
import { type FieldColumns, fieldMembers, fieldsSaid } from './dish-fields.ts';
import { notNow } from './hours/not-now.ts';
import type { Stock } from './stock.ts';

/** A store's whole menu as of one moment, read by one statement so that its parts belong together. */
export interface LoadedMenu {
  readonly storeId: string;
  /** Grows with every change of the menu. */
  readonly menuVersion: number;
  readonly stock: Stock;
  /** A dish's hours have begun or ended since this version was made. */
  readonly isDue: boolean;
  /** As the contract has it, but `soldOut` says what holds while portions remain: whoever fills the stock in adds the rest. */
  readonly view: MenuView;
}

interface MenuRow {
  readonly menu_version: number;
  readonly stock_version: number;
  readonly currency: string;
  readonly time_zone: string;
  readonly turned_at: Date;
  readonly due: boolean | null;
  readonly categories: readonly { id: string; ko: string; en: string }[] | null;
  readonly items:
    | readonly ({
        id: string;
        category: string;
        ko: string;
        en: string;
        about_ko: string | null;
        about_en: string | null;
        photo: string | null;
        price: number;
        sold_out: boolean;
        allergens: string[];
        station: string;
        remaining: number | null;
        origin_ko: string | null;
        origin_en: string | null;
        attributes: DishAttributeCodes;
        hours: string | null;
      } & FieldColumns<MenuFieldName>)[]
    | null;
  readonly groups: readonly { id: string; item: string; ko: string; en: string; min: number; max: number }[] | null;
  readonly options:
    | readonly { id: string; group: string; ko: string; en: string; price: number; sold_out: boolean }[]
    | null;
}

const FIELDS = fieldMembers(MENU_FIELD_NAMES);

/** @returns undefined when there is no such store */
export async function loadMenu(db: Queryable, storeId: string): Promise<LoadedMenu | undefined> {
  const { rows } = await db.query<MenuRow>(
    `SELECT h.menu_version, h.stock_version, s.currency, s.time_zone, coalesce(t.turned_at, now()) AS turned_at,
       t.turns_at <= now() AS due,
       (SELECT json_agg(json_build_object('id', c.id, 'ko', c.name_ko, 'en', c.name_en) ORDER BY c.position, c.id)
        FROM category c WHERE c.store_id = $1 AND NOT c.archived) AS categories,
       (SELECT json_agg(json_build_object('id', i.id, 'category', i.category_id, 'ko', i.name_ko, 'en', i.name_en,
          'about_ko', i.description_ko, 'about_en', i.description_en, 'price', i.price,
          -- Of somebody else's server guests load nothing: our copy, once it is there.
          'photo', CASE WHEN i.photo ~* '^https?:' THEN '/photos/' || p.photo_id ELSE i.photo END,
          'sold_out', i.sold_out, 'allergens', i.allergens, 'station', i.station, 'remaining', k.remaining,
          'origin_ko', i.origin_ko, 'origin_en', i.origin_en, ${FIELDS}'attributes', i.attributes,
          'hours', coalesce(i.hours, d.hours))
          ORDER BY i.position, i.id)
        FROM item i LEFT JOIN stock k ON k.store_id = i.store_id AND k.item_id = i.id
        LEFT JOIN photo_source p ON p.address = i.photo
        LEFT JOIN category d ON d.store_id = i.store_id AND d.id = i.category_id
        WHERE i.store_id = $1 AND NOT i.archived) AS items,
       (SELECT json_agg(json_build_object('id', g.id, 'item', g.item_id, 'ko', g.name_ko, 'en', g.name_en,
          'min', g.min, 'max', g.max) ORDER BY g.position, g.id)
        FROM option_group g WHERE g.store_id = $1 AND NOT g.archived) AS groups,
       (SELECT json_agg(json_build_object('id', o.id, 'group', o.group_id, 'ko', o.name_ko, 'en', o.name_en,
          'price', o.price, 'sold_out', o.sold_out) ORDER BY o.position, o.id)
        FROM item_option o WHERE o.store_id = $1 AND NOT o.archived) AS options
     FROM store s JOIN store_head h ON h.store_id = s.id LEFT JOIN menu_turn t ON t.store_id = s.id
     WHERE s.id = $1`,
    [storeId],
    'menu',
  );
  const row = rows[0];
  if (!row) return undefined;
  return {
    storeId,
    menuVersion: row.menu_version,
    stock: {
      version: row.stock_version,
      remaining: new Map(row.items?.flatMap(({ id, remaining }) => (remaining === null ? [] : [[id, remaining]]))),
    },
    isDue: row.due === true,
    view: toView(row),
  };
}

function groupBy<T>(rows: readonly T[] | null, key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows ?? []) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

function toView(row: MenuRow): MenuView {
  const items = groupBy(row.items, (item) => item.category);
  const groups = groupBy(row.groups, (group) => group.item);
  const options = groupBy(row.options, (option) => option.group);
  const name = (of: { ko: string; en: string }) => ({ ko: of.ko, en: of.en || of.ko });
  return {
    version: `${row.menu_version}.${row.stock_version}`,
    currency: row.currency,
    categories: (row.categories ?? []).map((category) => ({
      id: category.id,
      name: name(category),
      items: (items.get(category.id) ?? []).map((item) => {
        const optionGroups = (groups.get(item.id) ?? []).map((group) => ({
          id: group.id,
          name: name(group),
          min: group.min,
          max: group.max,
          options: (options.get(group.id) ?? []).map((option) => ({
            id: option.id,
            name: name(option),
            price: option.price,
            soldOut: option.sold_out,
          })),
        }));
        // Of the version's own moment, so that a version is the same menu whenever it is loaded.
        const later = item.hours ? notNow(item.hours, row.time_zone, row.turned_at.getTime()) : undefined;
        return {
          id: item.id,
          name: name(item),
          ...(item.about_ko && { description: { ko: item.about_ko, en: item.about_en || item.about_ko } }),
          ...(item.photo && { photo: item.photo }),
          price: item.price,
          // A dish of which something must be chosen and nothing can be is sold out as well.
          soldOut: item.sold_out || !optionGroups.every((group) => canChoose(group.min, group.options)),
          remaining: item.remaining,
          allergens: item.allergens,
          station: item.station,
          ...(item.origin_ko && { origin: { ko: item.origin_ko, en: item.origin_en || item.origin_ko } }),
          ...(Object.keys(item.attributes).length > 0 && { attributes: item.attributes }),
          ...fieldsSaid(MENU_FIELD_NAMES, item),
          ...(later && { notNow: later.words }),
          ...(later?.fromMs && { servedFrom: new Date(later.fromMs).toISOString() }),
          optionGroups,
        };
      }),
    })),
  };
}
