import type { Copying } from '../../src/platform/db/copy.ts';
import { type Db, openDb, type Queryable } from '../../src/platform/db/pool.ts';
import { atEndOf, type Lifetime } from './lifetime.ts';

const VICTIM = 'victim of the test';

export interface KilledAt {
  readonly db: Db;
  /** Copies die too: before they begin, and when all was copied. */
  copying(real: Copying): Copying;
  /** False: the work ended before that statement. */
  wasKilled(): boolean;
}

/**
 * A database whose connections are all killed before the n-th statement of a work, its commits included.
 * @param by a connection that lives on
 */
export function killedAt(t: Lifetime, url: string, by: Queryable, at: number): KilledAt {
  const real = openDb({ url, connectionsMax: 2, applicationName: VICTIM });
  atEndOf(t, () => real.close());
  let count = 0;
  let killed = false;
  const step = async (): Promise<void> => {
    // A process that was killed does not go on with another connection.
    if (killed) throw new Error('killed');
    count += 1;
    if (count !== at) return;
    killed = true;
    await by.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = $1', [
      VICTIM,
    ]);
    throw new Error('killed');
  };
  const killing = (on: Queryable): Queryable => ({
    async query(text, values, name) {
      await step();
      return on.query(text, values, name);
    },
  });
  return {
    wasKilled: () => killed,
    copying: ({ out, in: into }) => ({
      async out(sql, sink) {
        await step();
        const rows = await out(sql, sink);
        await step();
        return rows;
      },
      async in(sql, source) {
        await step();
        const rows = await into(sql, source);
        await step();
        return rows;
      },
    }),
    db: {
      ...killing(real),
      transaction: (work) =>
        real.transaction(async (tx) => {
          // Each of its last statements is a step, and its COMMIT is one.
          const answer = await work({ ...killing(tx), commitWith: async (send) => void (await send()) });
          await step();
          return answer;
        }),
      close: () => real.close(),
    },
  };
}
