import { request } from './api.ts';
import type { Stream } from './live.ts';
import { SIGNED_IN } from './page-key.ts';

/** As an EventSource does when its connection breaks. */
const RECONNECT_MS = 2_000;

/**
 * A stream of the staff. The browser's cookie opens it for who has signed in. For a key a ticket does that is good once, so that no key ever
 * stands in an address: each connection asks for its own. A refusal is final, as an EventSource's is.
 * @param store its path, `/stores/{store}`
 */
export function openTicketStream(url: string, store: string, key: string | null): Stream {
  const listeners: Parameters<Stream['addEventListener']>[] = [];
  let inner: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const self: Stream = {
    readyState: EventSource.CONNECTING,
    onopen: null,
    onerror: null,
    addEventListener(name, listener) {
      listeners.push([name, listener]);
      // Where no ticket is asked for, the stream is there before whoever listens.
      inner?.addEventListener(name, listener);
    },
    close() {
      self.readyState = EventSource.CLOSED;
      clearTimeout(timer);
      inner?.close();
    },
  };
  const fail = (readyState: number) => {
    inner?.close();
    self.readyState = readyState;
    self.onerror?.(new Event('error'));
  };

  async function connect() {
    let address = url;
    try {
      if (key && key !== SIGNED_IN) {
        const { data } = await request<{ ticket: string }>(`${store}/stream-tickets`, { method: 'POST', token: key });
        address += `?ticket=${data?.ticket}`;
      }
    } catch {
      if (self.readyState !== EventSource.CLOSED) fail(EventSource.CLOSED);
      return;
    }
    if (self.readyState === EventSource.CLOSED) return;
    const opened = new EventSource(address);
    inner = opened;
    for (const [name, listener] of listeners) opened.addEventListener(name, listener);
    opened.onopen = (event) => {
      self.readyState = EventSource.OPEN;
      self.onopen?.(event);
    };
    opened.onerror = () => {
      if (opened.readyState === EventSource.CLOSED) return fail(EventSource.CLOSED);
      // By itself the browser would come back with an address that has been used.
      fail(EventSource.CONNECTING);
      timer = setTimeout(() => void connect(), RECONNECT_MS);
    };
  }
  void connect();
  return self;
}
