import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { eventually } from '../../test/support/eventually.ts';
import type { Check } from '../scenario.ts';
import { FOLLOWED, type Question, TAKEN } from './questions.ts';

/** The crowd's file as a table. */
const LEDGER = `CREATE TEMP TABLE ledger (
  kind text, key uuid, variant smallint, expected bigint, status smallint, problem text, number integer, total bigint,
  retry_after_s double precision, at_ms double precision, due_ms double precision, took_ms double precision)`;

/** What each key was told, of those that were told yes. */
const TOLD = `CREATE TEMP VIEW told AS
  SELECT key, count(DISTINCT (number, total)) AS answers, count(DISTINCT variant) AS variants,
    count(*) FILTER (WHERE status = 201) AS made, min(number) AS number, min(total) AS total, min(expected) AS expected,
    min(variant) AS variant
  FROM ledger WHERE kind = 'order-answer' AND status IN (200, 201) GROUP BY key`;

export interface Verdict {
  readonly acknowledged: number;
  /** How many of what must not be, by the names of `questions.ts`; an example of each that is not 0 stands in `examples`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly examples: Readonly<Record<string, unknown>>;
  /** What took until no job was left. */
  readonly drainedMs: number;
}

/**
 * Holds the ledgers of a store's crowds against the database, by SQL and by nothing of the product's.
 * @param options.store the one that they ordered at, and nobody else
 * @param options.jobs whether somebody works the jobs off: then what follows from an order is asked for, too
 */
export async function judge(
  databaseUrl: string,
  { files, store, jobs = true }: { readonly files: readonly string[]; readonly store: string; readonly jobs?: boolean },
): Promise<Verdict> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'verdict' });
  await client.connect();
  try {
    const beganMs = performance.now();
    if (jobs) {
      await eventually(async () => {
        return (await client.query('SELECT FROM graphile_worker._private_jobs LIMIT 1')).rowCount === 0;
      }, 'no job is left');
    }
    const drainedMs = performance.now() - beganMs;
    await client.query(LEDGER);
    for (const file of files) {
      await pipeline(createReadStream(file), client.query(copyFrom('COPY ledger FROM STDIN')));
    }
    await client.query(TOLD);
    const counts: Record<string, number> = {};
    const examples: Record<string, unknown> = {};
    const ask = async (questions: Readonly<Record<string, Question>>) => {
      for (const [name, { sql }] of Object.entries(questions)) {
        const { rows } = await client.query(sql.includes('$1') ? { text: sql, values: [store] } : sql);
        counts[name] = rows.length;
        if (rows.length > 0) examples[name] = rows[0];
      }
    };
    await ask(TAKEN);
    if (jobs) await ask(FOLLOWED);
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM told');
    return { acknowledged: Number(rows[0]!.count), counts, examples, drainedMs };
  } finally {
    await client.end();
  }
}

/** The verdict as lines of the table: the four that everybody asks about, each of which must be 0. */
export function verdictChecks(verdict: Verdict): Check[] {
  const sum = (of: Question['of']) => {
    const names = Object.entries({ ...TAKEN, ...FOLLOWED }).filter(([, question]) => question.of === of);
    const found = names.filter(([name]) => (verdict.counts[name] ?? 0) > 0);
    return {
      measured: found.reduce((total, [name]) => total + verdict.counts[name]!, 0),
      ...(found.length > 0 && {
        example: found.map(([name]) => `${name}: ${JSON.stringify(verdict.examples[name])}`).join('; '),
      }),
    };
  };
  return [
    { what: 'orders acknowledged', measured: verdict.acknowledged, atLeast: 1 },
    { what: 'acknowledged orders missing', ...sum('missing'), atMost: 0 },
    { what: 'doubles, strangers, changed bodies taken', ...sum('doubled'), atMost: 0 },
    { what: 'rows of the books that do not balance', ...sum('books'), atMost: 0 },
    { what: 'orders without exactly one ticket, slip and count', ...sum('followed'), atMost: 0 },
  ];
}
