/** One whole answer. */
export interface HttpAnswer {
  readonly status: number;
  /** The header lines as they came. */
  readonly head: string;
  /** Only when the reader was asked to keep it. */
  readonly body: Buffer | undefined;
  /** False when the connection ends with this answer. */
  readonly keepAlive: boolean;
}

export class MalformedAnswer extends Error {}

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
const HEAD_BYTES_MAX = 64 * 1024;
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;
const CLOSE = /\r\nconnection: *close/i;

/** @param name in lower case */
export function headerOf(head: string, name: string): string | undefined {
  for (let from = head.indexOf('\r\n'); from >= 0; from = head.indexOf('\r\n', from + 2)) {
    const colon = from + 2 + name.length;
    if (head[colon] !== ':' || head.slice(from + 2, colon).toLowerCase() !== name) continue;
    const end = head.indexOf('\r\n', colon);
    return head.slice(colon + 1, end < 0 ? undefined : end).trim();
  }
  return undefined;
}

/**
 * Reads HTTP/1.1 answers from the bytes of one connection that has one request under way at a time. It understands lengths,
 * chunks and answers without a body; a body that ends with the connection is malformed here, as Matjip never sends one.
 * Bodies are skipped, not copied, unless asked for: reading menus must not cost more than sending them.
 */
export class ResponseReader {
  /** Set before a request is sent whose answer is to be read. */
  keepsBody = false;
  #rest: Buffer | undefined;
  #answer: { status: number; head: string; keepAlive: boolean } | undefined;
  /** Bytes of the body, or of the chunk, that are still to come. */
  #missing = 0;
  #chunked: 'size' | 'data' | 'trailer' | undefined;
  readonly #parts: Buffer[] = [];
  readonly #onAnswer: (answer: HttpAnswer) => void;

  constructor(onAnswer: (answer: HttpAnswer) => void) {
    this.#onAnswer = onAnswer;
  }

  /** @throws MalformedAnswer for what is no answer; the connection is of no use then */
  push(chunk: Buffer): void {
    let data: Buffer | undefined = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = undefined;
    while (data && data.length > 0) {
      if (!this.#answer) data = this.#readHead(data);
      else if (this.#chunked) data = this.#readChunk(data);
      else data = this.#readBody(data);
    }
  }

  #readHead(data: Buffer): Buffer | undefined {
    const end = data.indexOf(HEAD_END);
    if (end < 0) {
      if (data.length > HEAD_BYTES_MAX) throw new MalformedAnswer('The head of an answer has no end.');
      this.#rest = data;
      return undefined;
    }
    const head = data.toString('latin1', 0, end);
    const status = head.startsWith('HTTP/1.1 ') ? Number(head.slice(9, 12)) : Number.NaN;
    if (!(status >= 100 && status <= 599))
      throw new MalformedAnswer('An answer does not begin with HTTP/1.1 and a status.');
    const after = data.subarray(end + HEAD_END.length);
    if (status < 200) return after;
    this.#answer = { status, head, keepAlive: !CLOSE.test(head) };
    const length = LENGTH.exec(head);
    this.#missing = 0;
    if (status !== 204 && status !== 304) {
      if (length) this.#missing = Number(length[1]);
      else if (CHUNKED.test(head)) this.#chunked = 'size';
      else throw new MalformedAnswer('An answer tells no length.');
    }
    if (!this.#chunked && this.#missing === 0) this.#finish();
    return after;
  }

  #readBody(data: Buffer): Buffer {
    const taken = Math.min(this.#missing, data.length);
    if (this.keepsBody) this.#parts.push(data.subarray(0, taken));
    this.#missing -= taken;
    if (this.#missing === 0) this.#finish();
    return data.subarray(taken);
  }

  #readChunk(data: Buffer): Buffer | undefined {
    if (this.#chunked === 'data' && this.#missing > LINE_END.length) {
      const taken = Math.min(this.#missing - LINE_END.length, data.length);
      if (this.keepsBody) this.#parts.push(data.subarray(0, taken));
      this.#missing -= taken;
      return data.subarray(taken);
    }
    // What is left is a line: the end of a chunk's data, the size of the next one, or a trailer.
    const end = data.indexOf(LINE_END);
    if (end < 0) {
      if (data.length > HEAD_BYTES_MAX) throw new MalformedAnswer('A chunk has no size.');
      this.#rest = data;
      return undefined;
    }
    const line = data.toString('latin1', 0, end);
    if (this.#chunked === 'data') this.#chunked = 'size';
    else if (this.#chunked === 'size') {
      const size = Number.parseInt(line, 16);
      if (!(size >= 0)) throw new MalformedAnswer('A chunk has no size.');
      this.#missing = size + LINE_END.length;
      this.#chunked = size === 0 ? 'trailer' : 'data';
    } else if (line === '') this.#finish();
    return data.subarray(end + LINE_END.length);
  }

  #finish(): void {
    const answer = this.#answer!;
    const body = this.keepsBody ? Buffer.concat(this.#parts) : undefined;
    this.#answer = undefined;
    this.#chunked = undefined;
    this.#parts.length = 0;
    this.#onAnswer({ ...answer, body });
  }
}
