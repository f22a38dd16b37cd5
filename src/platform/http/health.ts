import type { Queryable } from '../db/pool.ts';
import type { Metrics } from '../metrics.ts';
import { Problem } from './problem.ts';
import type { HttpServer } from './server.ts';

export function healthRoutes(http: HttpServer, db: Queryable, metrics: Metrics): void {
  http.get('/healthz', { schema: { summary: 'The process lives', tags: ['operations'] } }, async () => ({
    status: 'ok',
  }));

  http.get('/readyz', { schema: { summary: 'The process can take requests', tags: ['operations'] } }, async () => {
    try {
      // Orders of today must have somewhere to go, so this asks more than whether the database answers.
      const { rows } = await db.query<{ ready: boolean }>(
        `SELECT to_regclass('orders_' || to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')) IS NOT NULL AS ready`,
      );
      if (!rows[0]?.ready) throw new Error('There is no partition for the orders of this month.');
    } catch (error) {
      throw new Problem('unavailable', { detail: 'The database is not ready.', retryAfterS: 2, cause: error });
    }
    return { status: 'ready' };
  });

  http.get(
    '/metrics',
    { schema: { summary: 'Counters for Prometheus', tags: ['operations'] } },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.read()),
  );
}
