import { DISH_ATTRIBUTE_NAMES, type DishAttributeName } from '../../src/contract/dish-attributes.ts';
import { DISH_FIELD_NAMES, type DishFieldName, dishField } from '../../src/contract/dish-fields.ts';
import { readAmount, writeAmount } from '../shared/language/typed-amount.ts';
import type { Dish, Group, Menu, Option, Place } from './menu-shape.ts';

/** A dish as it is typed: amounts are texts until they are right. */
export interface Draft {
  readonly nameKo: string;
  readonly nameEn: string;
  readonly price: string;
  /** A code; empty: a new one of the name below. */
  readonly station: string;
  readonly newStation: string;
  /** The code of a category; empty: a new one of the name below. */
  readonly category: string;
  readonly newCategory: string;
  readonly descriptionKo: string;
  readonly descriptionEn: string;
  readonly originKo: string;
  readonly originEn: string;
  readonly hours: string;
  /** A number as it is typed, or whether a flag is set. */
  readonly fields: Readonly<Record<DishFieldName, string | boolean>>;
  readonly soldOut: boolean;
  /** An address on this server or another; empty: none. */
  readonly photo: string;
  readonly allergens: readonly string[];
  /** Codes; empty: nothing is said. */
  readonly attributes: Readonly<Record<DishAttributeName, string>>;
  readonly groups: readonly GroupDraft[];
}
export interface GroupDraft {
  /** Tells groups and options apart while they are typed. */
  readonly key: string;
  readonly code: string | undefined;
  readonly nameKo: string;
  readonly nameEn: string;
  readonly min: string;
  readonly max: string;
  readonly options: readonly OptionDraft[];
}
export interface OptionDraft {
  readonly key: string;
  readonly code: string | undefined;
  readonly nameKo: string;
  readonly nameEn: string;
  readonly price: string;
  readonly soldOut: boolean;
}

const asCount = (text: string): number | undefined => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : undefined);

const ofEach = <N extends string, T>(names: readonly N[], make: (name: N) => T) =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<N, T>;

let made = 0;
const nextKey = (): string => {
  made += 1;
  return `new-${made}`;
};

export const newOption = (): OptionDraft => ({
  key: nextKey(),
  code: undefined,
  nameKo: '',
  nameEn: '',
  price: '0',
  soldOut: false,
});
export const newGroup = (): GroupDraft => ({
  key: nextKey(),
  code: undefined,
  nameKo: '',
  nameEn: '',
  min: '0',
  max: '1',
  options: [newOption()],
});

/** @param dish null: a new one */
export function draftOf(dish: Dish | null, category: string | undefined, menu: Menu, currency: string): Draft {
  return {
    nameKo: dish?.name.ko ?? '',
    nameEn: dish?.name.en ?? '',
    price: dish ? writeAmount(dish.price, currency) : '',
    station: dish?.station ?? menu.categories[0]?.items[0]?.station ?? 'kitchen',
    newStation: '',
    category: category ?? menu.categories[0]?.code ?? '',
    newCategory: '',
    descriptionKo: dish?.description?.ko ?? '',
    descriptionEn: dish?.description?.en ?? '',
    originKo: dish?.origin?.ko ?? '',
    originEn: dish?.origin?.en ?? '',
    hours: dish?.hours ?? '',
    fields: ofEach(DISH_FIELD_NAMES, (name) =>
      dishField(name).type === 'flag' ? dish?.[name] === true : (dish?.[name]?.toString() ?? ''),
    ),
    soldOut: dish?.soldOut ?? false,
    photo: dish?.photo ?? '',
    allergens: dish?.allergens ?? [],
    attributes: ofEach(DISH_ATTRIBUTE_NAMES, (name) => dish?.[name] ?? ''),
    groups: (dish?.optionGroups ?? []).map(({ code, name, min, max, options }) => ({
      key: code ?? nextKey(),
      code,
      nameKo: name.ko,
      nameEn: name.en,
      min: String(min),
      max: String(max),
      options: options.map((option) => ({
        key: option.code ?? nextKey(),
        code: option.code,
        nameKo: option.name.ko,
        nameEn: option.name.en,
        price: writeAmount(option.price, currency),
        soldOut: option.soldOut,
      })),
    })),
  };
}

/** What is wrong with a field, by its path in the dish. */
export type WrongFields = Readonly<Record<string, 'amount' | 'count' | 'name'>>;

/** The dish that a draft says. What cannot be sent at all is named instead; all else is the server's to judge. */
export function dishOf(
  draft: Draft,
  before: Dish | null,
  currency: string,
): { readonly dish: Dish; readonly place: Place } | { readonly wrong: WrongFields } {
  const wrong: Record<string, WrongFields[string]> = {};
  const amount = (text: string, path: string): number => {
    const value = readAmount(text, currency);
    if (value === undefined) wrong[path] = 'amount';
    return value ?? 0;
  };
  const count = (text: string, path: string): number => {
    const value = asCount(text);
    if (value === undefined) wrong[path] = 'count';
    return value ?? 0;
  };
  const optionOf = (option: OptionDraft, path: string): Option => ({
    ...(option.code !== undefined && { code: option.code }),
    name: { ko: option.nameKo, en: option.nameEn },
    price: amount(option.price, `${path}.price`),
    soldOut: option.soldOut,
  });
  const groupOf = (group: GroupDraft, at: number): Group => ({
    ...(group.code !== undefined && { code: group.code }),
    name: { ko: group.nameKo, en: group.nameEn },
    min: count(group.min, `optionGroups[${at}].min`),
    max: count(group.max, `optionGroups[${at}].max`),
    options: group.options.map((option, index) => optionOf(option, `optionGroups[${at}].options[${index}]`)),
  });
  const fieldOf = (name: DishFieldName, value: string | boolean) => {
    if (typeof value === 'boolean') return value;
    return value.trim() === '' ? null : count(value, name);
  };
  const fields = ofEach(DISH_FIELD_NAMES, (name) => fieldOf(name, draft.fields[name])) as Pick<Dish, DishFieldName>;
  if (draft.nameKo.trim() === '') wrong['name.ko'] = 'name';
  if (draft.category === '' && draft.newCategory.trim() === '') wrong.newCategory = 'name';
  const dish: Dish = {
    ...before,
    name: { ko: draft.nameKo, en: draft.nameEn },
    price: amount(draft.price, 'price'),
    station: draft.station || draft.newStation,
    allergens: draft.allergens,
    photo: draft.photo || null,
    description:
      draft.descriptionKo || draft.descriptionEn ? { ko: draft.descriptionKo, en: draft.descriptionEn } : null,
    soldOut: draft.soldOut,
    origin: draft.originKo || draft.originEn ? { ko: draft.originKo, en: draft.originEn } : null,
    hours: draft.hours.trim() || null,
    ...fields,
    ...ofEach(DISH_ATTRIBUTE_NAMES, (name) => draft.attributes[name] || null),
    optionGroups: draft.groups.map(groupOf),
  };
  if (Object.keys(wrong).length > 0) return { wrong };
  return { dish, place: draft.category ? { code: draft.category } : { name: draft.newCategory } };
}
