import { setTimeout as delay } from 'node:timers/promises';
import { openSse, type SseReader } from '../../test/events/sse.ts';
import { background } from '../../test/support/background.ts';
import type { Lifetime } from '../../test/support/lifetime.ts';

/** A guest's page that follows an order's stream, and opens it again where it was when it ends. */
export interface Follower {
  /** The numbers of the events that came, in their order. */
  seen(): number[];
  /** Whether a stream is open at the moment. */
  isOpen(): boolean;
  /** Streams opened so far. */
  openings(): number;
}

/** A page waits for two seconds, spread by itself; here sooner, so that streams change hands more often. */
const COMES_BACK_MS = { from: 100, to: 500 };

/**
 * Whoever is refused comes again when it was told to, as a page does: a thousand who do not wait keep a process full that would else have
 * had a place for them.
 * @param address with the guest's token in it
 */
export function follow(life: Lifetime, address: string): Follower {
  const past: number[] = [];
  let now: SseReader | undefined;
  let openings = 0;
  const idsIn = (reader: SseReader) =>
    reader.events.filter(({ event }) => event === 'status').map(({ id }) => Number(id));
  background(life, async (signal) => {
    signal.addEventListener('abort', () => now?.close());
    while (!signal.aborted) {
      const last = past.at(-1);
      const reader = await openSse(address, last ? { 'last-event-id': String(last) } : {}).catch(() => undefined);
      if (reader?.status === 200) {
        now = reader;
        openings += 1;
        if (signal.aborted) reader.close();
        await reader.gone;
        past.push(...idsIn(reader));
        now = undefined;
      } else reader?.close();
      const toldMs = 1_000 * Number(reader?.headers['retry-after'] ?? 0);
      const breathMs = toldMs + COMES_BACK_MS.from + Math.random() * (COMES_BACK_MS.to - COMES_BACK_MS.from);
      await delay(breathMs, undefined, { signal });
    }
  });
  return {
    seen: () => [...past, ...(now ? idsIn(now) : [])],
    isOpen: () => now !== undefined,
    openings: () => openings,
  };
}
