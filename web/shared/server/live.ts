import { signal } from '@preact/signals';
import { ApiProblem } from './problem.ts';
import { backoffMs } from './retry.ts';

/** `live`: told by the server; `polling`: asking now and then; `offline`: showing what was true at `updatedAt`. */
export type LiveState = 'connecting' | 'live' | 'polling' | 'offline';

/** What is used of an EventSource. */
export interface Stream {
  readyState: number;
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(name: string, listener: (event: Event) => void): void;
  close(): void;
}

export interface LiveSource {
  /** Address of the event stream. */
  url: string;
  /** Opens it, where an EventSource alone does not. */
  connect?(url: string): Stream;
  /** What to do with each named event's data. */
  events: Record<string, (data: unknown) => void>;
  /** Reads the whole truth anew. @returns whether anything had changed @throws ApiProblem */
  refresh(): Promise<boolean>;
  /** Told of a refusal (4xx) of `refresh`; following has ended by then. */
  onRefused?(problem: ApiProblem): void;
}

/** The wait between two questions without a stream: short after a change, longer while nothing happens. */
const POLL_MIN_MS = 5_000;
const POLL_MAX_MS = 20_000;
/**
 * A phone that changed from Wi-Fi to mobile can hold a stream that is dead without knowing. A question every half
 * minute finds that out; more often would cost more than the stream saves.
 */
const LIVE_CHECK_MS = 30_000;
/** Connecting for longer than this is stuck; less would cut off a slow network again and again. */
const CONNECT_MAX_MS = 20_000;
/** The wait before a stream that was refused (503, say) is asked for again. */
const REOPEN_AFTER_MS = 2_000;
/** Some devices say that they are offline and are not; a question soon after finds that out. */
const OFFLINE_CHECK_MS = 1_000;

/**
 * Follows something that changes on the server: by its event stream, by asking while the stream is broken, and at
 * once when the network or the reader comes back. Never gives up by itself. Call `stop` when nobody looks any more.
 */
export function follow(source: LiveSource) {
  const state = signal<LiveState>('connecting');
  const updatedAt = signal(Date.now());
  let stream: Stream | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pollMs = POLL_MIN_MS;
  let failures = 0;
  /** When the stream last began to connect, opened or was refused. */
  let streamSince = 0;
  let running: Promise<void> | null = null;
  let stopped = false;

  function open() {
    stream?.close();
    const opened: Stream = source.connect?.(source.url) ?? new EventSource(source.url);
    stream = opened;
    streamSince = Date.now();
    opened.onopen = () => {
      streamSince = Date.now();
      state.value = 'live';
      pollMs = POLL_MIN_MS;
      // What happened while nobody listened is in the list, not in the stream.
      void refresh();
    };
    opened.onerror = () => {
      if (stream !== opened) return;
      // Refused at the very first: why is asked for at once, a wrong key say, and not after a page that looks well.
      const isFirst = state.value === 'connecting' && opened.readyState === EventSource.CLOSED;
      if (state.value !== 'offline') state.value = 'polling';
      streamSince = Date.now();
      schedule(isFirst ? 0 : undefined);
    };
    for (const [name, handle] of Object.entries(source.events)) {
      opened.addEventListener(name, (event) => {
        updatedAt.value = Date.now();
        handle(JSON.parse((event as MessageEvent<string>).data));
      });
    }
  }

  function schedule(delayMs?: number) {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => void refresh(), delayMs ?? (state.value === 'live' ? LIVE_CHECK_MS : pollMs));
  }

  async function ask() {
    try {
      const changed = await source.refresh();
      if (stopped) return;
      updatedAt.value = Date.now();
      failures = 0;
      pollMs = changed ? POLL_MIN_MS : Math.min(POLL_MAX_MS, pollMs * 1.3);
      if (needsReopening(changed)) open();
      state.value = stream?.readyState === EventSource.OPEN ? 'live' : 'polling';
      schedule();
    } catch (error) {
      if (stopped) return;
      const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
      if (problem.status >= 400 && !problem.retryable) {
        stop();
        source.onRefused?.(problem);
        return;
      }
      failures += 1;
      state.value = 'offline';
      schedule(Math.max(1000, backoffMs(failures, problem.retryAfterMs)));
    }
  }

  function needsReopening(changed: boolean): boolean {
    const sinceMs = Date.now() - streamSince;
    if (!stream) return true;
    // News that an open stream should have brought: it is deaf, whatever it says.
    if (stream.readyState === EventSource.OPEN) return changed && sinceMs > LIVE_CHECK_MS / 2;
    // The browser tries again by itself after a broken connection, but not after an answer such as 503.
    return sinceMs > (stream.readyState === EventSource.CLOSED ? REOPEN_AFTER_MS : CONNECT_MAX_MS);
  }

  /** Asks now; while a question is under way its answer is waited for instead. */
  function refresh(): Promise<void> {
    running ??= ask().finally(() => {
      running = null;
    });
    return running;
  }

  function onBack() {
    if (document.visibilityState !== 'visible') return;
    // Whatever ended the stream before has nothing to say about now.
    if (stream?.readyState === EventSource.CLOSED) streamSince = 0;
    void refresh();
  }

  function onOffline() {
    state.value = 'offline';
    stream?.close();
    // An answer that was on its way may still arrive and look like a working network; so ask once more after it.
    void Promise.resolve(running).then(() => schedule(OFFLINE_CHECK_MS));
  }

  function stop() {
    stopped = true;
    stream?.close();
    clearTimeout(timer);
    window.removeEventListener('online', onBack);
    window.removeEventListener('offline', onOffline);
    document.removeEventListener('visibilitychange', onBack);
  }

  window.addEventListener('online', onBack);
  window.addEventListener('offline', onOffline);
  document.addEventListener('visibilitychange', onBack);
  open();
  schedule();
  return { state, updatedAt, refresh, stop };
}

export type Following = ReturnType<typeof follow>;
