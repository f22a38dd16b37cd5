import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from, to } from 'pg-copy-streams';
import { withClient } from './with-client.ts';

/** Rows as text, by COPY, in memory that does not grow with them. */
export interface Copying {
  /** @param sql `COPY … TO STDOUT …`. @returns how many rows; the sink is ended */
  out(sql: string, sink: Writable): Promise<number>;
  /** @param sql `COPY … FROM STDIN …`; all of it or nothing is there afterwards. @returns how many rows */
  in(sql: string, source: Readable): Promise<number>;
}

/** The same row is the same text, whoever asks and whatever the server's settings are. */
const AS_TEXT = [
  'timezone=UTC',
  'datestyle=ISO',
  'intervalstyle=iso_8601',
  'extra_float_digits=1',
  'bytea_output=hex',
  'client_encoding=UTF8',
  'statement_timeout=0',
];

/** A connection for each copy: most commands need none. */
export function createCopying(url: string): Copying {
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: 'matjip copy',
    options: AS_TEXT.map((setting) => `-c ${setting}`).join(' '),
  };
  return {
    out: (sql, sink) =>
      withClient(config, async (client) => {
        const rows = client.query(to(sql));
        await pipeline(rows, sink);
        // The rows have ended before the server has said how many they were, and that none is missing.
        await client.query('SELECT');
        return rows.rowCount;
      }),
    in: (sql, source) =>
      withClient(config, async (client) => {
        const rows = client.query(from(sql));
        await pipeline(source, rows);
        return rows.rowCount;
      }),
  };
}
