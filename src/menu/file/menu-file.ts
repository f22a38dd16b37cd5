import type { ColumnNameOf } from '../../contract/column-name.ts';
import type { DishAttributeName } from '../../contract/dish-attributes.ts';
import type { DishFieldName, DishFieldValue } from '../../contract/dish-fields.ts';

export const KINDS = ['category', 'item', 'group', 'option'] as const;
export type Kind = (typeof KINDS)[number];

/** What a row can say besides its kind and code, under the names of the file's columns; null is nothing. */
export interface MenuValues extends OwnValues, AttributeColumns, FieldColumns {}

interface OwnValues {
  name_ko: string;
  /** Empty: the Korean name stands in for it wherever it is shown, and the file comes back as it was. */
  name_en: string;
  /** Of an option: on top of its item's price. */
  price: number;
  station: string;
  allergens: readonly string[];
  photo: string | null;
  description_ko: string | null;
  description_en: string | null;
  sold_out: boolean;
  min: number;
  max: number;
  /** Where the ingredients come from, such as 배추 국내산, as the law has it shown. */
  origin_ko: string | null;
  origin_en: string | null;
  /** When it is served, such as `mon-fri 11:00-14:30`; null: as its category, or always. */
  hours: string | null;
}

type AttributeColumns = { [A in DishAttributeName as ColumnNameOf<A>]: string | null };
type FieldColumns = { [N in DishFieldName as ColumnNameOf<N>]: DishFieldValue<N> };

/** A column that is not declared in the contract. */
export type OwnColumn = keyof OwnValues;

/** A column beside `kind` and `code`. */
export type ColumnName = keyof MenuValues;

/** One category, dish, group of options or option. Its identity is its kind, the codes of what it belongs to, and its code. */
export interface MenuRow {
  readonly kind: Kind;
  readonly code: string;
  /** Of an item: the code of the category it stands in. */
  readonly category: string | null;
  /** Of a group or an option: its item's code. */
  readonly item: string | null;
  /** Of an option: its group's code. */
  readonly group: string | null;
  /** In a whole menu all that the kind has; in a partial one what the file says. */
  readonly values: Readonly<Partial<MenuValues>>;
  /** Where the row is in its file, for problems that only show later. */
  readonly place: Place;
}

/** A menu, or changes to one, in reading order: each row follows what it belongs to. Made only by the readers here. */
export interface MenuFile {
  /** False: the whole menu, so what it does not name is taken off. True: changes to dishes that are there. */
  readonly partial: boolean;
  readonly rows: readonly MenuRow[];
}

/** A row's place in its file; plain data, so that it can be sent between threads. */
export interface Place {
  /** As a spreadsheet counts; 0: no single row. */
  readonly row: number;
  /** Where there are no rows: the path in the nested form, or the codes of what a menu has. */
  readonly path?: string;
}

/** Names a row among all rows of a store. Codes hold no slash. */
export const identityOf = (row: Pick<MenuRow, 'kind' | 'item' | 'group' | 'code'>): string =>
  `${row.kind}:${row.item ?? ''}/${row.group ?? ''}/${row.code}`;
