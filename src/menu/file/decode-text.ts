import { FILE_BOUNDS } from './bounds.ts';
import { type Problems, WHOLE_FILE } from './menu-file-error.ts';

/**
 * The file's text, without byte order mark and with plain line ends, or undefined after adding the problem. Only UTF-8
 * is read: guessing between old encodings would turn some dish's name into noise that nobody notices.
 */
export function decodeText(bytes: Uint8Array, problems: Problems): string | undefined {
  const refuse = (what: string) => {
    problems.add(WHOLE_FILE, what);
    return undefined;
  };
  if (bytes.length > FILE_BOUNDS.bytesMax) {
    return refuse(`has ${bytes.length} bytes, at most ${FILE_BOUNDS.bytesMax} are read`);
  }
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return refuse("is UTF-16, not UTF-8: save it as 'CSV UTF-8'");
  }
  const text = decodeAs('utf-8', bytes);
  if (text === undefined) {
    return decodeAs('euc-kr', bytes) === undefined
      ? refuse('is not UTF-8 text')
      : refuse("is EUC-KR (CP949), not UTF-8: in Excel, save it as 'CSV UTF-8 (쉼표로 분리)'");
  }
  if (text.trim() === '') return refuse('is empty');
  return text.replaceAll(/\r\n?/g, '\n');
}

function decodeAs(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
