import { type ColumnNameOf, columnNameOf } from '../../../contract/column-name.ts';
import { DISH_ATTRIBUTE_NAMES, type DishAttributeName } from '../../../contract/dish-attributes.ts';
import { DISH_FIELD_NAMES, type DishFieldName, type DishFieldValue } from '../../../contract/dish-fields.ts';
import { ITEM_PRICE_MAX } from '../../../contract/menu.ts';
import { readHours } from '../../hours/read-hours.ts';
import { FILE_BOUNDS } from '../bounds.ts';
import { type ColumnName, KINDS, type Kind, type MenuValues } from '../menu-file.ts';
import { quoted } from '../words.ts';
import {
  attributeColumn,
  type Column,
  code,
  fieldColumn,
  LINES,
  number,
  readAllergens,
  readPhoto,
  text,
  yesNo,
} from './column-types.ts';
import { readPrice, readStation, Wrong, writePrice } from './read-values.ts';

const station = code(FILE_BOUNDS.stationLengthMax);

const ITEM: readonly Kind[] = ['item'];
const GROUP: readonly Kind[] = ['group'];
const PRICED: readonly Kind[] = ['item', 'option'];
const { nameLengthMax, descriptionLengthMax, originLengthMax, stationLengthMax, choicesMax } = FILE_BOUNDS;
const origin = { kinds: ITEM, required: [], empty: null, ...text(originLengthMax) } as const;
const description = { kinds: ITEM, required: [], empty: null, ...text(descriptionLengthMax, LINES) } as const;

const byColumn = <N extends string, C>(names: readonly N[], columnOf: (name: N) => C) =>
  Object.fromEntries(names.map((name) => [columnNameOf(name), columnOf(name)]));
const FIELDS = byColumn(DISH_FIELD_NAMES, fieldColumn) as {
  readonly [N in DishFieldName as ColumnNameOf<N>]: Column<DishFieldValue<N>>;
};
const ATTRIBUTES = byColumn(DISH_ATTRIBUTE_NAMES, attributeColumn) as {
  readonly [A in DishAttributeName as ColumnNameOf<A>]: Column<string | null>;
};
/** A column that every export has, because the first ones had it; those that were declared later stand behind them. */
const always = <T>({ isOptional: _, ...column }: Column<T>): Column<T> => column;
const { daily_limit, age_check, ...LATER_FIELDS } = FIELDS;

/** Every column besides `kind` and `code`, in the order in which a file is written. */
export const COLUMNS: { readonly [C in keyof MenuValues]: Column<MenuValues[C]> } = {
  name_ko: { kinds: KINDS, required: KINDS, ...text(nameLengthMax) },
  name_en: { kinds: KINDS, required: [], empty: '', ...text(nameLengthMax) },
  price: {
    type: 'number',
    kinds: PRICED,
    required: ITEM,
    empty: 0,
    read: (written, reading) => readPrice(written, reading, ITEM_PRICE_MAX),
    write: writePrice,
  },
  station: {
    kinds: ITEM,
    required: ITEM,
    ...station,
    read: (written) => station.read(readStation(written, stationLengthMax) || written),
  },
  allergens: {
    kinds: ITEM,
    required: [],
    empty: [],
    type: 'list',
    read: readAllergens,
    write: (codes) => codes.join('|'),
  },
  photo: { kinds: ITEM, required: [], empty: null, ...text(0), read: readPhoto },
  description_ko: description,
  description_en: description,
  daily_limit: always(daily_limit),
  sold_out: {
    kinds: PRICED,
    required: [],
    empty: false,
    ...yesNo,
  },
  min: { kinds: GROUP, required: GROUP, ...number(0, choicesMax) },
  max: { kinds: GROUP, required: GROUP, ...number(1, choicesMax) },
  origin_ko: origin,
  origin_en: origin,
  age_check: always(age_check),
  hours: {
    kinds: ['category', 'item'],
    required: [],
    empty: null,
    ...text(0),
    read: (written) =>
      readHours(written) ??
      new Wrong({
        en: `${quoted(written)} is not like mon-fri 11:00-14:30, sat 10:00-15:00`,
        ko: `${quoted(written)}은(는) '월-금 11:00-14:30, 토 10:00-15:00'처럼 적은 시간이 아니에요`,
      }),
  },
  ...LATER_FIELDS,
  ...ATTRIBUTES,
};

export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];
export const columnsOf = (kind: Kind): readonly ColumnName[] =>
  COLUMN_NAMES.filter((name) => COLUMNS[name].kinds.includes(kind));
export const HEADER = ['kind', 'code', ...COLUMN_NAMES] as const;

export const readCode = code(FILE_BOUNDS.codeLengthMax).read;
