/** What is asked, as far as a request's head tells: enough to decide whether it is worth any work. */
export interface Asked {
  readonly method: string;
  /** As in the request's first line. */
  readonly url: string;
  /** @param name in lower case @returns the first header of that name, without the blanks around it */
  header(name: string): string | undefined;
  /** The address at the other end of its connection, which is a proxy's where there is one; unset: nobody knows any more. */
  readonly peer?: string | undefined;
  /** The body as text, where it came along with the head and both are short; unset: it has not come yet. */
  body?(): string;
}

/** A longer head is nothing that a browser sends to Matjip; Node's parser, which takes 16 KiB, may read it. */
const HEAD_BYTES_MAX = 8 * 1024;

/** The header lines of RFC 9112 in their strictest reading, to the empty line at their end. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not stand in a header
const HEADER_LINES = /(?:[-!#$%&'*+.^_`|~0-9A-Za-z]+:[^\0-\x08\x0a-\x1f\x7f]*\r\n)+\r\n/y;
/** What changes where a message ends or what becomes of its connection: for Node's parser to understand. */
const UNUSUAL =
  /\r\n(?:transfer-encoding|upgrade|expect|trailer|http2-settings|connection:(?![ \t]*keep-alive[ \t]*\r))/i;
const LENGTH = /\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r/gi;
const ANY_LENGTH = /\r\ncontent-length/gi;
const FORWARDED = /\r\n(?:x-forwarded-for|via|forwarded):/i;
const HOST = /\r\nhost:/gi;

/**
 * The head of one HTTP/1.1 request, read without a parser: a parser's objects cost more than the answer when that lies ready.
 * It reads only what is beyond doubt, so that it never sees another message than a proxy in front or Node's parser would
 * (request smuggling): anything else is `undefined`, and theirs to understand.
 */
export class RequestHead implements Asked {
  readonly method: string;
  readonly url: string;
  /** Bytes of the body that did not come along. */
  readonly bodyMissing: number;
  peer: string | undefined;
  readonly #text: string;
  readonly #bodyText: string;

  private constructor(method: string, url: string, text: string, bodyText: string, bodyMissing: number) {
    this.method = method;
    this.url = url;
    this.#text = text;
    this.#bodyText = bodyText;
    this.bodyMissing = bodyMissing;
  }

  /** @param chunk what came over a connection whose last message had ended before it */
  static read(chunk: Buffer): RequestHead | undefined {
    const text = chunk.toString('latin1', 0, Math.min(chunk.length, HEAD_BYTES_MAX));
    const lineEnd = text.indexOf('\r\n');
    const methodEnd = text.indexOf(' ');
    const urlEnd = lineEnd - ' HTTP/1.1'.length;
    if (methodEnd < 3 || urlEnd <= methodEnd || !text.startsWith(' HTTP/1.1', urlEnd)) return undefined;
    const method = text.slice(0, methodEnd);
    const url = text.slice(methodEnd + 1, urlEnd);
    if (!/^[A-Z]+$/.test(method) || !/^\/[!-~]*$/.test(url)) return undefined;
    HEADER_LINES.lastIndex = lineEnd + 2;
    if (!HEADER_LINES.test(text)) return undefined;
    const headEnd = HEADER_LINES.lastIndex;
    const head = text.slice(lineEnd, headEnd);
    if (UNUSUAL.test(head) || countOf(HOST, head) !== 1) return undefined;
    const bodyBytes = bodyBytesOf(head);
    if (bodyBytes === undefined) return undefined;
    const bodyMissing = headEnd + bodyBytes - chunk.length;
    // More came than one request.
    if (bodyMissing < 0) return undefined;
    return new RequestHead(method, url, head, text.slice(headEnd), bodyMissing);
  }

  /** A proxy says that it handed it on. */
  get isForwarded(): boolean {
    return FORWARDED.test(this.#text);
  }

  header(name: string): string | undefined {
    return headerPattern(name).exec(this.#text)?.[1]?.trim();
  }

  body(): string {
    return Buffer.from(this.#bodyText, 'latin1').toString();
  }
}

const countOf = (pattern: RegExp, text: string): number => text.match(pattern)?.length ?? 0;

/** @returns undefined where it is said twice or unreadably */
function bodyBytesOf(head: string): number | undefined {
  const times = countOf(ANY_LENGTH, head);
  if (times === 0) return 0;
  LENGTH.lastIndex = 0;
  const said = LENGTH.exec(head)?.[1];
  return times === 1 && said !== undefined ? Number(said) : undefined;
}

const patterns = new Map<string, RegExp>();

/** Names come from the code, not from clients, so there are a handful. */
function headerPattern(name: string): RegExp {
  let pattern = patterns.get(name);
  if (!pattern) {
    pattern = new RegExp(`\\r\\n${name}:([^\\r]*)\\r`, 'i');
    patterns.set(name, pattern);
  }
  return pattern;
}
