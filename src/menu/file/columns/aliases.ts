import { columnNameOf } from '../../../contract/column-name.ts';
import { DISH_ATTRIBUTES } from '../../../contract/dish-attributes.ts';
import { DISH_FIELDS } from '../../../contract/dish-fields.ts';
import { byName, plainName } from '../../../contract/plain-name.ts';
import type { Kind, OwnColumn } from '../menu-file.ts';

/** Kinds of rows, as an owner calls them. */
export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  category: '분류',
  item: '메뉴',
  group: '옵션 그룹',
  option: '옵션',
};

/** Of what is declared: its Korean label, and what else it may be called. */
const DECLARED = Object.fromEntries(
  Object.entries({ ...DISH_FIELDS, ...DISH_ATTRIBUTES }).map(([name, { label, headings }]) => [
    columnNameOf(name),
    [label.ko, ...headings],
  ]),
);

/** What each column is called in Korean; the first is how it is named in messages, the others are read as well. */
const OWN_ALIASES = {
  kind: ['종류', '구분', '유형'],
  code: ['코드', '메뉴코드', '상품코드', '품목코드'],
  category: ['분류', '카테고리', '메뉴분류', '대분류', '메뉴그룹', 'category'],
  name_ko: [
    '이름',
    '메뉴',
    '메뉴명',
    '메뉴이름',
    '상품명',
    '상품',
    '품명',
    '품목',
    '품목명',
    '한글명',
    '한글이름',
    'name',
    'menu',
    'item',
  ],
  name_en: ['영어이름', '영문명', '영문이름', '영문', '영어', '영문메뉴명', 'english', 'englishname'],
  price: ['가격', '단가', '판매가', '판매가격', '금액', '판매단가'],
  station: ['조리대', '주방', '코너', '스테이션', '조리위치', '주방프린터', '출력프린터'],
  allergens: ['알레르기', '알레르겐', '알레르기유발물질', '알레르기정보'],
  photo: ['사진', '이미지'],
  description_ko: ['설명', '메뉴설명', '상품설명', 'description'],
  description_en: ['영어설명', '영문설명'],
  sold_out: ['품절', '품절여부', 'soldout'],
  min: ['최소', '최소선택'],
  max: ['최대', '최대선택'],
  origin_ko: ['원산지', '원산지표시', '원산지정보'],
  origin_en: ['영어원산지', '영문원산지'],
  hours: ['판매시간', '판매요일', '제공시간', '주문가능시간', 'served', 'hours'],
} satisfies Record<OwnColumn | 'kind' | 'code' | 'category', readonly string[]>;
const COLUMN_ALIASES: Readonly<Record<string, readonly string[]>> = { ...OWN_ALIASES, ...DECLARED };

const KIND_ALIASES: Readonly<Record<string, Kind>> = {
  분류: 'category',
  카테고리: 'category',
  메뉴: 'item',
  음식: 'item',
  상품: 'item',
  품목: 'item',
  그룹: 'group',
  옵션그룹: 'group',
  선택그룹: 'group',
  옵션: 'option',
  선택: 'option',
  선택지: 'option',
};

const withAliases = (named: Readonly<Record<string, readonly string[]>>) =>
  byName(Object.entries(named).flatMap(([code, aliases]) => [code, ...aliases].map((alias) => [alias, code] as const)));
const columns = withAliases(COLUMN_ALIASES);

/** The column that a header means, or undefined. */
export const columnNamed = (header: string): string | undefined => columns.get(plainName(header));
export const kindNamed = (cell: string): Kind | undefined => KIND_ALIASES[plainName(cell)];
export const columnWords = (column: string): string => COLUMN_ALIASES[column]?.[0] ?? column;
