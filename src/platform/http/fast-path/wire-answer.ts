import { STATUS_CODES } from 'node:http';

/** Clients are told that idle connections are kept this long; longer than the 60 s after which proxies in front give up. */
export const KEEP_ALIVE_MS = 72_000;

/**
 * Idle connections are kept so much longer than their clients are told. Whoever comes at the last moment is still on the way, or is a
 * busy process whose timer is late; less would reset their request, and they would not know whether it was heard (RFC 9112 §9.5).
 */
export const KEEP_ALIVE_GRACE_MS = 10_000;

/** An answer as it goes over the wire. */
export interface WireMessage {
  readonly status: number;
  /** Names and values in turn, without those that belong to the connection. */
  readonly headers: readonly string[];
  readonly body: Buffer | undefined;
  /** All of it; a text has one byte a letter (latin1). */
  bytes(): Buffer | string;
}

/** An answer that is made once and sent many times; only its date changes, once a second. */
export class WireAnswer implements WireMessage {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer | undefined;
  readonly #head: string;
  #bytes: Buffer = Buffer.alloc(0);
  #date = '';

  /** @param headers names and values in turn, `content-length` among them where there is a body */
  constructor(status: number, headers: readonly string[], body?: Buffer) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.#head = headOf(status, headers) + OF_CONNECTION;
  }

  bytes(): Buffer {
    const date = httpDate();
    if (date !== this.#date) {
      const head = Buffer.from(`${this.#head}${date}\r\n\r\n`, 'latin1');
      this.#bytes = this.body ? Buffer.concat([head, this.body]) : head;
      this.#date = date;
    }
    return this.#bytes;
  }
}

/**
 * Answers that differ in a short body alone, such as the places of those who are refused: put together as one text, and handed to the
 * socket as that, each costs no buffer and no list of headers.
 */
export class WireTemplate {
  readonly status: number;
  readonly #headers: readonly string[];
  readonly #head: string;

  /** @param headers names and values in turn, without `content-length` */
  constructor(status: number, headers: readonly string[]) {
    this.status = status;
    this.#headers = headers;
    this.#head = `${headOf(status, headers)}content-length: `;
  }

  /** @param body of letters of one byte (ASCII) */
  fill(body: string): WireMessage {
    const { status } = this;
    const headers = this.#headers;
    const head = this.#head;
    return {
      status,
      get headers() {
        return [...headers, 'content-length', String(body.length)];
      },
      get body() {
        return Buffer.from(body, 'latin1');
      },
      bytes: () => `${head}${body.length}\r\n${OF_CONNECTION}${httpDate()}\r\n\r\n${body}`,
    };
  }
}

const OF_CONNECTION = `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_MS / 1000}\r\nDate: `;

function headOf(status: number, headers: readonly string[]): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (let at = 0; at < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`;
  return head;
}

let dated = { second: 0, text: '' };

/** The `Date` of now (RFC 9110 §5.6.7); writing one takes longer than sending a 304. */
function httpDate(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dated.second) dated = { second, text: new Date(second * 1000).toUTCString() };
  return dated.text;
}
