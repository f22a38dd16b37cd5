import { connect, type Socket } from 'node:net';

/** One load: so many connections, each sending its next request when the last one was answered. */
export interface Load {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  /** Bounds the whole at so many requests a second, spread evenly; unset: as fast as the answers come. */
  readonly perSecondMax?: number;
}

export interface LoadResult {
  /** Answers within the measured time. */
  readonly answers: number;
  readonly perSecond: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bytes: number;
}

const HEADER_END = Buffer.from('\r\n\r\n');
const LATENCIES_MAX = 2_000_000;

/** What one connection sends, and what it may remember of the answer's head. */
export interface Requests {
  /** The whole request as text, made anew for each. */
  next(connection: number): string | Buffer;
  answered?(connection: number, head: string): void;
}

/**
 * Sends HTTP/1.1 over bare sockets: a client library would cost several times what it measures. It understands only
 * answers with a Content-Length, or without a body, which is all that Matjip and the baselines send.
 */
export async function runLoad(load: Load, requests: Requests): Promise<LoadResult> {
  const startedAt = performance.now();
  const measureFrom = startedAt + load.warmupMs;
  const stopAt = measureFrom + load.durationMs;
  const byStatus: Record<string, number> = {};
  const latencies = new Float64Array(LATENCIES_MAX);
  let answers = 0;
  let bytes = 0;
  let sent = 0;

  const drive = (socket: Socket, connection: number): Promise<void> =>
    new Promise((resolve, reject) => {
      let pending: Buffer | undefined;
      let sentAt = 0;
      let timer: NodeJS.Timeout | undefined;
      const finish = () => {
        clearTimeout(timer);
        socket.destroy();
        resolve();
      };
      const send = () => {
        if (performance.now() >= stopAt) return finish();
        if (load.perSecondMax) {
          const dueMs = startedAt + (sent * 1000) / load.perSecondMax - performance.now();
          if (dueMs > 1) {
            timer = setTimeout(send, dueMs);
            return;
          }
        }
        sent += 1;
        sentAt = performance.now();
        socket.write(requests.next(connection));
      };
      socket.on('data', (chunk) => {
        const data = pending ? Buffer.concat([pending, chunk]) : chunk;
        const headerEnd = data.indexOf(HEADER_END);
        if (headerEnd < 0) {
          pending = data;
          return;
        }
        const head = data.toString('latin1', 0, headerEnd);
        const status = head.slice(9, 12);
        const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
        const end = headerEnd + 4 + (status === '304' || length === undefined ? 0 : Number(length));
        if (data.length < end) {
          pending = data;
          return;
        }
        pending = undefined;
        requests.answered?.(connection, head);
        const now = performance.now();
        if (now >= measureFrom && now < stopAt) {
          byStatus[status] = (byStatus[status] ?? 0) + 1;
          if (answers < LATENCIES_MAX) latencies[answers] = now - sentAt;
          answers += 1;
          bytes += end;
        }
        send();
      });
      socket.on('error', (error) => (performance.now() >= stopAt ? resolve() : reject(error)));
      socket.on('close', () => resolve());
      socket.once('connect', send);
    });

  await Promise.all(
    Array.from({ length: load.connections }, (_, connection) =>
      drive(connect({ host: load.host, port: load.port, noDelay: true }), connection),
    ),
  );
  const sorted = latencies.subarray(0, Math.min(answers, LATENCIES_MAX)).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { answers, perSecond: (answers * 1000) / load.durationMs, byStatus, p50Ms: at(0.5), p99Ms: at(0.99), bytes };
}
