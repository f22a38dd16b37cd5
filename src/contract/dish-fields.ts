import { ITEM_REMAINING_MAX } from './bounds.ts';

interface FieldBase {
  /** On the owner's form and in messages; in Korean it is also a heading that a menu file may have. */
  readonly label: OwnerWords;
  readonly help?: OwnerWords;
  /** What a menu file may call its column besides its name and the Korean label. */
  readonly headings: readonly string[];
  /** Guests get it with the menu, where a dish has it: what the API's description says of it. Absent: they do not. */
  readonly inMenu?: string;
  /** It has a say in what an order may have or costs: `CatalogueItem` has it. */
  readonly inOrders?: true;
}
type OwnerWords = Readonly<Record<'ko' | 'en', string>>;

/** A whole number of a dish, or none. */
interface NumberField extends FieldBase {
  readonly type: 'number';
  readonly min: number;
  readonly max: number;
}
/** Something that holds for a dish, or does not. */
interface FlagField extends FieldBase {
  readonly type: 'flag';
}
type DishField = NumberField | FlagField;

/**
 * What something is decided by or calculated with, and no more than a number or a yes: all that a new one needs before it is used, besides
 * its column in `migrations/` and its rows in `docs/guide/menu-file.md` (`docs/guide/add-a-field.md`). The menu's file, its statements, the
 * owner's form, the API's menu and the catalogue that orders are priced by are made from this. What is only told is `DISH_ATTRIBUTES`.
 */
export const DISH_FIELDS = {
  /** Portions that a business day begins with. */
  dailyLimit: {
    type: 'number',
    label: { ko: '하루 수량', en: 'Portions a day' },
    help: { ko: '비워 두면 제한이 없어요.', en: 'Empty: no limit.' },
    headings: ['한정수량', '일일한정', '하루한정', '일한정'],
    min: 0,
    max: ITEM_REMAINING_MAX,
    inOrders: true,
  },
  ageCheck: {
    type: 'flag',
    label: { ko: '주류(나이 확인)', en: 'Alcohol (age check)' },
    headings: ['나이확인', '성인확인', '연령확인', '주류여부', '성인메뉴'],
    inMenu: 'guests say that they are of age before they order it',
  },
} as const satisfies Record<string, DishField>;

type Fields = typeof DISH_FIELDS;
export type DishFieldName = keyof Fields;
export const DISH_FIELD_NAMES = Object.keys(DISH_FIELDS) as readonly DishFieldName[];
export const dishField = (name: DishFieldName): DishField => DISH_FIELDS[name];

/** What a dish has in a field: null or false where it says nothing. */
export type DishFieldValue<N extends DishFieldName> = Fields[N]['type'] extends 'flag' ? boolean : number | null;
/** Fields by their names here, in JSON and on the wire. */
export type DishFieldValues = { readonly [N in DishFieldName]: DishFieldValue<N> };

/** The names of those that guests get with the menu. */
export type MenuFieldName = { [N in DishFieldName]: Fields[N] extends { inMenu: string } ? N : never }[DishFieldName];
/** The names of those that orders are decided by. */
export type OrderFieldName = { [N in DishFieldName]: Fields[N] extends { inOrders: true } ? N : never }[DishFieldName];

const has = (name: DishFieldName, where: 'inMenu' | 'inOrders'): boolean => dishField(name)[where] !== undefined;
export const MENU_FIELD_NAMES = DISH_FIELD_NAMES.filter((name): name is MenuFieldName => has(name, 'inMenu'));
export const ORDER_FIELD_NAMES = DISH_FIELD_NAMES.filter((name): name is OrderFieldName => has(name, 'inOrders'));
