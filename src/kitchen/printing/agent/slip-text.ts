import wrapAnsi from 'wrap-ansi';
import { attributesForStation, type Name, type PrintSlip } from '../../../contract/index.ts';
import { COLUMN_DOTS, LETTER_DOTS } from './picture.ts';
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

/** A row of a picture is as high as so many of the printer's own. */
const PICTURE_ROWS = 1.5;

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

/** A text that the printer's letters cannot write: drawn where it can be, else written as far as they go. */
export interface Picture {
  readonly draw: string;
  /** In ReceiptLine's notation. */
  readonly instead: string;
}

/** In ReceiptLine's notation, or to be drawn. */
export type PaperLine = string | Picture;

const isUnprintable = (text: string): boolean => toPrintable(inOneLine(text)).lost;

/** What somebody wrote, in a row or more of its own. */
const rowOf = (text: string, instead: string): PaperLine =>
  isUnprintable(text) ? { draw: inOneLine(text), instead } : instead;

/** How many rows of the small size these lines take; of a picture as many as letters of full width would. */
const rowsOf = (lines: readonly PaperLine[], columns: number): number =>
  lines.reduce((sum, line) => {
    if (typeof line !== 'string')
      return sum + Math.ceil(((line.draw.length + 1) * LETTER_DOTS) / (columns * COLUMN_DOTS)) * PICTURE_ROWS;
    return sum + line.split('\\n').length * (line.includes('^^') ? 2 : 1);
  }, 0);

/**
 * A slip in ReceiptLine's notation: the number big enough to read from a rail, then the dishes, one size smaller. A
 * second copy says so, because a kitchen that cooks one slip twice is worse than one that lost it; a void slip says so first and last.
 */
export function slipLines(slip: PrintSlip, paper: PaperOptions): PaperLine[] {
  const { columns, language, timeZone } = paper;
  const words = WORDS[language];
  if (slip.moved) return movedLines(slip, slip.moved, paper);
  if (slip.changed) return changedLines(slip, slip.changed, paper);
  const time = timeText(slip.placedAt, timeZone);
  const place = slip.table === null ? words.takeout : `${words.table} ${escapeText(written(slip.table, language))}`;
  const round = slip.round > 1 ? ` \`${words.round} ${slip.round - 1}\`` : '';
  // One for the space between the columns, and one because ReceiptLine itself breaks after a line that is full.
  const wrap = (text: string) => wrapWords(written(text, language), columns - QUANTITY_WIDTH - 2);
  const row = (text: string, as = '') => rowOf(text, `|${as}${wrap(text)}${as}`);
  let rows = 0;
  const lines = slip.lines.flatMap((line) => {
    const name = line.name[language];
    const dish: PaperLine[] = [`|^^${wrap(name)} |^^x${line.quantity}`, ...picturesOf(name)];
    const more: PaperLine[] = [
      ...attributesForStation(line.attributes).map(({ label, value }) =>
        row(`* ${label[language]}: ${value[language]}`),
      ),
      ...line.options.map((option) => row(`+ ${option[language]}`)),
      ...(line.note === undefined ? [] : [row(`> ${words.note}: ${line.note}`, '"')]),
    ];
    // What is not to be cooked needs no wishes.
    if (slip.kind === 'void' || more.length === 0) return dish;
    rows += rowsOf([...dish, ...more], columns);
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
  ];
}

/** The lines as far as the printer's own letters go. */
export const slipText = (slip: PrintSlip, paper: PaperOptions): string =>
  slipLines(slip, paper)
    .map((line) => (typeof line === 'string' ? line : line.instead))
    .join('\n');

/** That guests sit elsewhere: no dish is on it, so that nobody cooks it. */
function movedLines(
  slip: PrintSlip,
  { from, numbers }: NonNullable<PrintSlip['moved']>,
  { columns, language, timeZone }: PaperOptions,
): PaperLine[] {
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
  ];
}

/** That fewer of a dish are to be made, or that it is made otherwise. */
function changedLines(
  slip: PrintSlip,
  changed: NonNullable<PrintSlip['changed']>,
  { columns, language, timeZone }: PaperOptions,
): PaperLine[] {
  const words = WORDS[language];
  const { name, options, note, from, to, before } = changed;
  const wrap = (text: string, width = columns - 2) => wrapWords(written(text, language), width);
  const row = (text: string) => rowOf(text, wrap(text));
  const chosen = (option: Name) => row(`+ ${option[language]}`);
  const wished = (text: string | undefined) => (text === undefined ? [] : [row(`> ${words.note}: ${text}`)]);
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
    ...picturesOf(name[language]),
    before ? `^^x${to}` : `^^^^x${from} → x${to}`,
    ...(before
      ? [`\`${words.instead}\``, ...how({ options, note }), '---', words.before, ...how(before)]
      : [...options.map(chosen), ...wished(note)]),
    '---',
    words.nothing,
    '',
  ];
}

/** A name that stands in a line with something else, once more below it where letters are missing. */
const picturesOf = (name: string): PaperLine[] => (isUnprintable(name) ? [{ draw: inOneLine(name), instead: '' }] : []);

const timeText = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(new Date(at));
