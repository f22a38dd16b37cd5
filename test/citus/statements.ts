import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * What Citus refuses in a statement although Postgres takes it, found in the text, where there is no Citus to run it on. The rules are
 * those of its planner (13.2: `multi_router_planner.c`, `query_pushdown_planning.c`); the first words of each are what it says.
 */

/** Which tables Citus has a say in: see `knownTables`. */
export interface Placed {
  isDistributed(table: string): boolean;
  /** Distributed, or whole on every machine, or tied to such a one by a key. */
  isPlaced(table: string): boolean;
}

interface Rule {
  readonly says: string;
  /** @returns the part of the statement that breaks it */
  readonly find: (statement: string, placed: Placed) => string | undefined;
}

/** Answers of a moment: one for each machine, if it were asked there. */
const MUTABLE = String.raw`\b(?:now|clock_timestamp|transaction_timestamp|statement_timestamp|random|gen_random_uuid|retry_pause)\s*\(`;
const VOLATILE = String.raw`\b(?:clock_timestamp|random|gen_random_uuid|retry_pause)\s*\(`;
/** A time of a row, plus or less something: that depends on the session's time zone. */
const RECKONED = String.raw`\b(?:\w+\.)?(?:\w+_at|hour|until|slot_at)\s*[+-]\s*(?:interval|\$\{|greatest|least|\(|\$\d+ \* interval)`;
/** Any time, plus or less an interval. */
const SHIFTED = String.raw`[+-]\s*(?:\$\d+ \* )?interval\b`;
const PARENTHESES = String.raw`\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)`;

const match = (text: string, pattern: string): string | undefined => new RegExp(pattern, 'i').exec(text)?.[0];

/** The parts of a statement that each write one table: from its own verb to the next one, or to the end of its parentheses. */
function writes(statement: string, verbs: string): { readonly table: string; readonly text: string }[] {
  const found = statement.matchAll(new RegExp(String.raw`\b(?:${verbs})\s+(\w+)`, 'g'));
  return [...found].map((each) => {
    const rest = statement.slice(each.index + each[0].length);
    return {
      table: each[1]!,
      text: each[0] + rest.slice(0, /\b(?:INSERT INTO|DELETE FROM)\b|\bUPDATE (?!SET)/.exec(rest)?.index),
    };
  });
}

const changes = (statement: string, placed: Placed) =>
  writes(statement, 'UPDATE|DELETE FROM').filter(({ table }) => table !== 'SET' && placed.isPlaced(table));

const written = (statement: string, placed: Placed) =>
  writes(statement, 'INSERT INTO|UPDATE|DELETE FROM').filter(({ table }) => table !== 'SET' && placed.isPlaced(table));

const conflicts = (statement: string, placed: Placed) =>
  writes(statement, 'INSERT INTO')
    .filter(({ table }) => placed.isPlaced(table))
    .flatMap(({ text }) => text.split(/DO UPDATE/)[1]?.split(/\bRETURNING\b/)[0] ?? []);

/** The first that breaks it. */
function first<T>(parts: readonly T[], find: (part: T) => string | undefined): string | undefined {
  for (const part of parts) {
    const found = find(part);
    if (found) return found;
  }
  return undefined;
}

const RULES: readonly Rule[] = [
  {
    says: 'functions used in the DO UPDATE SET clause of INSERTs on distributed tables must be marked IMMUTABLE',
    find: (statement, placed) =>
      first(
        conflicts(statement, placed),
        (text) => match(text, MUTABLE) ?? match(text, RECKONED) ?? match(text, String.raw`\b\w+_at\s*-\s*\$\{`),
      ),
  },
  {
    says: 'functions used in UPDATE queries on distributed tables must not be VOLATILE',
    find: (statement, placed) => first(changes(statement, placed), ({ text }) => match(text, VOLATILE)),
  },
  {
    says: 'STABLE functions used in UPDATE queries cannot be called with column references',
    find: (statement, placed) => first(changes(statement, placed), ({ text }) => match(text, RECKONED)),
  },
  {
    says: 'non-IMMUTABLE functions are not allowed in CASE or COALESCE statements',
    find: (statement, placed) =>
      first(
        changes(statement, placed),
        ({ text }) =>
          match(
            text,
            String.raw`\bCASE\b(?:(?!\bEND\b)[\s\S])*?(?:${MUTABLE}|${SHIFTED})(?:(?!\bEND\b)[\s\S])*?\bEND\b`,
          ) ?? match(text, String.raw`\bcoalesce\((?:[^()]|\([^()]*\))*?(?:${MUTABLE}|${SHIFTED})`),
      ),
  },
  {
    says: 'non-IMMUTABLE functions are not allowed in the RETURNING clause',
    find: (statement, placed) =>
      first(written(statement, placed), ({ text }) => match(text, String.raw`\bRETURNING\b[\s\S]*?${MUTABLE}`)),
  },
  {
    // Seen on 13.2.2: what it sends to the machine compares the column with the comparison's own answer.
    says: 'operator does not exist: uuid = boolean',
    find: (statement, placed) =>
      first(changes(statement, placed), ({ text }) => match(text, String.raw`\bCASE (?!WHEN\b)[\w.$]+ WHEN\b`)),
  },
  {
    // Seen on 13.2.2, in tables of the coordinator's own alone: it renames the table and not what is returned.
    says: 'missing FROM-clause entry for table',
    find: (statement, placed) =>
      first(written(statement, placed), ({ table, text }) =>
        placed.isDistributed(table)
          ? undefined
          : match(text, String.raw`^INSERT INTO \w+ \([^()]*\)\s*SELECT\b[\s\S]*\bRETURNING\b`),
      ),
  },
  {
    // Seen on 13.2.2: what is sent on for such an INSERT names these values and none of those before them.
    says: 'could not determine data type of parameter',
    find: (statement, placed) => {
      const table = /^\s*INSERT INTO (\w+)[^)]*\)\s*SELECT\b[\s\S]*\bFROM\b/.exec(statement)?.[1];
      return table && placed.isPlaced(table)
        ? match(statement, String.raw`\b(?:DO UPDATE|RETURNING)\b[\s\S]*?\$\d`)
        : undefined;
    },
  },
  {
    // Seen on 13.2.2: an answer without columns that it keeps for the rest of the statement cannot be read again.
    says: 'a column definition list is required for functions returning record',
    find: (statement, placed) => {
      const table = /\bSELECT (?:NOT )?EXISTS \(\s*SELECT FROM (\w+)/.exec(statement)?.[1];
      return table && placed.isDistributed(table)
        ? match(statement, String.raw`EXISTS \(\s*SELECT FROM \w+`)
        : undefined;
    },
  },
  {
    says: 'complex joins are only supported when all distributed tables are co-located',
    find: (statement, placed) => {
      // Which store each asks of is in a list, and nothing else in the statement says it.
      const list = /\bFROM unnest\([^)]*\) AS (\w+) \(store_id\b[^)]*\)\s*WHERE\b/.exec(statement)?.[1];
      if (!list) return undefined;
      return first(subqueries(statement), (text) => {
        const table = /^\s*SELECT FROM (\w+)/.exec(text)?.[1];
        const isNamed = /\$\{only\(|\bstore_id = (?:ANY ?\()?\$\d/.test(text);
        return table && placed.isDistributed(table) && !isNamed
          ? match(text, String.raw`\bstore_id = ${list}\.store_id\b`)
          : undefined;
      });
    },
  },
  {
    says: 'correlated subqueries are not supported when the FROM clause contains a reference table',
    find: (statement, placed) => {
      if (!/\b(?:FROM|JOIN) (?:store|brand)\b/.test(statement)) return undefined;
      return first(subqueries(statement), (text) => {
        const table = /\bFROM (\w+)/.exec(text)?.[1];
        const isOfStores = table && placed.isDistributed(table) && !/\b(?:FROM|JOIN) (?:store|brand)\b/.test(text);
        return isOfStores ? match(text, String.raw`\bstore_id = \w+\.id\b`) : undefined;
      });
    },
  },
  {
    says: 'correlated subqueries are not supported when the FROM clause contains a set returning function',
    find: (statement) =>
      match(
        statement,
        String.raw`\(\s*SELECT\b[^()]*,\s*\(SELECT\b(?:[^()]|\([^()]*\))*\)\s*(?:AS )?\w+ FROM unnest\(`,
      ),
  },
];

const subqueries = (statement: string): string[] =>
  [...statement.matchAll(new RegExp(PARENTHESES, 'g'))].flatMap(([text]) => {
    const inner = text.slice(1, -1);
    return [...(/^\s*SELECT\b/.test(inner) ? [inner] : []), ...subqueries(inner)];
  });

/** What Citus would say of a statement; empty: none of these. */
export const refusalsOf = (statement: string, placed: Placed): string[] =>
  RULES.flatMap(({ says, find }) => {
    const found = find(statement, placed);
    return found ? [`${says}: ${found.replaceAll(/\s+/g, ' ').slice(0, 120)}`] : [];
  });

export interface Statement {
  /** The file and line in which it is. */
  readonly at: string;
  readonly text: string;
  /** Whether its sender goes by the number of rows that the statement itself reports. */
  readonly isCounted: boolean;
}

/** All that the files of a folder send, as it stands there: what is put into it later stands as `${…}`. @param options `tests`: theirs as well */
export function* statementsOf(folder: URL, { tests = false } = {}): Generator<Statement> {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || (name.endsWith('.test.ts') && !tests)) continue;
    const text = readFileSync(join(fileURLToPath(folder), name), 'utf8');
    for (const found of text.matchAll(
      /(['"`])(\s*(?:WITH|SELECT|INSERT INTO|UPDATE|DELETE FROM)\b(?:(?!\1)[\s\S])*?)\1/g,
    )) {
      const before = text.slice(0, found.index);
      yield {
        at: `${name}:${before.split('\n').length}`,
        text: found[2]!,
        isCounted: /\browCount\b[^;]*$/.test(before),
      };
    }
  }
}

/**
 * What a cluster reports of it is no number of rows that were written (seen on 13.2.2): the rows of a SELECT are gathered by the coordinator
 * and sent on, and where some of them change nothing, all of them are counted. What is returned is right.
 */
export const isMiscounted = ({ text, isCounted }: Statement, placed: Placed): boolean =>
  isCounted &&
  writes(text, 'INSERT INTO').some(
    ({ table, text: own }) => placed.isPlaced(table) && /\bSELECT\b[\s\S]*\bON CONFLICT\b/.test(own),
  );
