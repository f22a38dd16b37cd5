import { byName, plainName } from './plain-name.ts';

/** What a kitchen's screen shows on a tab. */
export const STATION_NAME_LENGTH_MAX = 40;
/** A code stands in addresses, as those of print agents. */
export const STATION_CODE_LENGTH_MAX = 30;

/** Stations by what kitchens call them. */
const STATION_ALIASES: Readonly<Record<string, readonly string[]>> = {
  soup: ['탕·찌개', '탕찌개', '탕', '찌개', '국', '국탕', '탕국', '찌개탕'],
  rice: ['밥', '식사', '밥류'],
  noodle: ['면', '국수', '면류', 'noodles'],
  grill: ['구이', '그릴', '불판', '숯불', '화구'],
  fry: ['튀김', '튀김기', 'fryer'],
  cold: ['찬음식', '냉채', '샐러드', '무침', '콜드'],
  drinks: ['음료', '주류', '술', '음료수', '음료주류', '바', '카페', 'bar', 'drink'],
  kitchen: ['주방', '키친', '전체', '메인', '메인주방'],
};

const codes = byName(
  Object.entries(STATION_ALIASES).flatMap(([code, aliases]) =>
    [code, ...aliases].map((alias) => [alias, code] as const),
  ),
);

/** Codes as menus have them. */
const IS_CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * A station's code, for a code or a name that somebody writes: one that kitchens have in common, or made from the name.
 * @param codeOf makes a code from a name; empty when nothing of the name can be written so
 */
export function stationCode(written: string, codeOf: (name: string) => string): string {
  if (IS_CODE.test(written)) return written;
  return codes.get(plainName(written)) ?? codeOf(written);
}
