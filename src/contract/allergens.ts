/**
 * The allergens that Korean food labelling must name, by the code that menus use on the wire. A closed list, because a
 * misspelt allergen is worse than a refused file.
 */
export const ALLERGENS = {
  egg: { ko: '알류(가금류)', en: 'egg', ja: '卵', zh: '蛋类' },
  milk: { ko: '우유', en: 'milk', ja: '牛乳', zh: '牛奶' },
  buckwheat: { ko: '메밀', en: 'buckwheat', ja: 'そば', zh: '荞麦' },
  peanut: { ko: '땅콩', en: 'peanut', ja: '落花生', zh: '花生' },
  soy: { ko: '대두', en: 'soybean', ja: '大豆', zh: '大豆' },
  wheat: { ko: '밀', en: 'wheat', ja: '小麦', zh: '小麦' },
  mackerel: { ko: '고등어', en: 'mackerel', ja: 'さば', zh: '鲭鱼' },
  crab: { ko: '게', en: 'crab', ja: 'かに', zh: '螃蟹' },
  shrimp: { ko: '새우', en: 'shrimp', ja: 'えび', zh: '虾' },
  pork: { ko: '돼지고기', en: 'pork', ja: '豚肉', zh: '猪肉' },
  peach: { ko: '복숭아', en: 'peach', ja: 'もも', zh: '桃子' },
  tomato: { ko: '토마토', en: 'tomato', ja: 'トマト', zh: '番茄' },
  sulfites: { ko: '아황산류', en: 'sulphites', ja: '亜硫酸塩', zh: '亚硫酸盐' },
  walnut: { ko: '호두', en: 'walnut', ja: 'くるみ', zh: '核桃' },
  chicken: { ko: '닭고기', en: 'chicken', ja: '鶏肉', zh: '鸡肉' },
  beef: { ko: '쇠고기', en: 'beef', ja: '牛肉', zh: '牛肉' },
  squid: { ko: '오징어', en: 'squid', ja: 'いか', zh: '鱿鱼' },
  shellfish: { ko: '조개류', en: 'shellfish', ja: '貝類', zh: '贝类' },
  oyster: { ko: '굴', en: 'oyster', ja: 'かき（貝）', zh: '牡蛎' },
  abalone: { ko: '전복', en: 'abalone', ja: 'あわび', zh: '鲍鱼' },
  mussel: { ko: '홍합', en: 'mussel', ja: 'ムール貝', zh: '贻贝' },
  'pine-nut': { ko: '잣', en: 'pine nut', ja: '松の実', zh: '松子' },
} as const satisfies Record<string, { ko: string; en: string; ja: string; zh: string }>;

export type Allergen = keyof typeof ALLERGENS;

export const isAllergen = (code: string): code is Allergen => Object.hasOwn(ALLERGENS, code);
