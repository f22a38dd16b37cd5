import { type ClientRequest, get, type IncomingMessage } from 'node:http';

export interface SseEvent {
  readonly event: string;
  readonly id: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server said
  readonly data: any;
}

/** One open event stream, as a browser would read it. */
export interface SseReader {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** What came so far. */
  readonly events: readonly SseEvent[];
  /** Lines that are only there to keep the connection open. */
  readonly heartbeats: number;
  readonly ended: boolean;
  /** Resolves when it has ended. */
  readonly gone: Promise<void>;
  /** Stops reading from the socket, as a phone in a lift does. */
  freeze(): void;
  close(): void;
}

/** A key as staff send it: never in an address. */
export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

/** Opens a stream; resolves with the answer's head. */
export function openSse(url: string, headers: Record<string, string> = {}): Promise<SseReader> {
  return new Promise((resolve, reject) => {
    const request: ClientRequest = get(
      url,
      { agent: false, headers: { accept: 'text/event-stream', ...headers } },
      (answer) => {
        const events: SseEvent[] = [];
        const state = { heartbeats: 0, ended: false };
        let rest = '';
        answer.setEncoding('utf8');
        answer.on('data', (text: string) => {
          const blocks = (rest + text).split('\n\n');
          rest = blocks.pop()!;
          for (const block of blocks) {
            const fields = new Map(
              block
                .split('\n')
                .map((line) => /^([a-z]*): ?(.*)$/.exec(line)?.slice(1) as [string, string])
                .filter(Boolean),
            );
            if (block === ':') state.heartbeats += 1;
            if (fields.has('data')) {
              events.push({
                event: fields.get('event') ?? 'message',
                id: fields.get('id'),
                data: JSON.parse(fields.get('data')!),
              });
            }
          }
        });
        const gone = new Promise<void>((resolveGone) => {
          const end = () => {
            state.ended = true;
            resolveGone();
          };
          answer.on('error', end).on('close', end);
        });
        resolve({
          status: answer.statusCode!,
          headers: answer.headers,
          events,
          get heartbeats() {
            return state.heartbeats;
          },
          get ended() {
            return state.ended;
          },
          gone,
          freeze: () => void answer.pause(),
          close: () => request.destroy(),
        });
      },
    );
    request.on('error', reject);
  });
}
