import type { Queryable } from '../../db/pool.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { Problem } from '../problem.ts';
import type { HttpServer } from '../server.ts';

/** Says why a part of this process cannot do its work, or undefined when it can. It asks nobody and takes no time. */
export type ReadinessCheck = () => string | undefined;

export function healthRoutes(
  http: HttpServer,
  db: Queryable,
  metrics: Metrics,
  checks: readonly ReadinessCheck[] = [],
): void {
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
    for (const check of checks) {
      const detail = check();
      if (detail) throw new Problem('unavailable', { detail, retryAfterS: 2 });
    }
    return { status: 'ready' };
  });

  http.get(
    '/metrics',
    { schema: { summary: 'Counters for Prometheus', tags: ['operations'] } },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.read()),
  );
}
