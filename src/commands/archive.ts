import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  type ArchiveDeps,
  ArchiveError,
  listMonths,
  type Month,
  type MonthHere,
  monthsIn,
  readMonth,
  readRows,
  restoreMonth,
  verifyMonth,
  writeMonth,
} from '../archive/index.ts';
import { BOUNDS, type Config } from '../config.ts';
import { withDatabase } from '../platform/db/commands/with-database.ts';
import { createCopying } from '../platform/db/copy.ts';
import { openDb } from '../platform/db/pool.ts';
import { booksOfMonths } from '../sales/index.ts';

export interface ArchiveOptions {
  /** Where the months' folders are; unset: `archive` in the home. */
  readonly folder?: string | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

const folderOf = (config: Config, folder: string | undefined): string => folder ?? join(config.home, 'archive');

/** `matjip archive list`: each month that is here or was archived. */
export async function archiveListCommand(
  config: Config,
  { folder, json = false, log = console.log }: ArchiveOptions & { readonly json?: boolean } = {},
): Promise<void> {
  const place = folderOf(config, folder);
  const files = new Set(monthsIn(place));
  const months = await withArchive(config, place, ({ db }) => listMonths(db));
  const known = new Set(months.map(({ month }) => month));
  const lines = [
    ...months.map((here) => ({ ...stateOf(here), month: here.month, hasFiles: files.has(here.month) })),
    ...[...files]
      .filter((month) => !known.has(month))
      .map((month) => ({ month, state: 'unknown', bytes: 0, hasFiles: true })),
  ].sort((a, b) => (a.month < b.month ? -1 : 1));
  if (json) return log(JSON.stringify(lines, null, 2));
  for (const { month, state, bytes, hasFiles } of lines) {
    const said = [
      SAID[state as keyof typeof SAID],
      bytes > 0 && `${mib(bytes)} in the database`,
      hasFiles && 'has files',
    ];
    log(`${month}  ${said.filter(Boolean).join(', ')}`);
  }
}

const SAID = {
  growing: 'not finished',
  here: 'can be archived',
  half: "half archived: run 'archive write' again",
  archived: 'archived',
  unknown: 'not in this database',
};

function stateOf({ archive, tables, isFinished }: MonthHere): { state: keyof typeof SAID; bytes: number } {
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  if (archive !== null) return { state: tables.length === 0 ? 'archived' : 'half', bytes };
  return { state: isFinished ? 'here' : 'growing', bytes };
}

/**
 * `matjip archive write [MONTH]`: all months up to this one, the oldest first; without it, all but the last two years.
 * @throws RangeError for what is no month; ArchiveError for one that cannot be archived
 */
export async function archiveWriteCommand(
  config: Config,
  upTo: string | undefined,
  { folder, log = console.log }: ArchiveOptions = {},
): Promise<void> {
  const last = upTo === undefined ? monthsAgo(BOUNDS.archive.monthsKept) : readMonth(upTo);
  await withArchive(config, folderOf(config, folder), async (deps) => {
    const months = (await listMonths(deps.db)).filter(
      ({ month, archive, tables }) => month <= last && (archive === null || tables.length > 0),
    );
    if (months.length === 0) return log(`There is nothing to archive up to ${last}.`);
    const books = booksOfMonths(deps.db, BOUNDS.batch.postingsMax);
    for (const { month } of months) {
      const { tables } = await writeMonth(deps, books, month);
      log(`${month}: ${said(tables)} are in ${join(deps.folder, month)}, read again and out of the database.`);
    }
  });
}

/** `matjip archive restore MONTH` */
export async function archiveRestoreCommand(
  config: Config,
  month: string,
  { folder, log = console.log }: ArchiveOptions = {},
): Promise<void> {
  const { tables } = await withArchive(config, folderOf(config, folder), (deps) =>
    restoreMonth(deps, readMonth(month)),
  );
  log(`${month}: ${said(tables)} are back; each row is what was archived.`);
}

/** `matjip archive verify [MONTH…]`: needs no database. @throws ArchiveError for the first that cannot be trusted */
export async function archiveVerifyCommand(
  config: Config,
  months: readonly string[],
  { folder, log = console.log }: ArchiveOptions = {},
): Promise<void> {
  const place = folderOf(config, folder);
  const wanted = months.length > 0 ? months.map(readMonth) : monthsIn(place);
  if (wanted.length === 0) throw new ArchiveError(`There are no months in ${place}.`);
  for (const month of wanted) {
    const { manifest } = await verifyMonth(place, month);
    log(`${month}: ${said(manifest.tables)}, all as written on ${manifest.writtenAt.slice(0, 10)}.`);
  }
}

/** `matjip archive read MONTH TABLE`: the rows as CSV, after they were verified; needs no database. */
export async function archiveReadCommand(
  config: Config,
  month: string,
  table: string,
  { folder, sink = process.stdout }: ArchiveOptions & { readonly sink?: NodeJS.WritableStream } = {},
): Promise<void> {
  const place = folderOf(config, folder);
  const { manifest } = await verifyMonth(place, readMonth(month));
  const file = manifest.tables.find((each) => each.table === table);
  if (!file)
    throw new RangeError(`There is no ${table} in ${month}: ${manifest.tables.map((each) => each.table).join(', ')}.`);
  await pipeline(readRows(place, month, file), sink, { end: sink !== process.stdout }).catch((error) => {
    // Whoever read it, such as `head`, has seen enough.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  });
}

function withArchive<T>(config: Config, folder: string, work: (deps: ArchiveDeps) => Promise<T>): Promise<T> {
  return withDatabase(config, async (_, url) => {
    const db = openDb({ url, applicationName: 'matjip archive', ...BOUNDS.archive });
    try {
      return await work({ db, copying: createCopying(url), folder });
    } finally {
      await db.close();
    }
  });
}

const said = (tables: readonly { readonly table: string; readonly rows: number }[]): string =>
  `${tables.find(({ table }) => table === 'orders')?.rows.toLocaleString('en')} orders and ${tables
    .reduce((sum, { table, rows }) => sum + (table === 'orders' ? 0 : rows), 0)
    .toLocaleString('en')} rows that belong to them`;

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

function monthsAgo(months: number): Month {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months - 1, 1)).toISOString().slice(0, 7);
}
