import type { InEachLanguage } from './languages.ts';

/** Something that is told of a dish and calculated with nowhere, as one of a few things that it can be. */
interface DishAttribute {
  readonly label: InEachLanguage;
  /** What a menu file may call its column besides its name and the Korean label. */
  readonly headings: readonly string[];
  /** All that it can be, by the code that files, the database and the wire have. A dish that says nothing is none of them. */
  readonly values: Readonly<Record<string, InEachLanguage>>;
  /** Whether the station reads it on its ticket and its slip; guests always do. */
  readonly kitchen: boolean;
  /** The value that a station takes for granted: said to guests, and on neither ticket nor slip, where it would look like a wish. */
  readonly goesWithoutSaying?: string;
}

/**
 * What is told of dishes: all that a new one needs, besides its row in `docs/guide/menu-file.md`. The menu's file and page, the guest's
 * page, tickets and slips are made from this (`docs/guide/add-a-field.md`). Codes stay: menus and past tickets have them.
 */
export const DISH_ATTRIBUTES = {
  spice: {
    label: { ko: '맵기', en: 'Spice', ja: '辛さ', zh: '辣度' },
    headings: ['매운맛', '맵기단계', '매운정도', 'spicy', 'spicelevel'],
    values: {
      none: { ko: '안 매움', en: 'not spicy', ja: '辛くない', zh: '不辣' },
      mild: { ko: '조금 매움', en: 'mild', ja: 'ピリ辛', zh: '微辣' },
      medium: { ko: '보통 매움', en: 'medium', ja: '中辛', zh: '中辣' },
      hot: { ko: '매움', en: 'hot', ja: '辛口', zh: '辣' },
      'very-hot': { ko: '아주 매움', en: 'very hot', ja: '激辛', zh: '特辣' },
    },
    kitchen: true,
    goesWithoutSaying: 'none',
  },
} as const satisfies Record<string, DishAttribute>;

export type DishAttributeName = keyof typeof DISH_ATTRIBUTES;
/** Of a dish: the code of each attribute that it has. */
export type DishAttributeCodes = Partial<Record<DishAttributeName, string>>;

export const DISH_ATTRIBUTE_NAMES = Object.keys(DISH_ATTRIBUTES) as readonly DishAttributeName[];
export const dishAttribute = (name: DishAttributeName): DishAttribute => DISH_ATTRIBUTES[name];

/**
 * What a dish says, where it is still declared: a later version may have other codes, and a file that is written must be one that is read.
 * @returns null where it says nothing
 */
export function declaredCode(codes: DishAttributeCodes | undefined | null, name: DishAttributeName): string | null {
  const code = codes?.[name];
  return code !== undefined && Object.hasOwn(dishAttribute(name).values, code) ? code : null;
}

interface SaidAttribute {
  readonly name: DishAttributeName;
  readonly label: InEachLanguage;
  readonly value: InEachLanguage;
}

/** What a dish says, in words, to its guests. A code that is declared no more is left out. */
export function attributesSaid(codes: DishAttributeCodes | undefined): SaidAttribute[] {
  return DISH_ATTRIBUTE_NAMES.flatMap((name) => {
    const { label, values } = dishAttribute(name);
    const value = values[declaredCode(codes, name) ?? ''];
    return value ? [{ name, label, value }] : [];
  });
}

/** The same, as far as it is the business of whoever cooks it: on the ticket and on the slip. */
export function attributesForStation(codes: DishAttributeCodes | undefined): SaidAttribute[] {
  return attributesSaid(codes).filter(({ name }) => {
    const { kitchen, goesWithoutSaying } = dishAttribute(name);
    return kitchen && codes?.[name] !== goesWithoutSaying;
  });
}
