import wrapAnsi from 'wrap-ansi';
import { attributesForStation, type Name, type PrintSlip } from '../../../contract/index.ts';
import { toPrintable } from './printable.ts';

/** Characters that ReceiptLine would read as layout. */
const escapeText = (text: string): string => text.replace(/[\\|{}~_"`^=-]/g, (char) => `\\${char}`);

/**
 * What somebody wrote, in one line: 200 characters are then a dozen rows of paper, whatever they are. A break becomes a
 * stroke, so that two wishes stay two; nothing of it is left out.
 */
const inOneLine = (text: string): string =>
  text
    .split(/[\r\n\v\f\u0085\u2028\u2029]+/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they would be commands to the printer.
    .map((part) => part.replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim())
    .filter((part) => part !== '')
    .join(' / ');

const WORDS = {
  ko: {
    table: '테이블',
    takeout: '포장',
    round: '추가',
    again: '재출력',
    note: '요청',
    voided: '취소 / VOID',
    moved: '자리 이동 / MOVED',
    changed: '변경 / CHANGED',
    instead: '이렇게 만들기',
    before: '바뀌기 전',
    orders: '주문',
    nothing: '새 주문 아님',
    rest: '옵션·요청 생략: 화면 확인',
    lost: '□: 화면 확인',
    plain: '옵션·요청 없음',
  },
  en: {
    table: 'Table',
    takeout: 'Takeaway',
    round: 'Add-on',
    again: 'PRINTED AGAIN',
    note: 'Note',
    voided: 'VOID / 취소',
    moved: 'MOVED / 자리 이동',
    changed: 'CHANGED / 변경',
    instead: 'Make it so',
    before: 'No longer',
    orders: 'Orders',
    nothing: 'No new order',
    rest: 'More: see the screen',
    lost: '□: see the screen',
    plain: 'No options, no note',
  },
} as const;

export type SlipLanguage = keyof typeof WORDS;

export interface PaperOptions {
  /** Characters a line: 48 on 80 mm paper, 32 on 58 mm. */
  readonly columns: number;
  readonly language: SlipLanguage;
  readonly timeZone: string;
}

/**
 * Rows with all that belongs to a dish; after them come only dishes and quantities, and what is left out is said beside
 * each. An honest round of 50 dishes with a wish each takes 250; this is 1.2 m of paper.
 */
export const ROWS_MAX = 300;

/** The column of quantities. */
const QUANTITY_WIDTH = 6;

/** What somebody wrote, as the printer can print it; where a letter is lost, it says where to read it. */
export function written(text: string, language: SlipLanguage): string {
  const printable = toPrintable(inOneLine(text));
  return printable.lost ? `${printable.text} (${WORDS[language].lost})` : printable.text;
}

/** ReceiptLine breaks a line at its last character; this breaks it between words where it can. */
export const wrapWords = (text: string, width: number): string =>
  wrapAnsi(text, width, { hard: true }).split('\n').map(escapeText).join('\\n');

/** How many rows of the small size these lines take. */
const rowsOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + line.split('\\n').length * (line.includes('^^') ? 2 : 1), 0);

/**
 * A slip in ReceiptLine's notation: the number big enough to read from a rail, then the dishes, one size smaller. A
 * second copy says so, because a kitchen that cooks one slip twice is worse than one that lost it; a void slip says so first and last.
 */
export function slipText(slip: PrintSlip, paper: PaperOptions): string {
  const { columns, language, timeZone } = paper;
  const words = WORDS[language];
  if (slip.moved) return movedText(slip, slip.moved, paper);
  if (slip.changed) return changedText(slip, slip.changed, paper);
  const time = timeText(slip.placedAt, timeZone);
  const place = slip.table === null ? words.takeout : `${words.table} ${escapeText(written(slip.table, language))}`;
  const round = slip.round > 1 ? ` \`${words.round} ${slip.round - 1}\`` : '';
  // One for the space between the columns, and one because ReceiptLine itself breaks after a line that is full.
  const wrap = (text: string) => wrapWords(written(text, language), columns - QUANTITY_WIDTH - 2);
  let rows = 0;
  const lines = slip.lines.flatMap((line) => {
    const dish = [`|^^${wrap(line.name[language])} |^^x${line.quantity}`];
    const more = [
      ...attributesForStation(line.attributes).map(
        ({ label, value }) => `|${wrap(`* ${label[language]}: ${value[language]}`)}`,
      ),
      ...line.options.map((option) => `|${wrap(`+ ${option[language]}`)}`),
      ...(line.note === undefined ? [] : [`|"${wrap(`> ${words.note}: ${line.note}`)}"`]),
    ];
    // What is not to be cooked needs no wishes.
    if (slip.kind === 'void' || more.length === 0) return dish;
    rows += rowsOf([...dish, ...more]);
    return rows <= ROWS_MAX ? [...dish, ...more] : [...dish, `|\`** ${words.rest} **\``];
  });
  return [
    ...(slip.kind === 'void' ? [`^^\`** ${words.voided} **\``] : []),
    ...(slip.copy > 1 ? [`\`** ${words.again} ${slip.copy} **\``] : []),
    `^^^^${slip.number}`,
    `^^${place}${round}`,
    `${escapeText(written(slip.station, language))} ${time}`,
    `{width:*,${QUANTITY_WIDTH}}`,
    '---',
    ...lines,
    '---',
    ...(slip.kind === 'void' ? [`^^\`** ${words.voided} **\``] : []),
    '',
  ].join('\n');
}

/** That guests sit elsewhere: no dish is on it, so that nobody cooks it. */
function movedText(
  slip: PrintSlip,
  { from, numbers }: NonNullable<PrintSlip['moved']>,
  { columns, language, timeZone }: PaperOptions,
): string {
  const words = WORDS[language];
  const wrap = (text: string) => wrapWords(written(text, language), columns - 2);
  return [
    `^^\`** ${words.moved} **\``,
    ...(slip.copy > 1 ? [`\`** ${words.again} ${slip.copy} **\``] : []),
    `^^${wrapWords(written(`${words.table} ${from} → ${slip.table ?? ''}`, language), Math.floor(columns / 2) - 2)}`,
    wrap(`${words.orders} ${numbers.join(', ')}`),
    `${escapeText(written(slip.station, language))} ${timeText(slip.placedAt, timeZone)}`,
    '---',
    words.nothing,
    '',
  ].join('\n');
}

/** That fewer of a dish are to be made, or that it is made otherwise. */
function changedText(
  slip: PrintSlip,
  changed: NonNullable<PrintSlip['changed']>,
  { columns, language, timeZone }: PaperOptions,
): string {
  const words = WORDS[language];
  const { name, options, note, from, to, before } = changed;
  const wrap = (text: string, width = columns - 2) => wrapWords(written(text, language), width);
  const chosen = (option: Name) => wrap(`+ ${option[language]}`);
  const wished = (text: string | undefined) => (text === undefined ? [] : [wrap(`> ${words.note}: ${text}`)]);
  const how = (made: { readonly options: Name[]; readonly note?: string | undefined }) => {
    const lines = [...made.options.map(chosen), ...wished(made.note)];
    return lines.length > 0 ? lines : [words.plain];
  };
  return [
    `^^\`** ${words.changed} **\``,
    ...(slip.copy > 1 ? [`\`** ${words.again} ${slip.copy} **\``] : []),
    `^^^^${slip.number}`,
    `^^${slip.table === null ? words.takeout : wrap(`${words.table} ${slip.table}`, Math.floor(columns / 2) - 2)}`,
    `${escapeText(written(slip.station, language))} ${timeText(slip.placedAt, timeZone)}`,
    '---',
    `^^${wrap(name[language], Math.floor(columns / 2) - 2)}`,
    before ? `^^x${to}` : `^^^^x${from} → x${to}`,
    ...(before
      ? [`\`${words.instead}\``, ...how({ options, note }), '---', words.before, ...how(before)]
      : [...options.map(chosen), ...wished(note)]),
    '---',
    words.nothing,
    '',
  ].join('\n');
}

const timeText = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(new Date(at));
