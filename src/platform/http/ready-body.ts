import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SECURITY_HEADERS } from './security-headers.ts';

type Encoding = 'br' | 'gzip';

/** A menu of 60 KiB takes about 1 ms at 5; at 11 it would take 100 and save a tenth of the bytes. */
const BROTLI_QUALITY = 5;
const GZIP_LEVEL = 6;
/** Long enough that two bodies of one address never share it by chance. */
const ETAG_BYTES = 12;

const compressors: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: GZIP_LEVEL }),
};

/** An answer's bytes as they leave the server: each encoding is made once, when somebody first asks for it. */
export class ReadyBody {
  readonly type: string;
  readonly identity: Buffer;
  /** Of the content: equal bytes have equal tags in every process, and a new release's other bytes have another. */
  readonly etag: string;
  readonly #heads = new Map<string, string[]>();
  readonly #encoded: { [encoding in Encoding]?: Buffer | Promise<Buffer> } = {};

  /** @param br the same content compressed, where somebody has done it already */
  constructor(type: string, identity: Buffer, br?: Buffer) {
    this.type = type;
    this.identity = identity;
    this.etag = `"${createHash('sha256').update(identity).digest().subarray(0, ETAG_BYTES).toString('base64url')}"`;
    if (br) this.#encoded.br = br;
  }

  /**
   * The headers of an answer as a flat list: made once, since naming them again takes a tenth of a request's time.
   * @param bytes what is sent; undefined for 304
   */
  head(outcome: string, encoding: Encoding | undefined, bytes: Buffer | undefined): string[] {
    const key = bytes ? `${outcome} ${encoding}` : outcome;
    const made = this.#heads.get(key);
    if (made) return made;
    const head = Object.entries({
      ...SECURITY_HEADERS,
      etag: this.etag,
      'cache-control': CACHE_CONTROL,
      vary: 'Accept-Encoding',
      'x-cache': outcome,
      // It lies ready and is sent in the turn in which the request was read.
      'server-timing': 'total;dur=0.0',
      'content-type': this.type,
      ...(encoding && { 'content-encoding': encoding }),
      ...(bytes && { 'content-length': String(bytes.length) }),
    }).flat();
    this.#heads.set(key, head);
    return head;
  }

  /** A promise only for the first who asks. */
  encoded(encoding: Encoding): Buffer | Promise<Buffer> {
    const made = this.#encoded[encoding];
    if (made) return made;
    const making = compressors[encoding](this.identity).then((bytes) => {
      this.#encoded[encoding] = bytes;
      return bytes;
    });
    this.#encoded[encoding] = making;
    return making;
  }
}

/**
 * Browsers keep it and ask each time by its ETag. A shared cache may give it for a second, and the old one for one more
 * while it fetches the new one: a second spares it nearly everything in a rush, and more would show in prices.
 */
const CACHE_CONTROL = 'public, max-age=0, s-maxage=1, stale-while-revalidate=1';

/** Whether `If-None-Match` names this body; a proxy may have marked it weak. */
function isNotModified(headers: IncomingHttpHeaders, etag: string): boolean {
  const asked = headers['if-none-match'];
  if (asked === undefined) return false;
  return (
    asked === etag ||
    asked.split(',').some((tag) => {
      const bare = tag.trim().replace(/^W\//, '');
      return bare === etag || bare === '*';
    })
  );
}

/** What the client takes, the smaller first; `q=0` means that it does not. */
function encodingFor(headers: IncomingHttpHeaders): Encoding | undefined {
  const accepts = headers['accept-encoding'];
  if (!accepts || accepts === 'identity') return undefined;
  const known = understood.get(accepts);
  if (known !== undefined) return known ?? undefined;
  const encoding = takes(accepts, 'br') ? 'br' : takes(accepts, 'gzip') ? 'gzip' : null;
  if (understood.size < UNDERSTOOD_MAX) understood.set(accepts, encoding);
  return encoding ?? undefined;
}

/** Browsers send a handful of different headers; strangers may send any number, and those are read each time. */
const UNDERSTOOD_MAX = 100;
const understood = new Map<string, Encoding | null>();

const takes = (accepts: string, encoding: Encoding): boolean =>
  accepts.includes(encoding) &&
  accepts.split(',').some((part) => {
    const [name, ...parameters] = part.split(';').map((text) => text.trim());
    return name === encoding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });

/**
 * Sends a ready body with everything HTTP caches need, or 304 when the client has it.
 * @returns undefined when it is sent, so that the hot path needs no promise; when an encoding is made first, a promise
 *   of what a handler of any route may return
 */
export function sendReady(
  request: FastifyRequest,
  reply: FastifyReply,
  body: ReadyBody,
  outcome: string,
): undefined | Promise<never> {
  reply.headers({ etag: body.etag, 'cache-control': CACHE_CONTROL, vary: 'Accept-Encoding', 'x-cache': outcome });
  if (isNotModified(request.headers, body.etag)) {
    reply.code(304).send();
    return;
  }
  reply.type(body.type);
  const encoding = encodingFor(request.headers);
  if (!encoding) {
    reply.send(body.identity);
    return;
  }
  reply.header('content-encoding', encoding);
  const bytes = body.encoded(encoding);
  if (Buffer.isBuffer(bytes)) {
    reply.send(bytes);
    return;
  }
  return bytes.then((made) => reply.send(made)) as Promise<never>;
}

/**
 * The same without Fastify, whose hooks and header maps left a menu at 0.7 to 0.9 of bare `node:http`.
 * @returns false, and nothing sent, when an encoding has to be made first
 */
export function sendReadyAtOnce(
  request: IncomingMessage,
  response: ServerResponse,
  body: ReadyBody,
  outcome: string,
): boolean {
  const { headers } = request;
  if (isNotModified(headers, body.etag)) {
    response.writeHead(304, body.head(outcome, undefined, undefined)).end();
    return true;
  }
  const encoding = encodingFor(headers);
  const bytes = encoding ? body.encoded(encoding) : body.identity;
  if (!Buffer.isBuffer(bytes)) return false;
  response.writeHead(200, body.head(outcome, encoding, bytes)).end(bytes);
  return true;
}
