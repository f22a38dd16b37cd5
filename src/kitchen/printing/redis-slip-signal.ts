import type { Cluster, Redis } from 'ioredis';
import { withDeadline } from '../../platform/concurrency/deadline.ts';
import type { SlipPlace } from './slip-id.ts';
import type { SlipSignal } from './slip-signal.ts';

/** A blocked connection can do nothing else, so each listener has its own; more than these only look, and don't listen. */
const CONNECTIONS_MAX = 64;
/** A station that nobody prints for must not fill Redis; Postgres has every slip. */
const SIGNALS_MAX = 100;
const SIGNALS_LIVE_S = 3_600;

/** A frozen Redis is noticed after this and the next; shorter turns would be more commands for nothing. */
const TURN_MS = 2_000;
/** Redis looks at its blocked clients ten times a second. */
const ANSWERED_WITHIN_MS = 500;

/** A store's keys lie together in a Cluster. */
const keyOf = ({ storeId, station }: SlipPlace): string => `slips:{${storeId}}:${station}`;

/**
 * The signal for all processes: one Redis list a station, which an agent's BRPOP waits on. While Redis is away nobody is
 * woken and agents look when their long poll ends.
 * @param commands for what does not block
 * @param connect makes a connection for one that blocks
 */
export function createRedisSlipSignal(commands: Redis | Cluster, connect: () => Redis | Cluster): SlipSignal {
  const idle: (Redis | Cluster)[] = [];
  const busy = new Set<Redis | Cluster>();
  let closed = false;

  return {
    async notify(places) {
      if (places.length === 0) return;
      await Promise.all(
        places.map((place) =>
          commands
            .multi()
            .lpush(keyOf(place), '1')
            .ltrim(keyOf(place), 0, SIGNALS_MAX - 1)
            .expire(keyOf(place), SIGNALS_LIVE_S)
            .exec(),
        ),
      );
    },
    async reset(place) {
      await commands.del(keyOf(place));
    },
    async listen(place, waitMs, signal) {
      if (closed || signal.aborted || busy.size >= CONNECTIONS_MAX) return false;
      // It does not answer at the moment: whoever waits asks Postgres meanwhile.
      if (commands.status !== 'ready') return false;
      const connection = idle.pop() ?? connect();
      busy.add(connection);
      const giveUp = () => connection.disconnect();
      signal.addEventListener('abort', giveUp, { once: true });
      const untilMs = performance.now() + waitMs;
      try {
        // In short turns, each bounded: a Redis that is frozen looks like a station for which there is nothing to print.
        while (!closed && !signal.aborted) {
          const turnMs = Math.min(Math.max(untilMs - performance.now(), 10), TURN_MS);
          // Whole and half seconds are fine for Redis, zero would wait for ever.
          const answer = connection.brpop(keyOf(place), turnMs / 1_000);
          if ((await withDeadline(answer, turnMs + ANSWERED_WITHIN_MS, 'Redis BRPOP')) !== null) return true;
          if (performance.now() >= untilMs) return false;
        }
        return false;
      } catch {
        connection.disconnect();
        return false;
      } finally {
        signal.removeEventListener('abort', giveUp);
        busy.delete(connection);
        if (connection.status === 'ready' && !closed) idle.push(connection);
        else connection.disconnect();
      }
    },
    async close() {
      closed = true;
      for (const connection of [...idle, ...busy]) connection.disconnect();
    },
  };
}
