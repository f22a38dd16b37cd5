import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import pg from 'pg';
import { WITHOUT_CITUS } from '../support/citus.ts';
import { testDatabase } from '../support/postgres.ts';
import { statementsOf } from './statements.ts';

const SOURCE = new URL('../../src/', import.meta.url);
const STORES = ["'01a2229b-9e15-747d-b320-13c4b996e331'::uuid", "'01a2229b-9e15-747d-b320-13c4b996e332'::uuid"];

/** Any value of a type: what is asked is whether the statement can be planned, and what it finds is nothing. */
const VALUES: Readonly<Record<string, string>> = {
  uuid: STORES[0]!,
  text: "'x'",
  integer: '1',
  bigint: '1',
  smallint: '1::smallint',
  'double precision': '1::float8',
  boolean: 'true',
  date: "'2026-11-28'::date",
  'timestamp with time zone': "'2026-11-28T00:00:00Z'::timestamptz",
  json: "'[]'::json",
  jsonb: "'[]'::jsonb",
  bytea: "'\\x00'::bytea",
};

/** What Citus says of what it cannot plan, and of what it plans into nonsense. */
const REFUSED = new Set(['0A000', '42601', '42P18', '42883', '42P01', '42703', 'XX000']);

/** On a cluster these are sent a store at a time. */
const A_STORE_EACH = [/\bFOR (?:UPDATE|SHARE)\b/, /\$\{only\(/];
/** Not sent to a cluster (which says so where it is), or only with a machine or a table that there is. */
const NOT_ASKED = [
  /FROM unnest\(\$1::int\[\], \$2::text\[\]\) WITH ORDINALITY/,
  /\b(?:citus_\w+|create_(?:distributed|reference)_table|truncate_local_data_after_distributing_table|ensure_month_table)\(/,
];

/** The statement as it is sent; undefined when what is put into it is more than a constant of its own file. */
function whole(text: string, file: string): string | undefined {
  let statement = text.replaceAll(/\$\{only\('(\w+)'\)\}/g, '$1.store_id = ANY($$1::uuid[])');
  for (let depth = 0; depth < 3 && statement.includes('${'); depth += 1) {
    statement = statement.replaceAll(/\$\{(\w+)\}/g, (all, name: string) => {
      const found = new RegExp(`const ${name}(?:: \\w+)? =\\s*(?:(['"\`])([\\s\\S]*?)\\1|([\\d_]+));`).exec(file);
      return found ? (found[2] ?? found[3]!.replaceAll('_', '')) : all;
    });
  }
  return statement.includes('${') ? undefined : statement;
}

test('a cluster can plan every statement of the source, for one store and for several', {
  skip: WITHOUT_CITUS,
}, async () => {
  const client = new pg.Client((await testDatabase()).url);
  await client.connect();
  after(() => client.end());
  // Values are part of the plan, as they are of the first five of any connection.
  await client.query('SET plan_cache_mode = force_custom_plan');
  const refused: string[] = [];
  let sent = 0;
  for (const { at, text } of statementsOf(SOURCE)) {
    const file = readFileSync(new URL(at.split(':')[0]!, SOURCE), 'utf8');
    const statement = whole(text, file);
    if (statement === undefined || NOT_ASKED.some((each) => each.test(text))) continue;
    const prepared = await client.query(`PREPARE asked AS ${statement}`).catch(() => undefined);
    // A part of another statement, or one with a type that only its caller knows.
    if (!prepared) continue;
    const { rows } = await client.query<{ types: string[] }>(
      `SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'asked'`,
    );
    for (const stores of A_STORE_EACH.some((each) => each.test(text)) ? [1] : [1, 2]) {
      const values = rows[0]!.types.map((type) => {
        const of = type.replace(/\[\]$/, '');
        const value = VALUES[of] ?? 'NULL';
        if (of === type) return `${value}::${type}`;
        return `ARRAY[${of === 'uuid' ? STORES.slice(0, stores) : Array(stores).fill(value)}]::${type}`;
      });
      await client.query('BEGIN');
      await client.query(`EXECUTE asked${values.length > 0 ? `(${values})` : ''}`).catch((error: pg.DatabaseError) => {
        if (REFUSED.has(error.code!)) refused.push(`${at}: ${error.message} (${stores} stores)`);
      });
      await client.query('ROLLBACK');
      sent += 1;
    }
    await client.query('DEALLOCATE asked');
  }
  assert.deepEqual(refused, []);
  assert.ok(sent > 500, `only ${sent} were sent`);
});
