import type { EventStream, EventStreams } from '../platform/live/event-streams.ts';
import type { Sessions } from './sessions.ts';

/**
 * Streams end with the session that opened them: a tablet that was revoked, or given to the next, hears no more. What is open is looked at
 * once in a while, all of it by one question; while the database is away streams stay.
 */
export function endWithSessions(
  streams: EventStreams,
  sessions: Pick<Sessions, 'hashOf' | 'isOpen'>,
  everyMs: number,
): EventStreams {
  const bySession = new Map<string, Set<EventStream>>();
  const look = (): void => {
    for (const [tokenHash, opened] of bySession) {
      sessions.isOpen(tokenHash).then(
        (isOpen) => {
          if (!isOpen) for (const stream of opened) stream.end();
        },
        () => {},
      );
    }
  };
  const timer = setInterval(look, everyMs).unref();
  return {
    async open(request, reply, whose, storeId) {
      const tokenHash = sessions.hashOf(request);
      const stream = await streams.open(request, reply, whose, storeId);
      if (tokenHash === undefined) return stream;
      const opened = bySession.get(tokenHash) ?? new Set();
      bySession.set(tokenHash, opened.add(stream));
      stream.onClose(() => {
        opened.delete(stream);
        if (opened.size === 0 && bySession.get(tokenHash) === opened) bySession.delete(tokenHash);
      });
      return stream;
    },
    get count() {
      return streams.count;
    },
    close() {
      clearInterval(timer);
      streams.close();
    },
  };
}
