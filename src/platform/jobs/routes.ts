import Type from 'typebox';
import { BatchList, DeadJobPage } from '../../contract/index.ts';
import type { Clock } from '../clock.ts';
import type { Queryable } from '../db/pool.ts';
import { invalidField, Problem } from '../http/problem.ts';
import { readPage, toPage } from '../http/request/cursor.ts';
import type { HttpServer } from '../http/server.ts';
import { type BatchJob, listBatch } from './batch.ts';
import { listDead, putDeadAway, replayDead } from './dead-letters.ts';

/** More digits than a job's number ever has would not fit Postgres' bigint. */
const JOB_ID = /^\d{1,18}$/;

export interface JobRoutesDeps {
  readonly db: Queryable;
  /** All that the clock starts. */
  readonly scheduled: readonly BatchJob[];
  readonly now: Clock;
  /** Hears of what is put away, for it stands nowhere else afterwards. */
  readonly log: { warn(details: object): void };
}

export function jobRoutes(http: HttpServer, { db, scheduled, now, log }: JobRoutesDeps): void {
  http.get(
    '/api/v1/jobs/dead',
    {
      schema: {
        summary: 'Work that failed as often as it may, with reason and payload',
        tags: ['operations'],
        querystring: Type.Object({
          limit: Type.Optional(Type.String()),
          cursor: Type.Optional(Type.String()),
        }),
        response: { 200: DeadJobPage },
      },
    },
    async (request, reply) => {
      const { limit, after } = readPage(request.query);
      if (after !== null && !JOB_ID.test(after)) {
        throw invalidField('cursor', 'is not a cursor', 'the `next` of an earlier answer');
      }
      reply.header('cache-control', 'no-store');
      return toPage(await listDead(db, limit, after), limit, (job) => job.id);
    },
  );

  http.get(
    '/api/v1/batch',
    {
      schema: {
        summary: 'Work that the clock starts: its last runs, why one failed, and what comes next',
        tags: ['operations'],
        response: { 200: BatchList },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return { items: await listBatch(db, scheduled, now()), next: null };
    },
  );

  http.post(
    '/api/v1/jobs/dead/:id/replay',
    {
      schema: {
        summary: 'Gives a dead letter all its tries again',
        tags: ['operations'],
        params: Type.Object({ id: Type.String() }),
        response: { 202: Type.Object({ id: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!JOB_ID.test(id) || !(await replayDead(db, id))) {
        throw new Problem('not-found', { detail: 'There is no such dead letter.' });
      }
      return reply.code(202).send({ id });
    },
  );

  http.delete(
    '/api/v1/jobs/dead/:id',
    {
      schema: {
        summary: 'Puts a dead letter away: it is not done any more',
        tags: ['operations'],
        params: Type.Object({ id: Type.String() }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const away = JOB_ID.test(id) ? await putDeadAway(db, id) : undefined;
      if (!away) throw new Problem('not-found', { detail: 'There is no such dead letter.' });
      log.warn({ message: 'A dead letter was put away.', id, ...away });
      return reply.code(204).send(null);
    },
  );
}
