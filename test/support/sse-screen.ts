import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { openSse, type SseEvent } from '../events/sse.ts';
import { background } from './background.ts';
import type { Lifetime } from './lifetime.ts';

/** A screen that opens its stream again when that ends, as a browser does. */
interface SseScreen {
  /** What came so far, over all streams. */
  readonly events: readonly SseEvent[];
  /** What came since the stream was opened last: a kitchen's begins with all that is open by then. */
  readonly sinceOpened: readonly SseEvent[];
  /** How often it has been opened. */
  readonly openings: number;
  close(): Promise<void>;
}

const COME_BACK_MS = 50;

/**
 * Follows a stream for as long as the test: the server may end one whenever it cannot be sure that nothing is missing, such as after
 * a read that failed on a busy machine, and is right when whoever comes back is told what there is. Resolves once it is open.
 */
export async function openScreen(t: Lifetime, url: string, headers: Record<string, string> = {}): Promise<SseScreen> {
  const readers = [await openSse(url, headers)];
  const following = background(t, async (signal) => {
    const stopped = once(signal, 'abort');
    while (!signal.aborted) {
      const reader = readers.at(-1)!;
      await Promise.race([reader.gone, stopped]);
      reader.close();
      await delay(COME_BACK_MS, undefined, { signal });
      await openSse(url, headers).then(
        (opened) => (opened.status === 200 ? readers.push(opened) : opened.close()),
        () => {},
      );
    }
  });
  return {
    get events() {
      return readers.flatMap(({ events }) => events);
    },
    get sinceOpened() {
      return readers.at(-1)!.events;
    },
    get openings() {
      return readers.length;
    },
    close: () => following.end(),
  };
}
