/**
 * The allergens that Korean food labelling must name, by the code that menus use on the wire. A closed list, because a
 * misspelt allergen is worse than a refused file. Other languages have their names beside their sentences, in `web/i18n`.
 */
export const ALLERGENS = {
  egg: { ko: '알류(가금류)', en: 'egg' },
  milk: { ko: '우유', en: 'milk' },
  buckwheat: { ko: '메밀', en: 'buckwheat' },
  peanut: { ko: '땅콩', en: 'peanut' },
  soy: { ko: '대두', en: 'soybean' },
  wheat: { ko: '밀', en: 'wheat' },
  mackerel: { ko: '고등어', en: 'mackerel' },
  crab: { ko: '게', en: 'crab' },
  shrimp: { ko: '새우', en: 'shrimp' },
  pork: { ko: '돼지고기', en: 'pork' },
  peach: { ko: '복숭아', en: 'peach' },
  tomato: { ko: '토마토', en: 'tomato' },
  sulfites: { ko: '아황산류', en: 'sulphites' },
  walnut: { ko: '호두', en: 'walnut' },
  chicken: { ko: '닭고기', en: 'chicken' },
  beef: { ko: '쇠고기', en: 'beef' },
  squid: { ko: '오징어', en: 'squid' },
  shellfish: { ko: '조개류', en: 'shellfish' },
  oyster: { ko: '굴', en: 'oyster' },
  abalone: { ko: '전복', en: 'abalone' },
  mussel: { ko: '홍합', en: 'mussel' },
  'pine-nut': { ko: '잣', en: 'pine nut' },
} as const satisfies Record<string, { ko: string; en: string }>;

export type Allergen = keyof typeof ALLERGENS;

export const isAllergen = (code: string): code is Allergen => Object.hasOwn(ALLERGENS, code);
