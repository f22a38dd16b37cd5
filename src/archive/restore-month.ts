import { ArchiveError, hashing, type Manifest, readRows, type TableFile, verifyMonth } from './files.ts';
import { listMonths, type Month, noteWritten } from './months.ts';
import { putBack, quoted } from './partitions.ts';
import { columnsOf, copyRowsIn, copyRowsOut } from './rows.ts';
import type { ArchiveDeps } from './write-month.ts';

/**
 * Brings an archived month back: its rows are loaded into tables apart, read out of them again and compared with the hash of what was
 * archived, and then all of them are put back at once. Killed anywhere and called again it begins anew. The files stay.
 * @throws ArchiveError when a file is damaged, of a later format or of another time, or a row is not what it was; nothing of it is seen
 */
export async function restoreMonth({ db, copying, folder }: ArchiveDeps, month: Month): Promise<Manifest> {
  const [here] = await listMonths(db, month);
  if (here?.tables.some(({ state }) => state === 'attached')) throw new ArchiveError(`${month} is here.`);
  if (here?.archive && !here.archive.writtenAt) {
    throw new ArchiveError(`${month} is half archived, and its rows are still in the database: archive it first.`);
  }
  const { manifest, sums } = await verifyMonth(folder, month);
  if (here?.archive && here.archive.sums !== sums) {
    throw new ArchiveError(`The files of ${month} are not those that were written when it was archived last.`);
  }
  // In a database that does not know it, such as a new one: it is not here while half of it is.
  if (!here?.archive) {
    await noteWritten(db, month, manifest.tables.find(({ table }) => table === 'orders')!.rows, sums);
  }
  const loaded = manifest.tables.map((file) => ({
    file,
    parent: file.table,
    name: `${file.table}_${month.replace('-', '_')}`,
  }));
  for (const { file, parent, name } of loaded) {
    await refuseUnlessItFits(parent, file, db);
    await db.query(`DROP TABLE IF EXISTS ${quoted(name)}`);
    await db.query(`CREATE TABLE ${quoted(name)} (LIKE ${quoted(parent)} INCLUDING ALL)`);
    await copying.in(copyRowsIn(name, file.columns), readRows(folder, month, file));
    const again = hashing();
    const rows = await copying.out(await copyRowsOut(db, name, file.columns), again.sink);
    if (rows !== file.rows || again.sha256() !== file.rowsSha256) {
      throw new ArchiveError(
        `What was restored of ${parent} is not what was archived: ${rows} rows instead of ${file.rows}, or others.`,
      );
    }
  }
  await putBack(db, month, loaded);
  for (const { name } of loaded) await db.query(`ANALYZE ${quoted(name)}`);
  return manifest;
}

async function refuseUnlessItFits(parent: string, file: TableFile, db: ArchiveDeps['db']): Promise<void> {
  const { rowCount } = await db.query('SELECT FROM monthly_table WHERE name = $1', [parent]);
  if (rowCount === 0) throw new ArchiveError(`There is no table ${parent} any more.`);
  const there = new Set((await columnsOf(db, parent)).map(({ name }) => name));
  const gone = file.columns.filter(({ name }) => !there.has(name)).map(({ name }) => name);
  if (gone.length > 0) throw new ArchiveError(`${parent} has no ${gone.join(', ')} any more.`);
}
