import wrapAnsi from 'wrap-ansi';
import type { PrintSlip } from '../../../contract/index.ts';

/** Characters that ReceiptLine would read as layout. */
const escapeText = (text: string): string =>
  text.replace(/[\\|{}~_"`^=-]/g, (char) => `\\${char}`).replace(/[\r\n]+/g, ' ');

const WORDS = {
  ko: { table: '테이블', takeout: '포장', round: '추가', again: '재출력', note: '요청' },
  en: { table: 'Table', takeout: 'Takeaway', round: 'Add-on', again: 'PRINTED AGAIN', note: 'Note' },
} as const;

export type SlipLanguage = keyof typeof WORDS;

export interface PaperOptions {
  /** Characters a line: 48 on 80 mm paper, 32 on 58 mm. */
  readonly columns: number;
  readonly language: SlipLanguage;
  readonly timeZone: string;
}

/** The column of quantities. */
const QUANTITY_WIDTH = 6;

/** ReceiptLine breaks a line at its last character; this breaks it between words where it can. */
const wrapWords = (text: string, width: number): string =>
  wrapAnsi(text, width, { hard: true }).split('\n').map(escapeText).join('\\n');

/**
 * A slip in ReceiptLine's notation: the number big enough to read from a rail, then the dishes, one size smaller. A
 * second copy says so, because a kitchen that cooks one slip twice is worse than one that lost it.
 */
export function slipText(slip: PrintSlip, { columns, language, timeZone }: PaperOptions): string {
  const words = WORDS[language];
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(
    new Date(slip.placedAt),
  );
  const place = slip.table === null ? words.takeout : `${words.table} ${escapeText(slip.table)}`;
  const round = slip.round > 1 ? ` \`${words.round} ${slip.round - 1}\`` : '';
  // One for the space between the columns, and one because ReceiptLine itself breaks after a line that is full.
  const wrap = (text: string) => wrapWords(text, columns - QUANTITY_WIDTH - 2);
  const lines = slip.lines.flatMap((line) => [
    `|^^${wrap(line.name[language])} |^^x${line.quantity}`,
    ...line.options.map((option) => `|${wrap(`+ ${option[language]}`)}`),
    ...(line.note === undefined ? [] : [`|"${wrap(`> ${words.note}: ${line.note}`)}"`]),
  ]);
  return [
    ...(slip.copy > 1 ? [`\`** ${words.again} ${slip.copy} **\``] : []),
    `^^^^${slip.number}`,
    `^^${place}${round}`,
    `${escapeText(slip.station)} ${time}`,
    `{width:*,${QUANTITY_WIDTH}}`,
    '---',
    ...lines,
    '---',
    '',
  ].join('\n');
}
