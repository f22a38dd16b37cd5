import { readFile } from 'node:fs/promises';
import PDFDocument from 'pdfkit';
import QRCode from 'qrcode';

/** A code of the sheet. */
export interface SheetCode {
  /** What it is for, such as `테이블 5`. */
  readonly name: string;
  /** What it holds: the whole address. */
  readonly address: string;
}

export interface Sheet {
  /** What the store is called. */
  readonly store: string;
  readonly codes: readonly SheetCode[];
}

/**
 * Both know every Hangul syllable and Latin letter; only the signs that are drawn are put into the file. Behind the font come some zeros:
 * its last outline is that of the space, which has none, and fontkit reads the head of an outline all the same.
 */
const readFont = async (address: string): Promise<Buffer> =>
  Buffer.concat([await readFile(new URL(address)), Buffer.alloc(32)]);
const BOLD = import.meta.resolve('@expo-google-fonts/nanum-gothic/700Bold/NanumGothic_700Bold.ttf');
const REGULAR = import.meta.resolve('@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf');

/** In points, 72 an inch. A4, three in a row as on the page; a code of 45 mm is read from a metre and a half. */
const PAGE = { width: 595.28, height: 841.89, margin: 28 } as const;
const COLUMNS = 3;
const ROWS = 4;
const CELL = {
  width: (PAGE.width - 2 * PAGE.margin) / COLUMNS,
  height: (PAGE.height - 2 * PAGE.margin) / ROWS,
} as const;
const CODE_SIDE = 128;
/** White on each side, in modules: with less some phones find no code. */
const QUIET = 4;
const SCAN = '찍고 주문하세요 · Scan to order';

/**
 * Draws the QR codes of a store as a PDF that any printer prints: cells to be cut along the lines, each with what it is for. It takes about
 * half a second for its fonts, so whoever serves requests draws it in a thread.
 */
export async function drawSheet({ store, codes }: Sheet): Promise<Buffer> {
  const [regular, bold] = await Promise.all([readFont(REGULAR), readFont(BOLD)]);
  const document = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    autoFirstPage: false,
    info: { Title: `${store} · QR`, Creator: 'Matjip' },
  });
  document.registerFont('regular', regular).registerFont('bold', bold);
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise<void>((resolve, reject) => document.once('end', resolve).once('error', reject));
  for (const [index, code] of codes.entries()) {
    const place = index % (COLUMNS * ROWS);
    if (place === 0) document.addPage();
    drawCell(document, store, code, {
      x: PAGE.margin + (place % COLUMNS) * CELL.width,
      y: PAGE.margin + Math.floor(place / COLUMNS) * CELL.height,
    });
  }
  document.end();
  await ended;
  return Buffer.concat(parts);
}

type Point = { readonly x: number; readonly y: number };

function drawCell(document: PDFKit.PDFDocument, store: string, { name, address }: SheetCode, { x, y }: Point): void {
  document.rect(x, y, CELL.width, CELL.height).lineWidth(0.4).dash(2, { space: 2 }).stroke('#999').undash();
  drawText(document, store, { font: 'bold', size: 10, x, y: y + 9, color: '#222' });
  drawCode(document, address, { x: x + (CELL.width - CODE_SIDE) / 2, y: y + 21 });
  drawText(document, name, { font: 'bold', size: 15, x, y: y + 147, color: '#000' });
  drawText(document, SCAN, { font: 'regular', size: 8, x, y: y + 167, color: '#222' });
  drawText(document, address.replace(/^https?:\/\//, ''), { font: 'regular', size: 6, x, y: y + 181, color: '#666' });
}

/** Nearest the edge of its cell. */
const PADDING = 8;
/** Smaller than this nobody reads it; what is longer still is cut. */
const SIZE_MIN = 4.5;

/** One line in the middle of a cell, made smaller until it fits. */
function drawText(
  document: PDFKit.PDFDocument,
  text: string,
  { font, size, x, y, color }: Point & { readonly font: string; readonly size: number; readonly color: string },
): void {
  const width = CELL.width - 2 * PADDING;
  const wide = document.font(font).fontSize(size).widthOfString(text);
  const fitted = Math.max(SIZE_MIN, Math.min(size, (size * width) / wide));
  document
    .fontSize(fitted)
    .fillColor(color)
    .text(text, x + PADDING, y + (size - fitted) / 2, { width, height: fitted, align: 'center', ellipsis: true });
}

/** As rows of dark modules, so that it is sharp at every size. A quarter of it may be lost, as on the page. */
function drawCode(document: PDFKit.PDFDocument, text: string, { x, y }: Point): void {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'Q' });
  const side = CODE_SIDE / (modules.size + 2 * QUIET);
  for (let row = 0; row < modules.size; row += 1) {
    for (let from = 0; from < modules.size; ) {
      let to = from;
      while (to < modules.size && modules.get(row, to)) to += 1;
      if (to > from) document.rect(x + (QUIET + from) * side, y + (QUIET + row) * side, (to - from) * side, side);
      from = to + 1;
    }
  }
  document.fill('#000');
}
