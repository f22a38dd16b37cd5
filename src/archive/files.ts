import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, type Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { makeFolder, syncFolder, writeDurably } from '../platform/files/durable-file.ts';
import type { Month } from './months.ts';

/** What this program writes, and the newest that it reads. */
const FORMAT = 1;
const MANIFEST = 'manifest.json';
/** As `sha256sum -c` reads it. */
const SUMS = 'SHA256SUMS';
const FILE_MODE = 0o600;

/** One kind of a month's rows. */
export interface TableFile {
  /** The table that they are of, such as `orders`. */
  readonly table: string;
  readonly file: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: number;
  /** Of all its rows in the order of their key, as CSV: the same rows have the same. */
  readonly rowsSha256: string;
}

/** Says what a month's folder holds. */
export interface Manifest {
  readonly format: number;
  readonly month: Month;
  readonly writtenAt: string;
  readonly tables: readonly TableFile[];
}

/** What was found cannot be trusted, or not be understood. Nothing was changed by it. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/** What went through, without holding it up. */
function measure(hash: Hash): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

/** Somewhere for rows to go when only their hash is wanted. */
export function hashing(): { readonly sink: Writable; sha256(): string } {
  const hash = createHash('sha256');
  return { sink: hash as unknown as Writable, sha256: () => hash.digest('hex') };
}

export interface MonthWriter {
  /** @param fill gives the rows as CSV and ends the sink. @returns how many rows it gave */
  table(table: string, columns: TableFile['columns'], fill: (sink: Writable) => Promise<number>): Promise<TableFile>;
  /**
   * Puts the month in its place, whole, and reads it again from there.
   * @returns the checksum of its list of checksums
   */
  finish(): Promise<{ readonly manifest: Manifest; readonly sums: string }>;
}

/** Begins a month's folder beside its place; what a killed one left there is thrown away. */
export function beginMonth(folder: string, month: Month): MonthWriter {
  const draft = join(folder, `${month}.new`);
  rmSync(draft, { recursive: true, force: true });
  makeFolder(draft);
  const tables: TableFile[] = [];
  const sums = new Map<string, string>();

  return {
    async table(table, columns, fill) {
      const file = `${table}.csv.zst`;
      const rowsHash = createHash('sha256');
      const fileHash = createHash('sha256');
      const source = new PassThrough();
      const written = pipeline(
        source,
        measure(rowsHash),
        createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
        measure(fileHash),
        createWriteStream(join(draft, file), { mode: FILE_MODE, flush: true }),
      );
      const filled = fill(source).catch((error) => {
        source.destroy(error);
        throw error;
      });
      const [rows] = await Promise.all([filled, written]);
      const entry = { table, file, columns, rows, rowsSha256: rowsHash.digest('hex') };
      tables.push(entry);
      sums.set(file, fileHash.digest('hex'));
      return entry;
    },
    async finish() {
      const text = `${JSON.stringify({ format: FORMAT, month, writtenAt: new Date().toISOString(), tables } satisfies Manifest, null, 2)}\n`;
      writeDurably(join(draft, MANIFEST), text, FILE_MODE);
      sums.set(MANIFEST, createHash('sha256').update(text).digest('hex'));
      const list = [...sums].map(([file, sum]) => `${sum}  ${file}\n`).join('');
      writeDurably(join(draft, SUMS), list, FILE_MODE);
      const place = join(folder, month);
      // One of before: this month was restored since, and is archived again.
      rmSync(place, { recursive: true, force: true });
      renameSync(draft, place);
      syncFolder(folder);
      return verifyMonth(folder, month);
    },
  };
}

/** Which months have a folder. */
export function monthsIn(folder: string): Month[] {
  try {
    return readdirSync(folder).filter((name) => /^\d{4}-\d{2}$/.test(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Reads all of a month's files and compares each with its checksum, and its rows with theirs.
 * @throws ArchiveError naming the file that is missing, damaged or of a later format
 */
export async function verifyMonth(
  folder: string,
  month: Month,
): Promise<{ readonly manifest: Manifest; readonly sums: string }> {
  const place = join(folder, month);
  const list = readText(place, SUMS);
  const sums = new Map([...list.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(([, sum, file]) => [file!, sum!] as const));
  const text = readText(place, MANIFEST);
  if (createHash('sha256').update(text).digest('hex') !== sums.get(MANIFEST)) damaged(place, MANIFEST);
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.format > FORMAT) {
    throw new ArchiveError(
      `${place} has format ${manifest.format}, and this Matjip reads up to ${FORMAT}: use a newer one.`,
    );
  }
  if (manifest.month !== month) throw new ArchiveError(`${place} holds ${manifest.month}, not ${month}.`);
  for (const { file, rowsSha256 } of manifest.tables) {
    const fileHash = createHash('sha256');
    const rows = hashing();
    try {
      await pipeline(createReadStream(join(place, file)), measure(fileHash), createZstdDecompress(), rows.sink);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        throw new ArchiveError(`${join(place, file)} is missing.`);
      damaged(place, file);
    }
    if (fileHash.digest('hex') !== sums.get(file) || rows.sha256() !== rowsSha256) damaged(place, file);
  }
  return { manifest, sums: createHash('sha256').update(list).digest('hex') };
}

/** A table's rows as CSV with a line of names; who wants to be sure of them verifies first. */
export function readRows(folder: string, month: Month, { file }: TableFile): Readable {
  const source = createReadStream(join(folder, month, file));
  const rows = createZstdDecompress();
  source.on('error', (error) => rows.destroy(error));
  return source.pipe(rows);
}

function readText(place: string, file: string): string {
  try {
    return readFileSync(join(place, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ArchiveError(`${join(place, file)} is missing.`);
  }
}

function damaged(place: string, file: string): never {
  throw new ArchiveError(`${join(place, file)} is not what was written: its checksum is another.`);
}
