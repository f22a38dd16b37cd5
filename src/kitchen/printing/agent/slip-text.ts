import type { PrintSlip } from '../../../contract/index.ts';

/** Characters that ReceiptLine would read as layout. */
const escapeText = (text: string): string =>
  text.replace(/[\\|{}~_"`^=-]/g, (char) => `\\${char}`).replace(/[\r\n]+/g, ' ');

const WORDS = {
  ko: { table: '테이블', takeout: '포장', round: '추가', again: '재출력', note: '요청' },
  en: { table: 'Table', takeout: 'Takeaway', round: 'Add-on', again: 'PRINTED AGAIN', note: 'Note' },
} as const;

export type SlipLanguage = keyof typeof WORDS;

/**
 * A slip in ReceiptLine's notation: the number big enough to read from a rail, then the dishes, one size smaller. A
 * second copy says so, because a kitchen that cooks one slip twice is worse than one that lost it.
 */
export function slipText(slip: PrintSlip, language: SlipLanguage, timeZone: string): string {
  const words = WORDS[language];
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(
    new Date(slip.placedAt),
  );
  const place = slip.table === null ? words.takeout : `${words.table} ${escapeText(slip.table)}`;
  const round = slip.round > 1 ? ` \`${words.round} ${slip.round - 1}\`` : '';
  const lines = slip.lines.flatMap((line) => [
    `|^^${escapeText(line.name[language])} |^^x${line.quantity}`,
    ...line.options.map((option) => `|+ ${escapeText(option[language])}`),
    ...(line.note === undefined ? [] : [`|"> ${words.note}: ${escapeText(line.note)}"`]),
  ]);
  return [
    ...(slip.copy > 1 ? [`\`** ${words.again} ${slip.copy} **\``] : []),
    `^^^^${slip.number}`,
    `^^${place}${round}`,
    `${escapeText(slip.station)} ${time}`,
    '{width:*,6}',
    '---',
    ...lines,
    '---',
    '',
  ].join('\n');
}
