import Type, { type Static } from 'typebox';
import { ITEM_REMAINING_MAX } from './bounds.ts';
import { Id, INT4_MAX, Money, Name, Time } from './common.ts';
import { DISH_ATTRIBUTE_NAMES, type DishAttributeName, dishAttribute } from './dish-attributes.ts';
import { type DishFieldValue, dishField, MENU_FIELD_NAMES, type MenuFieldName } from './dish-fields.ts';
import { PHOTO_PATTERN } from './photo.ts';

export const OptionView = Type.Object({ id: Id, name: Name, price: Money, soldOut: Type.Boolean() });

export const OptionGroupView = Type.Object({
  id: Id,
  name: Name,
  min: Type.Integer({ minimum: 0 }),
  max: Type.Integer({ minimum: 1 }),
  options: Type.Array(OptionView),
});

/** What is told of a dish, by code; an attribute that it does not have is absent. */
export const DishAttributes = Type.Object(
  Object.fromEntries(
    DISH_ATTRIBUTE_NAMES.map((name) => [
      name,
      Type.Optional(Type.String({ description: Object.keys(dishAttribute(name).values).join(', ') })),
    ]),
  ) as Record<DishAttributeName, Type.TOptional<Type.TString>>,
);

/** Fields of a dish that guests get: a number where there is one, `true` where it holds, and otherwise absent. */
const MenuFields = Object.fromEntries(
  MENU_FIELD_NAMES.map((name) => {
    const { type, inMenu: description } = dishField(name) as DishFieldInMenu;
    return [name, Type.Optional(type === 'flag' ? Type.Boolean({ description }) : Type.Integer({ description }))];
  }),
) as unknown as { [N in MenuFieldName]: Type.TOptional<MenuFieldSchema<N>> };
type DishFieldInMenu = ReturnType<typeof dishField> & { readonly inMenu: string };
type MenuFieldSchema<N extends MenuFieldName> = DishFieldValue<N> extends boolean ? Type.TBoolean : Type.TInteger;

export const ItemView = Type.Object({
  id: Id,
  name: Name,
  description: Type.Optional(Name),
  photo: Type.Optional(
    Type.String({
      description: 'an address on this server; of `/photos/…` there are `/320.webp`, `/640.webp` and `/1280.webp`',
    }),
  ),
  price: Money,
  soldOut: Type.Boolean(),
  remaining: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description: 'null is unlimited' }),
  allergens: Type.Array(Type.String()),
  station: Type.String(),
  origin: Type.Optional(Name),
  attributes: Type.Optional(DishAttributes),
  ...MenuFields,
  /** It is served at other times: from when, for guests, by the clock on the store's wall. */
  notNow: Type.Optional(Name),
  /** When it is served next. */
  servedFrom: Type.Optional(Time),
  optionGroups: Type.Array(OptionGroupView),
});
export type ItemView = Static<typeof ItemView>;

export const CategoryView = Type.Object({ id: Id, name: Name, items: Type.Array(ItemView) });

export const MenuView = Type.Object({
  version: Type.String({ description: 'before the dot the menu’s, after it that of the stock' }),
  currency: Type.String(),
  categories: Type.Array(CategoryView),
});
export type MenuView = Static<typeof MenuView>;

/** What is left of the limited dishes: all that changes of a menu while it is sold from. */
export const StockView = Type.Object({
  version: Type.String({ description: 'that of the menu; when the part before the dot differs, the menu is another' }),
  items: Type.Array(Type.Object({ id: Id, soldOut: Type.Boolean(), remaining: Type.Integer({ minimum: 0 }) })),
});
export type StockView = Static<typeof StockView>;

/** A price of ten million won is a typing error, not a dish. */
export const ITEM_PRICE_MAX = 10_000_000;

export const ItemChange = Type.Object(
  {
    price: Type.Optional(Type.Integer({ minimum: 0, maximum: ITEM_PRICE_MAX })),
    soldOut: Type.Optional(Type.Boolean()),
    photo: Type.Optional(
      Type.Union([Type.String({ pattern: PHOTO_PATTERN }), Type.Null()], {
        description: 'as `POST …/photos` answered; null: none',
      }),
    ),
    remaining: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: ITEM_REMAINING_MAX }), Type.Null()])),
    expected: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0, maximum: INT4_MAX }), Type.Null()], {
        description: 'the `remaining` that was seen; when it is another now, the change is refused with 409 `stale`',
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type ItemChange = Static<typeof ItemChange>;

/** A photo that was kept. */
export const PhotoAdded = Type.Object({
  photo: Type.String({ pattern: PHOTO_PATTERN, description: 'what a dish’s `photo` says to show it' }),
  width: Type.Integer({ description: 'of the largest that is kept' }),
  height: Type.Integer(),
});

/** What became of a photo that a menu names at another server. Guests are shown our copy of it, and nothing before it came. */
export const PhotoCopy = Type.Object({
  address: Type.String(),
  state: Type.String({ description: 'waiting, copied or failed' }),
  photo: Type.Optional(Type.String({ description: 'our copy' })),
  problem: Type.Optional(Type.String({ description: 'why the last try failed' })),
});
export type PhotoCopy = Static<typeof PhotoCopy>;
export const PhotoCopies = Type.Object({ items: Type.Array(PhotoCopy), next: Type.Null() });
