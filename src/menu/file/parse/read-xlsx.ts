import { Unzip, UnzipInflate, zipSync } from 'fflate';
import { FILE_BOUNDS } from '../bounds.ts';
import type { Problems } from '../menu-file-error.ts';
import { WHOLE_FILE } from '../place.ts';
import type { Words } from '../words.ts';
import type { TableRow } from './table.ts';

export interface Sheet {
  readonly rows: readonly TableRow[];
  readonly notes: readonly Words[];
}

/** Whether bytes begin as an archive does, which every .xlsx is. */
export const isXlsx = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;

/** A chunk is unpacked at once; a thousandfold of this is the most that comes of it. */
const CHUNK_BYTES = 4_096;

/**
 * Reads the first sheet of an Excel file. The archive is unpacked here, chunk by chunk, and given up when it grows past its bound,
 * whatever its headers say; the reader gets what was unpacked. So a bomb costs no more than a large menu.
 */
export async function readXlsx(bytes: Uint8Array, problems: Problems): Promise<Sheet> {
  const refuse = (what: Words): Sheet => {
    problems.add(WHOLE_FILE, what);
    return { rows: [], notes: [] };
  };
  const { bytesMax, unpackedBytesMax } = FILE_BOUNDS;
  if (bytes.length > bytesMax) {
    return refuse({
      en: `has ${bytes.length} bytes, at most ${bytesMax} are read`,
      ko: `${bytes.length}바이트예요. ${bytesMax}바이트까지 읽을 수 있어요`,
    });
  }
  const parts = unpack(bytes);
  if (parts === 'too-large') {
    return refuse({
      en: `unpacks to more than ${unpackedBytesMax} bytes; save only the menu's sheet`,
      ko: `압축을 풀면 ${unpackedBytesMax}바이트가 넘어요. 메뉴 시트만 저장해 주세요`,
    });
  }
  const sheets = Object.entries(parts).filter(([name]) => /^xl\/worksheets\/[^/]+\.xml$/i.test(name));
  if (sheets.length === 0) return refuse({ en: 'is an archive, but no .xlsx', ko: '압축 파일이지만 .xlsx가 아니에요' });
  const texts = sheets.map(([, part]) => Buffer.from(part.buffer, part.byteOffset, part.length).toString('utf8'));
  if (texts.some(isTooWide)) {
    return refuse({
      en: `has cells beyond row ${FILE_BOUNDS.sheetRowsMax} or column ${COLUMNS_MAX}; delete the empty area`,
      ko: `${FILE_BOUNDS.sheetRowsMax}행이나 ${COLUMNS_MAX}열 너머에 칸이 있어요. 빈 영역을 지워 주세요`,
    });
  }
  // Loaded for the first such file: forty modules that every process would pay for at its start.
  const { InvalidSpreadsheetError, readSheet } = await import('read-excel-file/universal');
  try {
    const archive = zipSync(parts, { level: 0 });
    const cells = await readSheet(archive.buffer as ArrayBuffer, { trim: false });
    const rows = cells.map((row, index) => ({ number: index + 1, cells: row.map(asText) }));
    return { rows, notes: texts.some((text) => /<f[ >]/.test(text)) ? [FORMULAS] : [] };
  } catch (error) {
    // Whatever the reader stumbles over is in the file: it reads nothing else.
    const why = error instanceof InvalidSpreadsheetError ? `: ${error.message}` : '';
    return refuse({ en: `is an .xlsx that cannot be read${why}`, ko: `읽을 수 없는 .xlsx예요${why}` });
  }
}

const FORMULAS: Words = {
  en: 'some cells are formulas; the values that Excel showed last were read',
  ko: '수식이 든 칸이 있어요. 엑셀에 마지막으로 보인 값을 읽었어요',
};

type Parts = Record<string, Uint8Array>;

/** The parts that say something; 'too-large' as soon as they are together larger than allowed. */
function unpack(bytes: Uint8Array): Parts | 'too-large' {
  const parts: Record<string, Uint8Array[]> = {};
  let total = 0;
  let isBroken = false;
  const unzip = new Unzip((file) => {
    if (!/\.(xml|rels)$/i.test(file.name)) return;
    const chunks: Uint8Array[] = [];
    parts[file.name] = chunks;
    file.ondata = (error, chunk) => {
      if (error) isBroken = true;
      else {
        chunks.push(chunk);
        total += chunk.length;
      }
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length && !isBroken; at += CHUNK_BYTES) {
      unzip.push(bytes.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= bytes.length);
      if (total > FILE_BOUNDS.unpackedBytesMax) return 'too-large';
    }
  } catch {
    isBroken = true;
  }
  return isBroken
    ? {}
    : Object.fromEntries(Object.entries(parts).map(([name, chunks]) => [name, Buffer.concat(chunks)]));
}

const COLUMNS_MAX = FILE_BOUNDS.sheetColumnsMax;

/** Whether a sheet has cells so far out, or so many beside each other, that the reader's rows would fill the memory. */
function isTooWide(sheet: string): boolean {
  let rows = 0;
  let columns = 0;
  for (const [, tag, attributes = ''] of sheet.matchAll(/<(?:\w+:)?(row|c)\b([^>]*)>/g)) {
    const [, letters = '', digits = ''] = /\sr="([A-Za-z]*)(\d*)"/.exec(attributes) ?? [];
    if (tag === 'row') {
      rows += 1;
      columns = 0;
    } else {
      columns = Math.max(columns + 1, columnNumber(letters));
    }
    if (Math.max(rows, Number(digits)) > FILE_BOUNDS.sheetRowsMax || columns > COLUMNS_MAX) return true;
  }
  return false;
}

/** A is 1, Z 26, AA 27. */
const columnNumber = (letters: string): number =>
  [...letters.toUpperCase()].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);

/** A cell as it would stand in a text table. A number has no more digits than it was typed with. */
function asText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  if (typeof cell === 'number') return String(Number(cell.toPrecision(15)));
  return String(cell).trim();
}
