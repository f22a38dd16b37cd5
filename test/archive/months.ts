import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArchiveDeps, listMonths, restoreMonth, writeMonth } from '../../src/archive/index.ts';
import { BOUNDS } from '../../src/config.ts';
import { createCopying } from '../../src/platform/db/copy.ts';
import type { Db, Queryable } from '../../src/platform/db/pool.ts';
import { booksOfMonths, closeDays } from '../../src/sales/index.ts';
import { openScene, type Scene, type Sold } from '../sales/scene.ts';
import { atEndOf, type Lifetime } from '../support/lifetime.ts';

export interface ArchiveScene extends Scene {
  readonly deps: ArchiveDeps;
  /** The orders that were placed, two in each of the first two months. */
  readonly sold: readonly Sold[];
  /** Everything that belongs to a month's orders, by table; apart or not, seen or not. */
  rowsOf(month: string): Promise<Record<string, unknown[]>>;
  /** As whoever orders and reads sees it. */
  seenRowsOf(month: string): Promise<Record<string, unknown[]>>;
  close(): Promise<void>;
}

export const write = (deps: ArchiveDeps, month: string) =>
  writeMonth(deps, booksOfMonths(deps.db, BOUNDS.batch.postingsMax), month);
export const restore = restoreMonth;

/** A shop with two old months, each with rows of every kind, posted and closed. */
export async function openArchiveScene(t: Lifetime): Promise<ArchiveScene> {
  const scene = await openScene(t);
  const folder = await mkdtemp(join(tmpdir(), 'matjip-archive-'));
  atEndOf(t, () => rm(folder, { recursive: true, force: true }));
  const shop = await scene.shop('Asia/Seoul');
  const sold: Sold[] = [];
  for (const day of ['2026-01-10', '2026-01-31', '2026-02-01', '2026-02-15']) {
    const order = await scene.sell(shop, Date.parse(`${day}T03:00Z`), [
      { dish: 'stew', quantity: 2, unitPrice: 9_000 },
      { dish: 'beer', quantity: 1, unitPrice: 5_000 },
    ]);
    sold.push(order);
    await addAllKinds(scene.db, order);
  }
  const close = async () => {
    await scene.post();
    await closeDays(scene.db, Date.now, 60_000);
  };
  await close();
  const tables = (await listMonths(scene.db, '2026-01'))[0]!.tables;
  const read = async (nameOf: (table: (typeof tables)[number]) => string, where: string) => {
    const rows: Record<string, unknown[]> = {};
    for (const table of tables) {
      const name = nameOf(table);
      const { rows: there } = await scene.db.query(
        `SELECT t.*, t.ctid IS NOT NULL AS "isThere" FROM ${name} t ${where.replaceAll(':id', idOf(table.parent))} ORDER BY t::text COLLATE "C"`,
      );
      rows[table.parent] = there;
    }
    return rows;
  };
  return {
    ...scene,
    sold,
    close,
    deps: { db: scene.db, copying: createCopying(scene.url), folder },
    rowsOf: (month) => read(({ parent }) => `${parent}_${month.replace('-', '_')}`, ''),
    seenRowsOf: (month) =>
      read(
        ({ parent }) => parent,
        `WHERE :id >= uuid_v7_floor('${month}-01Z') AND :id < uuid_v7_floor('${month}-01Z'::timestamptz + interval '1 month')`,
      ),
  };
}

const idOf = (table: string): string => (table === 'orders' || table === 'party' ? 'id' : 'order_id');

/** What is awkward in a CSV is in it: quotes, new lines, commas, other alphabets, emptiness, and nothing at all. */
async function addAllKinds(db: Queryable, { shop, id, atMs }: Sold): Promise<void> {
  const key = [shop.store.id, id];
  const at = new Date(atMs);
  await db.query(
    `UPDATE order_line SET options = '[{"id": "a\\"b", "price": 500}]', from_count = 3 WHERE store_id = $1 AND order_id = $2 AND line = 1`,
    key,
  );
  await db.query(
    `INSERT INTO order_note (store_id, order_id, line, note) VALUES ($1, $2, 1, E'덜 맵게, "please"\\r\\n\\\\.\\n'), ($1, $2, 2, '')`,
    key,
  );
  await db.query(
    `INSERT INTO order_event (store_id, order_id, seq, status, at, promised_at) VALUES ($1, $2, 1, 'placed', $3, $3)`,
    [...key, at],
  );
  await db.query(
    `INSERT INTO ticket (store_id, order_id, station, number, table_label, round, placed_at, changed_at, lines)
     VALUES ($1, $2, 'soup', 1, NULL, 1, $3, $3, '[]'), ($1, $2, 'Äpfel', 1, '', 1, $3, $3, '[{"name": {"ko": "찌개"}}]')`,
    [...key, at],
  );
  await db.query(
    `INSERT INTO print_slip (store_id, order_id, station, placed_at, number) VALUES ($1, $2, 'soup', $3, 1)`,
    [...key, at],
  );
  await db.query(`INSERT INTO effect_done (store_id, order_id, kind) VALUES ($1, $2, 'ranking-counts')`, key);
  await db.query(
    `INSERT INTO party (store_id, id, day, number, size, name, position, joined_at) VALUES ($1, $2, '2026-01-01', 1, 2, '김', 1, $3)`,
    [...key, at],
  );
}

/** Nothing of a month is in the database, not even a table. */
export async function isGone(db: Db, month: string): Promise<boolean> {
  return (await listMonths(db, month)).every(({ tables }) => tables.length === 0);
}
