import { checkChoices } from '../check-choices.ts';
import type { MenuFile, MenuRow } from '../menu-file.ts';
import { Problems } from '../menu-file-error.ts';
import type { Words } from '../words.ts';
import { decodeText } from './decode-text.ts';
import { keepUnsaid } from './keep-unsaid.ts';
import type { KnownCode } from './make-codes.ts';
import type { RawMenu } from './raw-row.ts';
import { readJson } from './read-json.ts';
import { readTable } from './read-table.ts';
import { isXlsx, readXlsx } from './read-xlsx.ts';
import { splitCsv } from './split-csv.ts';
import { type MadeCode, understandRows } from './understand-rows.ts';

export type Format = 'csv' | 'json';

/** What a file is read beside: the store that it is for. */
export interface FileContext {
  readonly currency: string;
  /** The menu as it is. */
  readonly present: readonly MenuRow[];
  /** All rows that the store has or had. */
  readonly known: readonly KnownCode[];
}

/** A new store's, in won. */
const NO_STORE: FileContext = { currency: 'KRW', present: [], known: [] };

/** A file as it was understood. */
export interface ReadMenuFile extends MenuFile {
  /** What was guessed or left out, for whoever looks before it counts. */
  readonly notes: readonly Words[];
  readonly made: readonly MadeCode[];
}

/**
 * Reads and checks a whole menu file in UTF-8, UTF-16 or CP949.
 * @param partial the file holds changes to some dishes instead of the whole menu
 * @throws MenuFileError with every problem that it has
 */
export function parseMenu(
  bytes: Uint8Array,
  { format, partial }: { format: Format; partial: boolean },
  context: FileContext = NO_STORE,
): ReadMenuFile {
  const problems = new Problems();
  const decoded = decodeText(bytes, problems);
  problems.throwAny();
  const { text, encoding } = decoded!;
  const raw =
    format === 'json' ? readJson(text, partial, problems) : readTable(splitCsv(text, problems), partial, problems);
  const notes = encoding ? [{ en: `read as ${encoding}`, ko: `${encoding} 글자로 읽었어요` }] : [];
  return understand(
    { ...raw, notes: [...notes, ...raw.notes] },
    { partial, exact: format === 'json' },
    context,
    problems,
  );
}

/**
 * Reads any file that a menu comes in, by what is inside and not by its name: a table of Excel (.xlsx), a text table, or JSON.
 * @throws MenuFileError with every problem that it has
 */
export async function readMenuFile(bytes: Uint8Array, partial: boolean, context: FileContext): Promise<ReadMenuFile> {
  if (!isXlsx(bytes)) return parseMenu(bytes, { format: looksLikeJson(bytes) ? 'json' : 'csv', partial }, context);
  const problems = new Problems();
  const sheet = await readXlsx(bytes, problems);
  problems.throwAny();
  const raw = readTable(sheet.rows, partial, problems);
  return understand({ ...raw, notes: [...sheet.notes, ...raw.notes] }, { partial, exact: false }, context, problems);
}

function understand(
  raw: RawMenu,
  { partial, exact }: { partial: boolean; exact: boolean },
  { currency, present, known }: FileContext,
  problems: Problems,
): ReadMenuFile {
  const reading = { currency, exact };
  const understood = understandRows(raw, { partial, reading, known }, problems);
  const rows = raw.listed && !partial ? keepUnsaid(understood.rows, present) : understood.rows;
  // A partial file says too little for this; it is checked together with the menu that it changes.
  if (!partial) checkChoices(rows, problems);
  problems.throwAny();
  return { partial, rows, notes: raw.notes, made: understood.made };
}

const looksLikeJson = (bytes: Uint8Array): boolean =>
  /^\uFEFF?\s*[{[]/.test(Buffer.from(bytes.subarray(0, 200)).toString('utf8'));
