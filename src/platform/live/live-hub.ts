import pg from 'pg';
import { LIVE_CHANNEL } from './announcer.ts';
import { createTopics, type LiveHub } from './topics.ts';

export type { LiveHub } from './topics.ts';

const RECONNECT_FIRST_MS = 100;
const RECONNECT_MAX_MS = 5_000;

/** The hub by Postgres NOTIFY: one connection a process. @throws the database's error when it cannot be reached */
export async function connectLiveHub(url: string, log: { warn(details: object): void }): Promise<LiveHub> {
  const topics = createTopics();
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = RECONNECT_FIRST_MS;
  let closed = false;

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'matjip-live' });
    next.on('notification', ({ payload }) => topics.hear(payload ?? '[]'));
    let gone = false;
    const lost = (error?: Error) => {
      if (gone || closed) return;
      gone = true;
      log.warn({
        message: 'The live connection was lost; open pages follow again when it is back.',
        reason: error?.message,
      });
      next.end().catch(() => {});
      timer = setTimeout(reconnect, pauseMs);
      pauseMs = Math.min(pauseMs * 2, RECONNECT_MAX_MS);
    };
    next.on('error', lost);
    next.on('end', () => lost());
    try {
      await next.connect();
      await next.query(`LISTEN ${LIVE_CHANNEL}`);
    } catch (error) {
      gone = true;
      await next.end().catch(() => {});
      throw error;
    }
    client = next;
    pauseMs = RECONNECT_FIRST_MS;
  }

  function reconnect(): void {
    connect().then(
      () => topics.gap(),
      () => {
        if (closed) return;
        timer = setTimeout(reconnect, pauseMs);
        pauseMs = Math.min(pauseMs * 2, RECONNECT_MAX_MS);
      },
    );
  }

  await connect();
  return {
    subscribe: topics.subscribe,
    onGap: topics.onGap,
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
