import { createInterface } from 'node:readline/promises';
import type pg from 'pg';

/** What a person looks through; whoever wants more says which with LIMIT and OFFSET. */
const ROWS_SHOWN = 500;

const HELP = `Statements end with a semicolon. \\d lists the tables, \\d NAME a table's columns, \\q or Ctrl-D leaves.`;
const TABLES = `SELECT relname AS "table", CASE relkind WHEN 'p' THEN 'by month' WHEN 'v' THEN 'view' ELSE '' END AS kind
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') AND NOT relispartition ORDER BY 1`;
const COLUMNS = `SELECT attname AS "column", format_type(atttypid, atttypmod) AS type, attnotnull AS "not null"
  FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

type Queryable = Pick<pg.Client, 'query'>;

/**
 * Answers one statement after another until the input ends or says `\q`. A statement may take several lines; one that Postgres refuses
 * is answered with why, and the next is taken.
 */
export async function runSqlPrompt(
  client: Queryable,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<void> {
  // Answers that go to a file or another program have nothing between them.
  const terminal = (output as { isTTY?: boolean }).isTTY === true;
  const lines = createInterface({ input, output, terminal });
  const say = (text: string) => output.write(`${text}\n`);
  let statement = '';
  // What was typed before the input ended is answered after it.
  let isOpen = true;
  lines.once('close', () => {
    isOpen = false;
  });
  const prompt = () => {
    if (!isOpen || !terminal) return;
    lines.setPrompt(statement ? '   ...> ' : 'matjip> ');
    lines.prompt();
  };
  if (terminal) say(HELP);
  prompt();
  for await (const line of lines) {
    const word = statement === '' ? line.trim() : '';
    if (word === '\\q') break;
    if (!word.startsWith('\\')) statement += `${line}\n`;
    if (word.startsWith('\\') || /;\s*$/.test(statement)) {
      const asked = word.startsWith('\\') ? meta(client, word) : answerTo(client, statement);
      statement = '';
      say(await asked.catch((error: Error) => `ERROR: ${error.message}`));
    } else if (statement.trim() === '') statement = '';
    prompt();
  }
  lines.close();
}

async function meta(client: Queryable, word: string): Promise<string> {
  const [command, name] = word.split(/\s+/);
  if (command !== '\\d') return HELP;
  const found = name ? await client.query(COLUMNS, [name]) : await client.query(TABLES);
  return found.rows.length === 0 && name ? `There is no table ${name}.` : toTable(found);
}

/** Each statement's rows as a table, or how many it touched. @throws the error of Postgres */
export async function answerTo(client: Queryable, statements: string): Promise<string> {
  const results: pg.QueryResult | pg.QueryResult[] = await client.query(statements);
  return [results]
    .flat()
    .map((result) => (result.fields.length > 0 ? toTable(result) : `${result.command} ${result.rowCount ?? ''}`.trim()))
    .join('\n\n');
}

function toTable({ fields, rows }: Pick<pg.QueryResult, 'fields' | 'rows'>): string {
  const names = fields.map(({ name }) => name);
  const cells = rows.slice(0, ROWS_SHOWN).map((row) => names.map((name) => toCell(row[name])));
  const widths = names.map((name, at) =>
    Math.max(...[[name], ...cells.map((row) => [row[at]!])].map(([text]) => widthOf(text!))),
  );
  const toLine = (row: readonly string[]) =>
    row
      .map((text, at) => text + ' '.repeat(widths[at]! - widthOf(text)))
      .join(' | ')
      .trimEnd();
  const count = rows.length === 1 ? '1 row' : `${rows.length} rows`;
  const end = rows.length > ROWS_SHOWN ? `${count}; the first ${ROWS_SHOWN} are shown` : count;
  return [toLine(names), widths.map((width) => '-'.repeat(width)).join('-+-'), ...cells.map(toLine), `(${end})`].join(
    '\n',
  );
}

function toCell(value: unknown): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replaceAll('\n', '⏎');
}

/** Hangul and Chinese letters take two places of a terminal. */
const widthOf = (text: string): number =>
  text.length + (text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]/g)?.length ?? 0);
