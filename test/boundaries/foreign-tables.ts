import { glob, readFile } from 'node:fs/promises';
import { EVERY_ROOMS, FOREIGN, type Foreign, TABLES } from './tables.ts';

/** Text in quotes or backticks: where SQL stands. Comments are skipped first, so that an apostrophe in one opens nothing. */
const TOKEN = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
/** What follows these is a table, or a list of them up to the next word of SQL. */
const NAMES =
  /\b(FROM|JOIN|INTO|UPDATE|USING|COPY|TABLE)\s+(?:ONLY\s+|LATERAL\s+)?([^()]*?)(?=[()]|\b(?:WHERE|GROUP|ORDER|SET|LIMIT|FOR|ON|USING|JOIN|LEFT|CROSS|RETURNING|UNION|VALUES|SELECT|FROM|TO|AS)\b|$)/g;

/** One statement's use of a table. */
export interface TableUse {
  readonly file: string;
  readonly room: string;
  readonly table: string;
  readonly writes: boolean;
}

/** The tables that the SQL inside a module names, in capitals as all SQL here is. */
export function tablesIn(text: string): { table: string; writes: boolean }[] {
  const found: { table: string; writes: boolean }[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('/')) continue;
    for (const match of token.slice(1, -1).matchAll(NAMES)) {
      const [, word, list] = match as unknown as [string, string, string];
      const before = token.slice(0, match.index + 1);
      const writes =
        word === 'INTO' || (word === 'UPDATE' && !/\bFOR (?:NO KEY )?$/.test(before)) || /\bDELETE $/.test(before);
      for (const each of word === 'FROM' || word === 'USING' ? list.split(',') : [list]) {
        const name = /^\s*(?:ONLY\s+)?([a-z_]+)/.exec(each)?.[1];
        if (name) found.push({ table: name, writes });
      }
    }
  }
  return found;
}

/** Each use of a table by a room that does not own it and has no reason in {@link FOREIGN}. @param root of the repository */
export async function findForeignTables(
  root: string,
  allowed: readonly Foreign[] = FOREIGN,
): Promise<{ readonly uses: TableUse[]; readonly unused: Foreign[]; readonly files: number }> {
  const ownerOf = new Map(Object.entries(TABLES).flatMap(([room, tables]) => tables.map((table) => [table, room])));
  const needed = new Set<Foreign>();
  const uses: TableUse[] = [];
  let files = 0;
  for await (const file of glob('src/**/*.ts', { cwd: root })) {
    const room = file.split('/')[1]!.replace(/\.ts$/, '');
    if (EVERY_ROOMS.includes(room) || file.includes('.test.')) continue;
    files += 1;
    for (const { table, writes } of tablesIn(await readFile(`${root}/${file}`, 'utf8'))) {
      const owner = ownerOf.get(table);
      if (!owner || owner === room) continue;
      const reason = allowed.find(
        (each) => each.room === room && each.tables.includes(table) && (!writes || each.writes),
      );
      if (reason) needed.add(reason);
      else uses.push({ file, room, table, writes });
    }
  }
  return { uses, unused: allowed.filter((each) => !needed.has(each)), files };
}

/** Tables that migrations make and that nobody owns, and owned ones that no migration makes. @param root of the repository */
export async function findUnownedTables(root: string): Promise<string[]> {
  const made = new Set<string>();
  const files: string[] = [];
  for await (const file of glob('migrations/*.sql', { cwd: root })) files.push(file);
  for (const file of files.sort()) {
    const text = await readFile(`${root}/${file}`, 'utf8');
    for (const [, does, name] of text.matchAll(
      /^\s*(CREATE|DROP)(?: UNLOGGED)? TABLE (?:IF (?:NOT )?EXISTS )?([a-z_]+)/gm,
    )) {
      if (does === 'CREATE') made.add(name!);
      else made.delete(name!);
    }
  }
  const owned = new Set(Object.values(TABLES).flat());
  return [
    ...[...made].filter((table) => !owned.has(table)).map((table) => `${table} belongs to no room`),
    ...[...owned].filter((table) => !made.has(table)).map((table) => `${table} is made by no migration`),
  ];
}
