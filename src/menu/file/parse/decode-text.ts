import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { FILE_BOUNDS } from '../bounds.ts';
import type { Problems } from '../menu-file-error.ts';
import { WHOLE_FILE } from '../place.ts';
import type { Words } from '../words.ts';

export interface DecodedText {
  /** Without byte order mark and with plain line ends. */
  readonly text: string;
  /** Undefined for UTF-8, which needs no word. */
  readonly encoding?: 'CP949' | 'UTF-16';
}

/**
 * The file's text, or undefined after adding the problem. UTF-8 and UTF-16 say what they are; bytes that are neither are read as
 * CP949, the Korean Windows' own, when each of them means something there. Whoever imports sees the names before anything changes.
 */
export function decodeText(bytes: Uint8Array, problems: Problems): DecodedText | undefined {
  const refuse = (what: Words) => {
    problems.add(WHOLE_FILE, what);
    return undefined;
  };
  if (bytes.length > FILE_BOUNDS.bytesMax) {
    return refuse({
      en: `has ${bytes.length} bytes, at most ${FILE_BOUNDS.bytesMax} are read`,
      ko: `${bytes.length}바이트예요. ${FILE_BOUNDS.bytesMax}바이트까지 읽을 수 있어요`,
    });
  }
  const decoded = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (!decoded) {
    return refuse({
      en: 'is no text in UTF-8, UTF-16 or CP949, and no .xlsx',
      ko: 'UTF-8, UTF-16, CP949 글이나 .xlsx가 아니에요',
    });
  }
  if (decoded.text.trim() === '') return refuse({ en: 'is empty', ko: '비어 있어요' });
  return { ...decoded, text: decoded.text.replaceAll(/\r\n?/g, '\n') };
}

function decode(bytes: Buffer): DecodedText | undefined {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    if (bytes.length % 2 !== 0) return undefined;
    const text = iconv.decode(bytes, first === 0xff ? 'utf-16le' : 'utf-16be');
    return text.isWellFormed() ? { text: withoutMark(text), encoding: 'UTF-16' } : undefined;
  }
  if (isUtf8(bytes)) return { text: withoutMark(bytes.toString('utf8')) };
  const text = iconv.decode(bytes, 'cp949');
  // What has no meaning in CP949, and controls that no text has: some other kind of file.
  const isText = !/\uFFFD|(?![\t\n\v\f\r])\p{Cc}/u.test(text);
  return isText ? { text, encoding: 'CP949' } : undefined;
}

const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
