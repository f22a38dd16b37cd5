import { randomUUID } from 'node:crypto';
import { newId } from '../src/platform/id.ts';
import type { BenchOptions } from './options.ts';
import type { BenchDatabase } from './support/bench-database.ts';
import { type BenchRow, median } from './support/row.ts';

/** About ten seconds a kind; ten million by `--rows`. Postgres' cache here is 128 MB, which the index of 4 million random ids leaves. */
const ROWS = 400_000;
/** Groups at the end of which the pages are counted that one changes. */
const COUNTED = 20;
const GROUP = 500;
/** Ids of one millisecond come in no order; at ten of them this is the rush of 10,000 orders a second. */
const IDS_PER_MS = 10;

let made = 0;
const startMs = Date.now();
const timely = (): string => newId(startMs + Math.floor(made++ / IDS_PER_MS));

interface Kind {
  readonly name: string;
  readonly type: string;
  readonly next: (() => string) | undefined;
}

const KINDS: readonly Kind[] = [
  { name: 'bigserial', type: 'bigserial', next: undefined },
  { name: 'UUIDv4', type: 'uuid', next: () => randomUUID() },
  { name: 'UUIDv7', type: 'uuid', next: timely },
];

/** What the kind of an id costs: insert rate, size of the index, and how near rows of the same time lie together. */
export async function benchIds({ db }: BenchDatabase, { rows: wanted = ROWS }: BenchOptions): Promise<BenchRow[]> {
  const measured = new Map<string, { perSecond: number; indexBytes: number; walBytes: number; pages: number }>();
  for (const kind of KINDS) {
    const table = `bench_id_${kind.name.toLowerCase()}`;
    await db.query(`CREATE TABLE ${table} (id ${kind.type} PRIMARY KEY, total bigint NOT NULL)`);
    const { rows: before } = await db.query<{ lsn: string }>('SELECT pg_current_wal_lsn() AS lsn');
    const startedAt = performance.now();
    /** @param before such as EXPLAIN. */
    const insert = async (before = ''): Promise<object[]> => {
      if (!kind.next) {
        return (
          await db.query<object>(`${before} INSERT INTO ${table} (total) SELECT 9000 FROM generate_series(1, ${GROUP})`)
        ).rows;
      }
      const ids = Array.from({ length: GROUP }, kind.next);
      const text = `${before} INSERT INTO ${table} SELECT id, 9000 FROM unnest($1::uuid[]) AS id`;
      return (await db.query<object>(text, [`{${ids.join(',')}}`])).rows;
    };
    for (let done = 0; done < wanted; done += GROUP) await insert();
    const seconds = (performance.now() - startedAt) / 1000;
    const { rows } = await db.query<{ index: number; wal: number }>(
      `SELECT pg_relation_size('${table}_pkey') AS index, pg_wal_lsn_diff(pg_current_wal_lsn(), $1::pg_lsn)::bigint AS wal`,
      [before[0]!.lsn],
    );
    const pages = await pagesChanged(db, insert);
    measured.set(kind.name, { perSecond: wanted / seconds, indexBytes: rows[0]!.index, walBytes: rows[0]!.wal, pages });
    await db.query(`DROP TABLE ${table}`);
  }
  const v7 = measured.get('UUIDv7')!;
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return ['bigserial', 'UUIDv4'].flatMap((name): BenchRow[] => {
    const other = measured.get(name)!;
    return [
      {
        what: `ids: insert rate, UUIDv7 ÷ ${name}`,
        ours: `${Math.round(v7.perSecond).toLocaleString('en')}/s`,
        baseline: `${Math.round(other.perSecond).toLocaleString('en')}/s`,
        ratio: v7.perSecond / other.perSecond,
      },
      {
        what: `ids: index size, UUIDv7 ÷ ${name}`,
        ours: mib(v7.indexBytes),
        baseline: mib(other.indexBytes),
        ratio: v7.indexBytes / other.indexBytes,
      },
      {
        what: `ids: pages changed by ${GROUP} rows, UUIDv7 ÷ ${name}`,
        ours: `${v7.pages} pages`,
        baseline: `${other.pages} pages`,
        ratio: v7.pages / other.pages,
      },
      {
        what: `ids: write-ahead log, UUIDv7 ÷ ${name}`,
        ours: mib(v7.walBytes),
        baseline: mib(other.walBytes),
        ratio: v7.walBytes / other.walBytes,
      },
    ];
  });
}

/** How many pages of table and index one group changes, the middle of several groups, each after a checkpoint that left all clean. */
async function pagesChanged(db: BenchDatabase['db'], insert: (before: string) => Promise<object[]>): Promise<number> {
  const pages: number[] = [];
  for (let group = 0; group < COUNTED; group += 1) {
    await db.query('CHECKPOINT');
    const [row] = await insert('EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)');
    const [{ Plan: plan }] = (row as { 'QUERY PLAN': [{ Plan: Record<string, number> }] })['QUERY PLAN'];
    pages.push(plan['Shared Dirtied Blocks']!);
  }
  return median(pages);
}
