import pg from 'pg';
import { closeAtOnce } from '../db/close-at-once.ts';
import { LIVE_CHANNEL } from './announcer.ts';
import { type HeartbeatBounds, startHeartbeat } from './heartbeat.ts';
import { createTopics, type LiveHub, type LiveWatch } from './topics.ts';

export type { LiveHub } from './topics.ts';

export interface LiveHubBounds {
  readonly heartbeat: HeartbeatBounds;
  /** How long a connection may take to stand. */
  readonly connectWithinMs: number;
  readonly reconnectFirstMs: number;
  readonly reconnectMaxMs: number;
}

/**
 * The hub by Postgres NOTIFY: one connection a process. One that went silent is noticed by its heartbeat and made anew.
 * @throws the database's error when it cannot be reached
 */
export async function connectPostgresLive(url: string, watch: LiveWatch, bounds: LiveHubBounds): Promise<LiveHub> {
  const topics = createTopics(watch);
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = bounds.reconnectFirstMs;
  let closed = false;

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: bounds.connectWithinMs,
      query_timeout: bounds.connectWithinMs,
      keepAlive: true,
      application_name: 'matjip-live',
    });
    next.on('notification', ({ payload }) => {
      heartbeat.heard(LIVE_CHANNEL);
      if (payload) topics.hear(payload);
    });
    next.on('error', (error) => lost(next, error.message));
    next.on('end', () => lost(next, 'it was closed'));
    try {
      await next.connect();
      await next.query(`LISTEN ${LIVE_CHANNEL}`);
    } catch (error) {
      closeAtOnce(next);
      throw error;
    }
    if (closed) return closeAtOnce(next);
    client = next;
    pauseMs = bounds.reconnectFirstMs;
    heartbeat.heard(LIVE_CHANNEL);
  }

  function lost(which: pg.Client, reason: string): void {
    if (client !== which || closed) return;
    client = undefined;
    closeAtOnce(which);
    watch.lost(reason);
    again();
  }

  function again(): void {
    timer = setTimeout(() => {
      connect().then(topics.gap, () => !closed && again());
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, bounds.reconnectMaxMs);
  }

  const heartbeat = startHeartbeat(
    [LIVE_CHANNEL],
    bounds.heartbeat,
    // Not a notification: that would wake every session that listens, for whatever, in every process.
    async () => {
      const asked = client;
      await asked?.query('SELECT');
      if (asked === client) heartbeat.heard(LIVE_CHANNEL);
    },
    () => client && lost(client, 'it was silent'),
  );
  try {
    await connect();
  } catch (error) {
    heartbeat.stop();
    throw error;
  }
  return {
    subscribe: topics.subscribe,
    onGap: topics.onGap,
    async close() {
      closed = true;
      heartbeat.stop();
      clearTimeout(timer);
      if (client) closeAtOnce(client);
    },
  };
}
