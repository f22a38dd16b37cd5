import { randomUUID } from 'node:crypto';
import { type Db, openDb } from '../src/platform/db/pool.ts';
import { newId } from '../src/platform/id.ts';
import type { BenchOptions } from './options.ts';
import type { BenchDatabase } from './support/bench-database.ts';
import { usedUs } from './support/cpu.ts';
import { type BenchRow, median } from './support/row.ts';

/** About ten seconds a kind; ten million by `--rows`. Postgres' cache here is 256 MB, which the index of 6 million random ids leaves. */
const ROWS = 400_000;
/** Groups at the end of which the pages are counted that one changes. */
const COUNTED = 20;
const GROUP = 500;
/** Ids of one millisecond come in no order; at ten of them this is the rush of 10,000 orders a second. */
const IDS_PER_MS = 10;
/** Turns that the kinds take. */
const STEPS = 100;
const TENTHS = 10;

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

interface Measured {
  readonly ms: number[];
  readonly cpuUs: number[];
  readonly walBytes: number[];
  indexBytes: number;
}

/**
 * What the kind of an id costs: insert rate, size of the index, and how near rows of the same time lie together. The kinds take turns, so
 * that a busy machine is busy for all of them; how far it is is said each tenth, so that a run that is stopped has not been for nothing.
 */
export async function benchIds(database: BenchDatabase, { rows: wanted = ROWS }: BenchOptions): Promise<BenchRow[]> {
  // One session, whose processor time is counted: what else the machine does is not in it.
  const db = openDb({ url: database.url, connectionsMax: 1, statementTimeoutMs: 0 });
  const measured = KINDS.map((): Measured => ({ ms: [], cpuUs: [], walBytes: [], indexBytes: 0 }));
  const stepRows = Math.max(GROUP, Math.ceil(wanted / STEPS / GROUP) * GROUP);
  try {
    for (const kind of KINDS)
      await db.query(`CREATE TABLE ${tableOf(kind)} (id ${kind.type} PRIMARY KEY, total bigint NOT NULL)`);
    const steps = Math.ceil(wanted / stepRows);
    for (let step = 0; step < steps; step += 1) {
      for (let turn = 0; turn < KINDS.length; turn += 1) {
        const index = (step + turn) % KINDS.length;
        await addRows(db, KINDS[index]!, stepRows, measured[index]!);
      }
      if ((step + 1) % Math.ceil(steps / TENTHS) === 0)
        for (const [index, kind] of KINDS.entries())
          console.log(progress(kind, measured[index]!, (step + 1) * stepRows, stepRows));
    }
    const pages = await pagesOf(db);
    return ['bigserial', 'UUIDv4'].flatMap((name) => {
      const other = KINDS.findIndex((kind) => kind.name === name);
      const v7 = KINDS.findIndex((kind) => kind.name === 'UUIDv7');
      return compared(name, stepRows, measured[v7]!, measured[other]!, pages[v7]!, pages[other]!);
    });
  } finally {
    for (const kind of KINDS) await db.query(`DROP TABLE IF EXISTS ${tableOf(kind)}`);
    await db.close();
  }
}

const tableOf = ({ name }: Kind): string => `bench_id_${name.toLowerCase()}`;
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const lastTenth = (values: readonly number[]): readonly number[] => values.slice(-Math.ceil(values.length / TENTHS));
const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** @param before such as EXPLAIN. */
async function insertGroup(db: Db, kind: Kind, before = ''): Promise<object[]> {
  const table = tableOf(kind);
  if (!kind.next) {
    const text = `${before} INSERT INTO ${table} (total) SELECT 9000 FROM generate_series(1, ${GROUP})`;
    return (await db.query<object>(text)).rows;
  }
  const ids = Array.from({ length: GROUP }, kind.next);
  const text = `${before} INSERT INTO ${table} SELECT id, 9000 FROM unnest($1::uuid[]) AS id`;
  return (await db.query<object>(text, [`{${ids.join(',')}}`])).rows;
}

async function addRows(db: Db, kind: Kind, rows: number, measured: Measured): Promise<void> {
  const look = async () => {
    const { rows } = await db.query<{ pid: number; lsn: string; bytes: number }>(
      `SELECT pg_backend_pid() AS pid, pg_current_wal_lsn() AS lsn, pg_relation_size('${tableOf(kind)}_pkey') AS bytes`,
    );
    return { ...rows[0]!, usedUs: usedUs(rows[0]!.pid) };
  };
  const before = await look();
  const startedMs = performance.now();
  for (let done = 0; done < rows; done += GROUP) await insertGroup(db, kind);
  measured.ms.push(performance.now() - startedMs);
  const after = await look();
  const { rows: wal } = await db.query<{ bytes: number }>('SELECT pg_wal_lsn_diff($1, $2)::bigint AS bytes', [
    after.lsn,
    before.lsn,
  ]);
  measured.cpuUs.push(after.usedUs - before.usedUs);
  measured.walBytes.push(wal[0]!.bytes);
  measured.indexBytes = after.bytes;
}

function progress(
  { name }: Kind,
  { ms, cpuUs, walBytes, indexBytes }: Measured,
  rows: number,
  stepRows: number,
): string {
  const ended = lastTenth(ms);
  return (
    `${name} ${rows.toLocaleString('en')} rows: ${Math.round((rows / sum(ms)) * 1000).toLocaleString('en')}/s, ` +
    `of late ${Math.round(((stepRows * ended.length) / sum(ended)) * 1000).toLocaleString('en')}/s, ` +
    `${(sum(cpuUs) / rows).toFixed(1)} µs a row, index ${mib(indexBytes)}, log ${mib(sum(walBytes))}`
  );
}

interface Pages {
  /** Of table and index. */
  readonly changed: number;
  /** That were not in Postgres' own cache. */
  readonly missed: number;
}

/** How many pages one group touches, the middle of several groups, each after a checkpoint that left all clean. */
async function pagesOf(db: Db): Promise<Pages[]> {
  const pages = KINDS.map(() => ({ changed: [] as number[], missed: [] as number[] }));
  for (let group = 0; group < COUNTED; group += 1) {
    await db.query('CHECKPOINT');
    for (const [index, kind] of KINDS.entries()) {
      const [row] = await insertGroup(db, kind, 'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)');
      const [{ Plan: plan }] = (row as { 'QUERY PLAN': [{ Plan: Record<string, number> }] })['QUERY PLAN'];
      pages[index]!.changed.push(plan['Shared Dirtied Blocks']!);
      pages[index]!.missed.push(plan['Shared Read Blocks']!);
    }
  }
  return pages.map(({ changed, missed }) => ({ changed: median(changed), missed: median(missed) }));
}

function compared(
  name: string,
  stepRows: number,
  v7: Measured,
  other: Measured,
  v7Pages: Pages,
  otherPages: Pages,
): BenchRow[] {
  const rate = (ms: readonly number[]) => (stepRows * ms.length * 1000) / sum(ms);
  const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')}/s`;
  const row = (what: string, ours: number, baseline: number, say: (value: number) => string): BenchRow => ({
    what: `ids: ${what}, UUIDv7 ÷ ${name}`,
    ours: say(ours),
    baseline: say(baseline),
    // None of both is as many.
    ratio: ours === baseline ? 1 : ours / baseline,
  });
  const ofARow = (measured: Measured) => sum(measured.cpuUs) / (stepRows * measured.cpuUs.length);
  return [
    row('insert rate', rate(v7.ms), rate(other.ms), perSecond),
    row('insert rate of the last tenth', rate(lastTenth(v7.ms)), rate(lastTenth(other.ms)), perSecond),
    row('processor time of a row', ofARow(v7), ofARow(other), (us) => `${us.toFixed(1)} µs`),
    row('index size', v7.indexBytes, other.indexBytes, mib),
    row(`pages changed by ${GROUP} rows`, v7Pages.changed, otherPages.changed, (pages) => `${pages} pages`),
    row(`pages not cached of ${GROUP} rows`, v7Pages.missed, otherPages.missed, (pages) => `${pages} pages`),
    row('write-ahead log', sum(v7.walBytes), sum(other.walBytes), mib),
  ];
}
