import { Redis } from 'ioredis';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { announceWorker, finishJobs, nameKinds, takeJobs } from '../../src/platform/jobs/queue.ts';
import { type Service, startRedis } from '../../test/support/services.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { type BenchRow, median } from '../support/row.ts';

/** A group of orders puts its jobs in at once; a worker takes as many. */
const GROUP = 100;
const JOBS = 20_000;
const ROUNDS = 3;
const KIND = 'bench-job';
const payload = JSON.stringify({
  storeId: '01900000-0000-7000-8000-000000000001',
  orderIds: ['01900000-0000-7000-9000-000000000001'],
});

interface Queue {
  readonly name: string;
  add(count: number): Promise<void>;
  /** Takes so many at most and takes them off. @returns how many it had */
  work(count: number): Promise<number>;
  clear(): Promise<void>;
}

/** What queues cost that could carry the work after an order: put in and worked off in groups, each on disk when it is answered. */
export async function benchJobQueues(database: BenchDatabase): Promise<BenchRow[]> {
  const db = openDb({ url: database.url, connectionsMax: 1, statementTimeoutMs: 0 });
  const service: Service = await startRedis({ after: () => {} }, ['--appendonly', 'yes', '--appendfsync', 'always']);
  const redis = new Redis(service.url);
  try {
    const queues = [await inPostgres(db), inList(redis), await inStream(redis)];
    const rates = new Map(queues.map((queue) => [queue, { added: [] as number[], worked: [] as number[] }]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const queue of queues) {
        await queue.clear();
        const { added, worked } = rates.get(queue)!;
        added.push(await rateOf(() => queue.add(GROUP)));
        worked.push(
          await rateOf(async () => {
            const done = await queue.work(GROUP);
            if (done !== GROUP) throw new Error(`${queue.name} had ${done} of ${GROUP} jobs.`);
          }),
        );
      }
    }
    const [ours, ...others] = queues as [Queue, ...Queue[]];
    return (['added', 'worked'] as const).flatMap((figure) =>
      others.map((other) => {
        const [a, b] = [median(rates.get(ours)![figure]), median(rates.get(other)![figure])];
        return {
          what: `jobs ${figure} a second`,
          ours: `${ours.name} ${Math.round(a).toLocaleString('en')}/s`,
          baseline: `${other.name} ${Math.round(b).toLocaleString('en')}/s`,
          ratio: a / b,
        };
      }),
    );
  } finally {
    redis.disconnect();
    await service.stop();
    await db.close();
  }
}

async function rateOf(group: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  for (let done = 0; done < JOBS; done += GROUP) await group();
  return JOBS / ((performance.now() - startedMs) / 1_000);
}

/** As orders put them in and as our worker pools take them. */
async function inPostgres(db: Db): Promise<Queue> {
  const kinds = await nameKinds(db, [KIND]);
  const worker = 'bench';
  await announceWorker(db, worker);
  return {
    name: 'Postgres',
    async add(count) {
      await db.query(
        `SELECT graphile_worker.add_jobs(array(
           SELECT json_populate_record(NULL::graphile_worker.job_spec, json_build_object('identifier', $1::text, 'payload', $2::json))
           FROM generate_series(1, $3)))`,
        [KIND, payload, count],
      );
    },
    async work(count) {
      const jobs = await takeJobs(db, worker, kinds, { limit: count, crowdLimit: count });
      await finishJobs(
        db,
        worker,
        jobs.map(({ id }) => id),
      );
      return jobs.length;
    },
    clear: async () => void (await db.query('DELETE FROM graphile_worker._private_jobs')),
  };
}

/** A list, and a second one of what is under way, so that a worker's death loses nothing. */
const inList = (redis: Redis): Queue => ({
  name: 'Redis list',
  add: async (count) => void (await redis.lpush('{jobs}:list', ...Array.from({ length: count }, () => payload))),
  async work(count) {
    const taken = redis.pipeline();
    for (let each = 0; each < count; each += 1) taken.lmove('{jobs}:list', '{jobs}:underway', 'RIGHT', 'LEFT');
    const answers = (await taken.exec()) ?? [];
    const jobs = answers.filter(([error, job]) => !error && job !== null);
    const done = redis.pipeline();
    for (const [, job] of jobs) done.lrem('{jobs}:underway', 1, String(job));
    await done.exec();
    return jobs.length;
  },
  clear: async () => void (await redis.del('{jobs}:list', '{jobs}:underway')),
});

/** A stream with a group of consumers, which notes what is under way itself. */
async function inStream(redis: Redis): Promise<Queue> {
  const make = async () => {
    await redis.del('{jobs}:stream');
    await redis.xgroup('CREATE', '{jobs}:stream', 'workers', '$', 'MKSTREAM');
  };
  await make();
  return {
    name: 'Redis stream',
    async add(count) {
      const added = redis.pipeline();
      for (let each = 0; each < count; each += 1) added.xadd('{jobs}:stream', '*', 'payload', payload);
      await added.exec();
    },
    async work(count) {
      const answer = await redis.xreadgroup(
        'GROUP',
        'workers',
        'bench',
        'COUNT',
        count,
        'STREAMS',
        '{jobs}:stream',
        '>',
      );
      const entries = ((answer as [string, [string, string[]][]][] | null)?.[0]?.[1] ?? []).map(([id]) => id);
      if (entries.length > 0) {
        await redis
          .pipeline()
          .xack('{jobs}:stream', 'workers', ...entries)
          .xdel('{jobs}:stream', ...entries)
          .exec();
      }
      return entries.length;
    },
    clear: make,
  };
}
