import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Config } from '../../config.ts';
import { withDatabase } from '../../platform/db/commands/with-database.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { importMenu } from './apply/import-menu.ts';
import { readContext } from './apply/read-context.ts';
import { FILE_BOUNDS } from './bounds.ts';
import { type Format, readMenuFile } from './parse/parse-menu.ts';
import { writeCsv } from './write/write-csv.ts';
import { writeJson } from './write/write-json.ts';

type DatabaseConfig = Pick<Config, 'databaseUrl' | 'home'>;

export interface MenuCommandOptions {
  /** A store's slug or id. May be left out when there is only one store. */
  readonly store?: string | undefined;
  /** Told what was done, a line at a time. */
  readonly log?: (line: string) => void;
}

export interface ImportCommandOptions extends MenuCommandOptions {
  /** The file holds changes to some dishes, not the whole menu. */
  readonly partial?: boolean | undefined;
}

export interface ExportCommandOptions extends MenuCommandOptions {
  /** Begins the CSV with the mark that Excel needs to see that it is UTF-8. Reading it back needs no option. */
  readonly excel?: boolean | undefined;
}

/**
 * `matjip menu import FILE`
 * @throws MenuFileError with everything that is wrong with the file; Error in one line for all else
 */
export async function importMenuCommand(
  config: DatabaseConfig,
  path: string,
  { store, partial = false, log = console.log }: ImportCommandOptions = {},
): Promise<void> {
  const bytes = await readBounded(path);
  await withDatabase(config, async (db) => {
    const { id, slug } = await findStore(db, store);
    // What a price means and which codes names have is the store's to say.
    const file = await readMenuFile(bytes, partial, await readContext(db, id));
    const result = await db.transaction((tx) => importMenu(tx, id, file));
    for (const note of file.notes) log(`${slug}: ${note.en}`);
    if (file.made.length > 0)
      log(`${slug}: made codes for ${file.made.map(({ name, code }) => `${name} (${code})`).join(', ')}`);
    const counts = ['category', 'item', 'group', 'option']
      .map((kind) => `${kind} ${file.rows.filter((row) => row.kind === kind).length}`)
      .join(', ');
    log(
      `${slug}: read ${counts}; ${result.written} changed, ${result.archived} taken off; menu version ${result.version}.`,
    );
  });
}

/** `matjip menu export FILE`; the file is replaced as a whole or not at all. */
export async function exportMenuCommand(
  config: DatabaseConfig,
  path: string,
  { store, excel = false, log = console.log }: ExportCommandOptions = {},
): Promise<void> {
  const format = formatOf(path);
  await withDatabase(config, async (db) => {
    const { id, slug } = await findStore(db, store);
    const { currency, present: rows } = await readContext(db, id);
    const text = format === 'json' ? writeJson(rows) : `${excel ? '\uFEFF' : ''}${writeCsv(rows, currency)}`;
    const draft = `${path}.${process.pid}.tmp`;
    try {
      await writeFile(draft, text);
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw new Error(`${path} cannot be written: ${(error as Error).message}`, { cause: error });
    }
    log(`${slug}: wrote ${rows.length} rows to ${path}.`);
  });
}

function formatOf(path: string): Format {
  const extension = extname(path).toLowerCase();
  if (extension === '.csv') return 'csv';
  if (extension === '.json') return 'json';
  throw new Error(`${path}: a menu file's name ends in .csv or .json.`);
}

/** Reads no more than shows that a file is too large. */
async function readBounded(path: string): Promise<Uint8Array> {
  try {
    if ((await stat(path)).isDirectory()) throw new Error('it is a folder');
    const handle = await open(path);
    try {
      const buffer = Buffer.alloc(FILE_BOUNDS.bytesMax + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** More would not fit the message. */
const STORES_NAMED_MAX = 20;

async function findStore(db: Queryable, wanted: string | undefined): Promise<{ id: string; slug: string }> {
  const { rows } = await db.query<{ id: string; slug: string }>(
    `SELECT id, slug FROM store WHERE $1::text IS NULL OR slug = $1 OR id::text = lower($1) ORDER BY slug LIMIT $2`,
    [wanted ?? null, STORES_NAMED_MAX + 1],
  );
  if (rows.length === 1) return rows[0]!;
  const { rows: stores } = await db.query<{ slug: string }>('SELECT slug FROM store ORDER BY slug LIMIT $1', [
    STORES_NAMED_MAX,
  ]);
  if (stores.length === 0) throw new Error('There are no stores yet; `matjip seed` makes some.');
  const known = stores.map((store) => store.slug).join(', ');
  throw new Error(
    wanted === undefined
      ? `Say which store with --store; there are ${known}.`
      : `There is no store '${wanted}'; there are ${known}.`,
  );
}
