import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** What came back; status 0: the connection was closed without a word. */
export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HowToSend {
  /** In so many pieces, each in a packet of its own. */
  readonly pieces?: number;
  /** The writer hangs up its own side behind the last byte: what is missing never comes. */
  readonly hangsUp?: boolean;
  /** Nothing is in the answer but its head. */
  readonly headOnly?: boolean;
}

/** An answer that takes longer than this is none, on however slow a machine. Counted in ticks: one that slept has not waited. */
const PATIENCE_TICKS = 60;
const TICK_MS = 1_000;

/**
 * Sends bytes as they are, over a connection of their own, and reads one answer: no client between, which would mend what is wrong.
 * @throws Error when no answer came in a minute
 */
export async function send(port: number, bytes: Buffer, how: HowToSend = {}): Promise<Sent> {
  const { pieces = 1, hangsUp = false, headOnly = false } = how;
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  // What the other side said before it hung up counts, and that it did is no news.
  socket.on('error', () => {});
  const answer = new Promise<Sent>((resolve, reject) => {
    let ticks = 0;
    socket.setTimeout(TICK_MS).on('timeout', () => {
      ticks += 1;
      if (ticks < PATIENCE_TICKS) return void socket.setTimeout(TICK_MS);
      socket.destroy();
      reject(new Error(`No answer within a minute to ${JSON.stringify(bytes.toString('latin1').slice(0, 300))}`));
    });
    let said = Buffer.alloc(0);
    const end = (sent: Sent) => {
      socket.destroy();
      resolve(sent);
    };
    socket.on('data', (chunk) => {
      said = Buffer.concat([said, chunk]);
      const whole = parseAnswer(said, headOnly, false);
      if (whole) end(whole);
    });
    socket.on('close', () => end(parseAnswer(said, headOnly, true) ?? { status: 0, headers: {}, body: '' }));
  });
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  for (let at = 0; at < bytes.length; at += size) {
    socket.write(bytes.subarray(at, at + size));
    if (pieces > 1) await turn();
  }
  if (hangsUp) socket.end();
  return answer;
}

/** The first answer in these bytes that is no `100 Continue`; undefined while something of it is missing. */
function parseAnswer(said: Buffer, headOnly: boolean, isClosed: boolean): Sent | undefined {
  let start = 0;
  for (;;) {
    const end = said.indexOf('\r\n\r\n', start);
    if (end < 0) return undefined;
    const [first = '', ...lines] = said.subarray(start, end).toString('latin1').split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0);
    start = end + 4;
    if (status >= 100 && status < 200) continue;
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).toLowerCase();
      const value = line.slice(colon + 1).trim();
      headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    }
    const body = bodyOf(said.subarray(start), { status, headers, headOnly, isClosed });
    return body === undefined ? undefined : { status, headers, body };
  }
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly headOnly: boolean;
  readonly isClosed: boolean;
}

function bodyOf(rest: Buffer, { status, headers, headOnly, isClosed }: Head): string | undefined {
  // A stream has no end that anybody waits for.
  if (headOnly || status === 204 || status === 304 || headers['content-type']?.startsWith('text/event-stream'))
    return rest.toString('utf8');
  const length = headers['content-length'];
  if (length !== undefined) return rest.length >= Number(length) || isClosed ? rest.toString('utf8') : undefined;
  if (headers['transfer-encoding'] === 'chunked')
    return rest.includes('\r\n0\r\n\r\n') || rest.indexOf('0\r\n\r\n') === 0 || isClosed
      ? rest.toString('utf8')
      : undefined;
  return isClosed ? rest.toString('utf8') : undefined;
}
