import iconv from 'iconv-lite';

const CODE_PAGE = 'cp949';
/** Stands for a letter that the code page does not have. */
const LOST = '□';

/** The same thing in letters that the code page has, where taking off accents does not lead there. */
const SAME = new Map([
  // Code page 949 has the full-width won sign alone, and prints a backslash as one.
  ['₩', '￦'],
  ['\\', '＼'],
  // Printers older than 2002 have an empty place there.
  ['€', 'EUR'],
  ['£', '￡'],
  ['¥', '￥'],
  ['ー', '―'],
  ['゛', ''],
  ['゜', ''],
  ['•', '·'],
  ['‚', ','],
  ['„', '"'],
  ['«', '"'],
  ['»', '"'],
  ['і', 'i'],
  ['І', 'I'],
]);

const isAscii = (char: string): boolean => char >= ' ' && char <= '~';
const fits = (char: string): boolean =>
  isAscii(char) ||
  (char > '\u009f' && char !== '\ufffd' && iconv.decode(iconv.encode(char, CODE_PAGE), CODE_PAGE) === char);

/** @returns undefined when the code page has nothing for it */
function printableChar(char: string): string | undefined {
  const same = SAME.get(char);
  if (same !== undefined) return same;
  if (fits(char)) return char;
  if (/\p{Pd}|−/u.test(char)) return '-';
  // Joiners, direction marks, variation selectors: they are seen in what stands beside them.
  if (/[\p{Cf}\p{Cc}\p{M}]/u.test(char)) return '';
  const plain = [...char.normalize('NFKD')].filter((part) => !/\p{M}/u.test(part));
  if (plain.length === 0 || plain.includes(char)) return undefined;
  const parts = plain.map((part) => SAME.get(part) ?? (fits(part) ? part : undefined));
  return parts.includes(undefined) ? undefined : parts.join('');
}

/**
 * A text in the letters of code page 949: Hangul, Latin, kana, Greek, Russian and 4,888 hanja. Accents that it does not
 * have are taken off (`crème` is `creme`), signs are written otherwise. Other scripts and emoji cannot be printed: each
 * letter becomes `□`, so that the reader sees that something stands there; `picture.ts` draws such a text instead where it can.
 * @returns `lost`: whether a letter could not be printed
 */
export function toPrintable(text: string): { text: string; lost: boolean } {
  let lost = false;
  const chars = [...text.normalize('NFC')].map((char) => {
    const printable = printableChar(char);
    if (printable === undefined) lost = true;
    return printable ?? LOST;
  });
  return { text: chars.join(''), lost };
}
