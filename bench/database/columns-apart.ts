import { newId } from '../../src/platform/id.ts';
import type { BenchOptions } from '../options.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import type { BenchRow } from '../support/row.ts';

type Db = BenchDatabase['db'];

const ORDERS = 50_000;
const GROUP = 500;
/** As many as a crowd asks for at one moment. */
const ASKED = 1_000;
/** What every second guest writes, in bytes. */
const NOTE = 'x'.repeat(120);
const STEPS = ['cooking', 'ready', 'served'];

/** A way to keep an order's header, its note and its history. */
interface Layout {
  readonly name: string;
  readonly tables: readonly string[];
  readonly create: readonly string[];
  /** Each takes the group's ids as $1. */
  readonly insert: readonly string[];
  /** The same, with the new status as $2. */
  readonly step: readonly string[];
  readonly header: string;
}

const HEADER = `id uuid PRIMARY KEY, number int NOT NULL, status text NOT NULL, total bigint NOT NULL, placed_at timestamptz NOT NULL`;
const NEW = `SELECT id, n, 'placed', 9000, now()`;
const IDS = `FROM unnest($1::uuid[]) WITH ORDINALITY AS each (id, n)`;

const APART: Layout = {
  name: 'apart',
  tables: ['bench_apart', 'bench_apart_note', 'bench_apart_event'],
  create: [
    `CREATE TABLE bench_apart (${HEADER})`,
    'CREATE TABLE bench_apart_note (id uuid PRIMARY KEY, note text NOT NULL)',
    'CREATE TABLE bench_apart_event (id uuid, status text, at timestamptz NOT NULL, PRIMARY KEY (id, status))',
  ],
  insert: [
    `INSERT INTO bench_apart ${NEW} ${IDS}`,
    `INSERT INTO bench_apart_note SELECT id, '${NOTE}' ${IDS} WHERE n % 2 = 0`,
    `INSERT INTO bench_apart_event SELECT id, 'placed', now() ${IDS}`,
  ],
  step: [
    'UPDATE bench_apart SET status = $2 WHERE id = ANY ($1)',
    'INSERT INTO bench_apart_event SELECT id, $2, now() FROM unnest($1::uuid[]) AS id',
  ],
  header: 'bench_apart',
};

const TOGETHER: Layout = {
  name: 'together',
  tables: ['bench_together'],
  create: [`CREATE TABLE bench_together (${HEADER}, note text, events jsonb NOT NULL)`],
  insert: [
    `INSERT INTO bench_together ${NEW}, CASE WHEN n % 2 = 0 THEN '${NOTE}' END, jsonb_build_array(jsonb_build_object('status', 'placed', 'at', now())) ${IDS}`,
  ],
  step: [
    `UPDATE bench_together SET status = $2, events = events || jsonb_build_object('status', $2::text, 'at', now()) WHERE id = ANY ($1)`,
  ],
  header: 'bench_together',
};

interface Measured {
  readonly logBytes: number;
  readonly headerBytes: number;
  readonly allBytes: number;
  readonly pagesOfDay: number;
  readonly pagesAsked: number;
}

/** What an order's header gains by lying apart from its note and its history: bytes and pages, which no neighbour of the machine changes. */
export async function benchColumnsApart({ db }: BenchDatabase, { rows = ORDERS }: BenchOptions): Promise<BenchRow[]> {
  const [apart, together] = [await measure(db, APART, rows), await measure(db, TOGETHER, rows)];
  const row = (what: string, of: keyof Measured, unit: string, each = 1): BenchRow => ({
    what: `columns: ${what}`,
    ours: `${Math.round(apart[of] / each).toLocaleString('en')} ${unit}, apart`,
    baseline: `${Math.round(together[of] / each).toLocaleString('en')} ${unit}, together`,
    ratio: apart[of] / together[of],
  });
  return [
    row('log of an order from placed to served', 'logBytes', 'bytes', rows),
    row('table and index of the headers, an order', 'headerBytes', 'bytes', rows),
    row('all tables and indexes, an order', 'allBytes', 'bytes', rows),
    row('pages read for the sum of all', 'pagesOfDay', 'pages'),
    row(`pages read for the status of ${ASKED.toLocaleString('en')}`, 'pagesAsked', 'pages'),
  ];
}

async function measure(db: Db, layout: Layout, orders: number): Promise<Measured> {
  for (const statement of layout.create) await db.query(statement);
  const { rows: before } = await db.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn() AS lsn');
  const all: string[] = [];
  for (let done = 0; done < orders; done += GROUP) {
    const ids = Array.from({ length: GROUP }, () => newId());
    for (const statement of layout.insert) await db.query(statement, [ids]);
    for (const status of STEPS) for (const statement of layout.step) await db.query(statement, [ids, status]);
    all.push(...ids);
  }
  const { rows: after } = await db.query<{ bytes: number }>(
    'SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1::pg_lsn)::bigint AS bytes',
    [before[0]!.lsn],
  );
  for (const table of layout.tables) await db.query(`VACUUM ANALYZE ${table}`);
  const { rows: sizes } = await db.query<{ bytes: number }>(
    'SELECT pg_total_relation_size(name::regclass)::bigint AS bytes FROM unnest($1::text[]) WITH ORDINALITY AS t (name, n) ORDER BY n',
    [layout.tables],
  );
  const asked = Array.from({ length: ASKED }, (_, index) => all[Math.floor((index * all.length) / ASKED)]!);
  const measured = {
    logBytes: after[0]!.bytes,
    headerBytes: sizes[0]!.bytes,
    allBytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    pagesOfDay: await pagesOf(db, `SELECT sum(total) FROM ${layout.header}`, []),
    pagesAsked: await pagesOf(db, `SELECT id, status FROM ${layout.header} WHERE id = ANY ($1)`, [asked]),
  };
  for (const table of layout.tables) await db.query(`DROP TABLE ${table}`);
  return measured;
}

/** Pages that a statement looks at, in memory or on disk. */
async function pagesOf(db: Db, statement: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await db.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement}`,
    [...values],
  );
  const plan = rows[0]!['QUERY PLAN'][0].Plan;
  return plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!;
}
