import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { quoted, type Words } from '../words.ts';

/**
 * Encodings that a UTF-8 file is taken for by mistake, Western Windows and Korean Windows, and what its text looks like then: only
 * signs that the first has, or Chinese signs, which Korean syllables turn into. Most texts need no closer look.
 */
const MISTAKEN_FOR = [
  [
    'win1252',
    /^[\p{ASCII}\u0080-\u00FF\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u02C6\u02DC\u2013-\u2022\u2026\u2030\u2039\u203A\u20AC\u2122]*$/u,
  ],
  ['cp949', /\p{Script=Han}/u],
] as const;

/** @returns what the text was before it was read in the wrong encoding and saved so, or undefined */
function beforeMistake(text: string): string | undefined {
  for (const [encoding, looks] of MISTAKEN_FOR) {
    if (!looks.test(text)) continue;
    const bytes = iconv.encode(text, encoding);
    if (!isUtf8(bytes) || iconv.decode(bytes, encoding) !== text) continue;
    const before = bytes.toString('utf8');
    // Letters that the mistaken encoding makes of nothing else; plain ASCII is the same in all of them.
    if (before !== text && (encoding === 'win1252' ? /[^\p{ASCII}]/u : /\p{Script=Hangul}/u).test(before))
      return before;
  }
  return undefined;
}

/** What is wrong with a text's letters: lost ones, or those of a file that went through two encodings. */
export function textFault(text: string): Words | undefined {
  if (!/[^\p{ASCII}]/u.test(text)) return undefined;
  if (text.includes('\uFFFD')) {
    return {
      en: `${quoted(text)} holds letters that were lost when the file was saved; save it again as 'CSV UTF-8' or .xlsx`,
      ko: `${quoted(text)}에 저장하면서 깨진 글자가 있어요. 'CSV UTF-8'이나 .xlsx로 다시 저장해 주세요`,
    };
  }
  const before = beforeMistake(text);
  if (before === undefined) return undefined;
  return {
    en: `${quoted(text)} was encoded twice and should be ${quoted(before)}; open the first file as UTF-8 and save it again`,
    ko: `${quoted(text)}은(는) 두 번 변환되어 깨진 글자예요(원래는 ${quoted(before)}). 원본을 UTF-8로 열어 다시 저장해 주세요`,
  };
}

/** What a spreadsheet left in a cell where a value belongs. */
export function formulaFault(cell: string): Words | undefined {
  if (/^[=＝]/.test(cell)) {
    return {
      en: `${quoted(cell)} is a formula; paste its value (or write '= for a name that begins so)`,
      ko: `${quoted(cell)}은(는) 수식이에요. 값으로 붙여 넣어 주세요(=로 시작하는 이름이면 앞에 '를 붙이세요)`,
    };
  }
  if (/^#(REF!|N\/A|NAME\?|VALUE!|DIV\/0!|NUM!|NULL!|SPILL!)$/.test(cell)) {
    return {
      en: `${quoted(cell)} is a spreadsheet's error; correct its formula`,
      ko: `${quoted(cell)}은(는) 엑셀 오류예요. 수식을 고쳐 주세요`,
    };
  }
  return undefined;
}
