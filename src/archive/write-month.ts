import type { Copying } from '../platform/db/copy.ts';
import type { Db } from '../platform/db/pool.ts';
import { ArchiveError, beginMonth, type Manifest, verifyMonth } from './files.ts';
import { listMonths, type Month, type MonthHere, noteBegun, noteWritten } from './months.ts';
import { boundsOf, putBack, quoted, takeOff } from './partitions.ts';
import type { Books } from './ports.ts';
import { columnsOf, copyRowsOut } from './rows.ts';

export interface ArchiveDeps {
  readonly db: Db;
  readonly copying: Copying;
  /** Where the months' folders are. */
  readonly folder: string;
}

/**
 * Archives a month: takes its tables off, writes them to files, reads the files again, and only then drops the tables. Killed
 * anywhere and called again it goes on; at no moment are its rows nowhere.
 * @returns what is in the files
 * @throws ArchiveError for a month that is not to be archived (yet), and then nothing was changed
 */
export async function writeMonth({ db, copying, folder }: ArchiveDeps, books: Books, month: Month): Promise<Manifest> {
  const here = await findMonth(db, month);
  const ids = await boundsOf(db, month);
  if (here.archive === null) {
    await refuseUnlessReady(db, here);
    await books.post();
    const needed = await books.needs(ids);
    if (needed) throw new ArchiveError(`${month} cannot be archived: ${needed}.`);
    await noteBegun(db, month);
  }
  if (here.tables.length === 0) return (await verifyMonth(folder, month)).manifest;

  const [orders, ...others] = here.tables;
  // Who made its days anew has ended, and who comes later knows that they must not be: the orders are not all there.
  await books.hold(async () => {
    await takeOff(db, [orders!]);
    // A cancel may have come meanwhile; with the orders out of reach there is no further one.
    const needed = others.some(({ state }) => state !== 'apart') && (await books.needs(ids));
    if (!needed) return;
    await putBack(db, month, [orders!]);
    throw new ArchiveError(`${month} is not archived, and as it was: ${needed}.`);
  });
  await takeOff(db, others);

  const written = here.archive?.writtenAt ? await stillGood(folder, here) : undefined;
  const manifest = written ?? (await writeFiles({ db, copying, folder }, here));
  await db.query(`DROP TABLE ${here.tables.map(({ name }) => quoted(name)).join(', ')}`);
  return manifest;
}

async function findMonth(db: Db, month: Month): Promise<MonthHere> {
  const [here] = await listMonths(db, month);
  if (!here)
    throw new ArchiveError(`There is no ${month} here: neither its orders nor a word that they were archived.`);
  return here;
}

async function refuseUnlessReady(db: Db, { month, isFinished }: MonthHere): Promise<void> {
  if (!isFinished) throw new ArchiveError(`${month} is not finished: a month rests a week before it is archived.`);
  const [oldest] = (await listMonths(db)).filter(({ archive, tables }) => archive === null && tables.length > 0);
  // The books know one first day whose orders are all here.
  if (oldest!.month !== month) throw new ArchiveError(`${oldest!.month} comes before ${month}: archive it first.`);
}

/** What a killed one has written is believed when each checksum says so; otherwise it is written again, the rows being here. */
async function stillGood(folder: string, { month, archive }: MonthHere): Promise<Manifest | undefined> {
  try {
    const { manifest, sums } = await verifyMonth(folder, month);
    return sums === archive!.sums ? manifest : undefined;
  } catch (error) {
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}

async function writeFiles({ db, copying, folder }: ArchiveDeps, { month, tables }: MonthHere): Promise<Manifest> {
  const writer = beginMonth(folder, month);
  for (const { parent, name } of tables) {
    const columns = await columnsOf(db, name);
    const sql = await copyRowsOut(db, name, columns);
    await writer.table(parent, columns, (sink) => copying.out(sql, sink));
  }
  const { manifest, sums } = await writer.finish();
  await noteWritten(db, month, manifest.tables.find(({ table }) => table === 'orders')!.rows, sums);
  return manifest;
}
