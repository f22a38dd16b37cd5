import type { Name } from '../../src/contract/common.ts';

/**
 * In a box of 48 by 48: `fill` is the body, `soft` a lighter part of it, `line` is drawn on the body, `ink` beside it.
 */
type Shape = readonly ['fill' | 'soft' | 'line' | 'ink', string];

const STEAM: Shape = ['ink', 'M17 11c-2-2.5 2-4 0-7M24 11c-2-2.5 2-4 0-7M31 11c-2-2.5 2-4 0-7'];
const BOWL: Shape = ['fill', 'M5 24h38c0 8-5 14-11 16v3H16v-3C10 38 5 32 5 24z'];
const BAND: Shape = ['line', 'M10 30h28'];

const DRAWINGS = {
  stew: [
    ['fill', 'M6 22c0 10 5 19 12 20h12c7-1 12-10 12-20z'],
    ['soft', 'M4 22a20 6.5 0 0 1 40 0a20 6.5 0 0 1-40 0z'],
    ['fill', 'M9 22a15 4 0 0 1 30 0a15 4 0 0 1-30 0z'],
    ['line', 'M17 21.5h5M26 23h6'],
    STEAM,
  ],
  rice: [
    ['soft', 'M9 24c0-9 7-15 15-15s15 6 15 15z'],
    BOWL,
    ['ink', 'M19 16l1.5 1M26 13l1.5 1M30 19l1.5 1M17 21l1 1'],
    BAND,
  ],
  noodle: [
    ['soft', 'M9 24c2-6 8-9 15-9s13 3 15 9z'],
    ['ink', 'M15 24c0-4 3-6 6-6M21 24c0-3 2-5 5-5M27 24c0-2 2-4 5-4M31 4L20 18M37 5L25 18'],
    BOWL,
    BAND,
  ],
  meat: [
    ['soft', 'M6 28c-4-10 5-19 17-19 11 0 21 5 20 14-1 8-7 7-11 10s-6 8-13 8S8 35 6 28z'],
    ['fill', 'M10 27c-3-7 4-14 14-14 9 0 16 4 15 10-1 5-6 5-9 8s-5 6-10 6-8-4-10-10z'],
    ['line', 'M16 26c-1-5 3-8 8-8.5M28 21.5a3.5 3.5 0 1 0 7 0 3.5 3.5 0 0 0-7 0'],
  ],
  pancake: [
    ['soft', 'M4 30c0-6 8-11 20-11s20 5 20 11-8 10-20 10S4 36 4 30z'],
    ['fill', 'M7 25c0-6 7-10 17-10s17 4 17 10-7 9-17 9S7 31 7 25z'],
    ['line', 'M14 24l7-2M22 29l8-3M30 20l4 2M16 29l3 1M23 18v3'],
  ],
  dumpling: [
    ['soft', 'M3 36c3 4 10 6 21 6s18-2 21-6z'],
    ['fill', 'M6 34c0-11 8-18 18-18s18 7 18 18c0 2-8 3-18 3S6 36 6 34z'],
    ['line', 'M13 27c3-4 4-4 5-7M21 26c1-4 2-5 3-7M29 26c0-3-1-4-2-7M36 28c-1-4-2-5-4-7'],
  ],
  chicken: [
    ['soft', 'M17 32l-6 5c-3-1-5 2-3 4-2 3 2 5 4 3 2 1 5-1 3-4l6-5z'],
    ['fill', 'M16 31c-4-8 0-20 11-22 10-1 16 7 13 15-3 8-14 13-21 10z'],
    ['line', 'M28 15c-4 1-6 5-6 9M34 17c1 1 2 3 1 5'],
  ],
  roll: [
    ['fill', 'M6 25a18 18 0 1 0 36 0 18 18 0 0 0-36 0z'],
    ['soft', 'M11 25a13 13 0 1 0 26 0 13 13 0 0 0-26 0z'],
    ['line', 'M19 22h5v5h-5zM26 20l4 2-1 4M22 31h6'],
  ],
  drink: [
    ['soft', 'M11 14h26l-4 29H15z'],
    ['fill', 'M12.5 22h23L33 43H15z'],
    ['line', 'M18 29h4v4h-4zM26 26h4v4h-4z'],
    ['ink', 'M25 14l4-10h5'],
  ],
  bottle: [
    ['soft', 'M20 4h8v8h-8z'],
    ['fill', 'M15 23c0-5 5-6 5-11h8c0 5 5 6 5 11v17c0 2-1 4-4 4H19c-3 0-4-2-4-4z'],
    ['line', 'M15 28h18M15 37h18M21 32.5h6'],
  ],
  plate: [
    ['soft', 'M2 32h44c-3 6-11 9-22 9S5 38 2 32z'],
    ['fill', 'M8 30a16 15 0 0 1 32 0z'],
    ['line', 'M14 27c1-4 4-6 7-7'],
    ['ink', 'M24 15v-3M22.5 10a1.5 1.5 0 1 0 3 0 1.5 1.5 0 0 0-3 0'],
  ],
} as const satisfies Record<string, readonly Shape[]>;

type Kind = keyof typeof DRAWINGS;

/** Words of a dish's name that tell its kind. The first that fits decides, so the special stand before the general. */
const WORDS: readonly (readonly [Kind, RegExp])[] = [
  ['bottle', /소주|맥주|막걸리|와인|청주|사케|하이볼|soju|beer|makgeolli|wine|highball/i],
  [
    'drink',
    /음료|콜라|사이다|식혜|수정과|주스|에이드|커피|라떼|차$|\btea\b|cola|coke|sprite|juice|drink|coffee|ade\b|punch/i,
  ],
  ['chicken', /치킨|닭강정|통닭|fried chicken/i],
  ['roll', /김밥|순대|gimbap|kimbap|sundae/i],
  ['dumpling', /만두|dumpling|mandu/i],
  ['noodle', /면|국수|우동|라면|파스타|잡채|noodle|udon|ramyeon|ramen|japchae/i],
  ['stew', /찌개|전골|탕|국$|찜|조림|해장|떡볶이|stew|soup|hot ?pot|braised|tteokbokki/i],
  ['rice', /밥|죽|rice|bibimbap|porridge/i],
  ['pancake', /전$|부침|빈대떡|pancake|jeon\b/i],
  [
    'meat',
    /고기|불고기|갈비|삼겹|목살|제육|구이|수육|보쌈|족발|돈가스|돈까스|bulgogi|galbi|pork|beef|grill|cutlet|ribs/i,
  ],
];

/** A drawing for a dish of this name. */
export function drawingFor({ ko, en }: Name): readonly Shape[] {
  const kind = WORDS.find(([, word]) => word.test(ko) || word.test(en))?.[0] ?? 'plate';
  return DRAWINGS[kind];
}
