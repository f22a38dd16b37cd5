import { BOUNDS } from '../src/config.ts';
import { systemClock } from '../src/platform/clock.ts';
import type { Db } from '../src/platform/db/pool.ts';
import { newId } from '../src/platform/id.ts';
import { createJoinLine } from '../src/waitlist/index.ts';
import { startRedis } from '../test/support/services.ts';
import type { BenchDatabase } from './support/bench-database.ts';
import { startServer } from './support/processes.ts';
import { type BenchRow, median } from './support/row.ts';

const MATJIP = new URL('./support/matjip-server.ts', import.meta.url);
const SMALL = 100;
const LARGE = 20_000;
/** Interleaved, because a shared machine's speed drifts by more than the difference that is looked for. */
const ROUNDS = 9;
const ASKED_A_ROUND = 60;

interface BenchLine {
  readonly storeId: string;
  readonly parties: { readonly id: string; readonly token: string }[];
}

/** Whether a place in a line of 20,000 costs as much as one in a line of 100: joining, and looking, each over HTTP to the disk. */
export async function benchWaitlist({ db, url }: BenchDatabase): Promise<BenchRow[]> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM store ORDER BY slug LIMIT 2');
  const [small, large] = rows.map(({ id }) => id) as [string, string];
  await fill(db, small, SMALL);
  await fill(db, large, LARGE);
  await db.query('VACUUM ANALYZE party');
  const ends: (() => Promise<void>)[] = [];
  try {
    const redis = await startRedis({ after: (end) => void ends.push(end) });
    return [
      ...(await compare('in process', url, {}, { small, large })),
      ...(await compare('Redis', url, { REDIS_URL: redis.url }, { small, large })),
    ];
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Puts so many parties into a store's line, as a crowd would come. */
async function fill(db: Db, storeId: string, count: number): Promise<void> {
  const join = createJoinLine({
    db,
    announcer: { announce: async () => {} },
    now: systemClock,
    bounds: { ...BOUNDS.waitlist, joiningMax: count },
  });
  const store = { id: storeId, timeZone: 'Asia/Seoul', dayStartsHour: 4 };
  await Promise.all(
    Array.from({ length: count }, (_, index) => join(store, { id: newId(), size: 1 + (index % 6), name: null })),
  );
}

async function compare(
  name: string,
  databaseUrl: string,
  env: Readonly<Record<string, string>>,
  stores: { readonly small: string; readonly large: string },
): Promise<BenchRow[]> {
  const server = await startServer(MATJIP, { PORT: '0', DATABASE_URL: databaseUrl, BENCH_JOBS: 'off', ...env });
  try {
    const base = `http://127.0.0.1:${server.port}/api/v1/stores`;
    const lines = {
      small: { storeId: stores.small, parties: [] } as BenchLine,
      large: { storeId: stores.large, parties: [] } as BenchLine,
    };
    const joinMs: Record<keyof typeof lines, number[]> = { small: [], large: [] };
    const placeMs: Record<keyof typeof lines, number[]> = { small: [], large: [] };
    // The first is for what is made once: connections, statements, the copy of the line.
    for (let round = -1; round < ROUNDS; round += 1) {
      // Each goes first as often as the other.
      for (const size of round % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const)) {
        const joined = await timeJoins(base, lines[size]);
        const placed = await timePlaces(base, lines[size]);
        await leave(base, lines[size]);
        if (round < 0) continue;
        joinMs[size].push(joined);
        placeMs[size].push(placed);
      }
    }
    const row = (what: string, times: typeof joinMs): BenchRow => ({
      what: `${what}, ${LARGE.toLocaleString('en')} ÷ ${SMALL} in line, ${name}`,
      ours: `${median(times.large).toFixed(2)} ms`,
      baseline: `${median(times.small).toFixed(2)} ms`,
      ratio: median(times.large.map((value, round) => value / times.small[round]!)),
      goal: { atMost: 1.2 },
    });
    return [row('join', joinMs), row('place', placeMs)];
  } finally {
    await server.stop();
  }
}

/** @returns the middle time of one, in milliseconds */
async function timeEach(work: (index: number) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < ASKED_A_ROUND; index += 1) {
    const startedMs = performance.now();
    await work(index);
    times.push(performance.now() - startedMs);
  }
  return median(times);
}

const timeJoins = (base: string, { storeId, parties }: BenchLine) =>
  timeEach(async () => {
    const { id, token } = await call(`${base}/${storeId}/waitlist`, {
      method: 'POST',
      headers: { 'idempotency-key': newId(), 'content-type': 'application/json' },
      body: '{"size":2}',
    });
    parties.push({ id, token });
  });

const timePlaces = (base: string, { storeId, parties }: BenchLine) =>
  timeEach(async (index) => {
    const { id, token } = parties[index % parties.length]!;
    const { place } = await call(`${base}/${storeId}/waitlist/${id}?token=${token}`);
    if (!place) throw new Error(`The party ${id} has no place.`);
  });

/** So that the line is as long in every round. */
async function leave(base: string, { storeId, parties }: BenchLine): Promise<void> {
  for (const { id, token } of parties.splice(0)) {
    await call(`${base}/${storeId}/waitlist/${id}?token=${token}`, { method: 'DELETE' });
  }
}

/** @throws Error unless it was answered with 2xx */
// biome-ignore lint/suspicious/noExplicitAny: whatever the server said
async function call(url: string, init?: RequestInit): Promise<any> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} was answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
