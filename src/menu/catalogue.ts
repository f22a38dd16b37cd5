import {
  type DishFieldValues,
  type Name,
  type OpeningHours,
  ORDER_FIELD_NAMES,
  type OrderFieldName,
} from '../contract/index.ts';
import { canChoose } from './choices.ts';
import { type FieldColumns, fieldsOf } from './dish-fields.ts';
import { parseHours } from './hours/read-hours.ts';

/** As it comes from the database. */
export interface CatalogueRow {
  readonly menu_version: number;
  readonly items:
    | readonly ({
        id: string;
        ko: string;
        en: string;
        price: number;
        sold_out: boolean;
        station: string;
        /** Its own or its category's. */
        hours?: string | null;
      } & FieldColumns<OrderFieldName>)[]
    | null;
  readonly groups: readonly { id: string; item: string; ko: string; en: string; min: number; max: number }[] | null;
  readonly options:
    | readonly { id: string; group: string; ko: string; en: string; price: number; sold_out: boolean }[]
    | null;
}

/** What can be ordered at a store and for how much, for looking up by id. */
export interface Catalogue {
  readonly menuVersion: number;
  readonly items: ReadonlyMap<string, CatalogueItem>;
}

/** Of the fields of dishes it has those that orders are decided by. */
export interface CatalogueItem extends Partial<Pick<DishFieldValues, OrderFieldName>> {
  readonly id: string;
  readonly name: Name;
  readonly price: number;
  /** Switched off, or something must be chosen of which nothing can be had. */
  readonly soldOut: boolean;
  readonly station: string;
  /** When it is served; undefined: always. */
  readonly hours?: readonly OpeningHours[];
  readonly groups: readonly CatalogueGroup[];
  /** Every option of every group, with its group's place in `groups`. */
  readonly options: ReadonlyMap<string, CatalogueOption>;
}

export interface CatalogueGroup {
  readonly name: Name;
  readonly min: number;
  readonly max: number;
}

export interface CatalogueOption {
  readonly id: string;
  readonly name: Name;
  readonly price: number;
  readonly soldOut: boolean;
  readonly group: number;
}

export function toCatalogue(row: CatalogueRow): Catalogue {
  interface Draft extends CatalogueItem {
    soldOut: boolean;
    readonly groups: CatalogueGroup[];
    readonly options: Map<string, CatalogueOption>;
  }
  const items = new Map<string, Draft>();
  for (const item of row.items ?? []) {
    items.set(item.id, {
      id: item.id,
      name: { ko: item.ko, en: item.en || item.ko },
      price: item.price,
      soldOut: item.sold_out,
      station: item.station,
      ...fieldsOf(ORDER_FIELD_NAMES, item),
      ...(item.hours && { hours: parseHours(item.hours) }),
      groups: [],
      options: new Map(),
    });
  }
  const groups = new Map<string, { item: Draft; index: number }>();
  for (const group of row.groups ?? []) {
    const item = items.get(group.item);
    if (!item) continue;
    const index =
      item.groups.push({ name: { ko: group.ko, en: group.en || group.ko }, min: group.min, max: group.max }) - 1;
    groups.set(group.id, { item, index });
  }
  for (const option of row.options ?? []) {
    const group = groups.get(option.group);
    group?.item.options.set(option.id, {
      id: option.id,
      name: { ko: option.ko, en: option.en || option.ko },
      price: option.price,
      soldOut: option.sold_out,
      group: group.index,
    });
  }
  for (const { item, index } of groups.values()) {
    const options = [...item.options.values()].filter((option) => option.group === index);
    item.soldOut ||= !canChoose(item.groups[index]!.min, options);
  }
  return { menuVersion: row.menu_version, items };
}
