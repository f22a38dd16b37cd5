import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asked } from '../fast-path/request-head.ts';
import { WireAnswer } from '../fast-path/wire-answer.ts';
import { BROTLI_QUALITY, type Encoding, GZIP_LEVEL } from './patchable-encoding.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** Long enough that two bodies of one address never share it by chance. */
const ETAG_LETTERS = 16;

const compressors: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: GZIP_LEVEL }),
};

export interface ReadyBodyOptions {
  /** Says in fewer bytes what the content is; the content itself when absent. */
  readonly content?: string;
  /** How it is encoded by a shorter way than compressing all of it; undefined when there is none. */
  readonly encode?: (encoding: Encoding) => Buffer | undefined | Promise<Buffer | undefined>;
}

/** An answer's bytes as they leave the server: each encoding is made once, when somebody first asks for it. */
export class ReadyBody {
  readonly type: string;
  readonly identity: Buffer;
  /**
   * Of the content: equal contents have equal tags in every process, and a new release's other content has another. It
   * is weak (RFC 9110 §8.8.1) because plain, gzip and br share it and are different bytes; If-None-Match does not mind.
   */
  readonly etag: string;
  readonly #encode: ReadyBodyOptions['encode'];
  readonly #wires = new Map<string, WireAnswer>();
  readonly #encoded: { [encoding in Encoding]?: Buffer | Promise<Buffer> } = {};

  constructor(type: string, identity: Buffer, { content, encode }: ReadyBodyOptions = {}) {
    this.type = type;
    this.identity = identity;
    this.etag = `W/"${hash('sha256', content ?? identity, 'base64url').slice(0, ETAG_LETTERS)}"`;
    this.#encode = encode;
  }

  /**
   * The whole answer for the fast path.
   * @returns undefined when an encoding has to be made first
   */
  wire(asked: Asked, outcome: string): WireAnswer | undefined {
    if (isNotModified(asked.header('if-none-match'), this.etag))
      return this.#wireOf(304, outcome, undefined, undefined);
    const encoding = encodingFor(asked.header('accept-encoding'));
    const bytes = encoding ? this.encoded(encoding) : this.identity;
    return Buffer.isBuffer(bytes) ? this.#wireOf(200, outcome, encoding, bytes) : undefined;
  }

  /** The same, once the encoding is made. */
  async madeWire(asked: Asked, outcome: string): Promise<WireAnswer | undefined> {
    const encoding = encodingFor(asked.header('accept-encoding'));
    if (encoding) await this.encoded(encoding);
    return this.wire(asked, outcome);
  }

  #wireOf(status: 200 | 304, outcome: string, encoding: Encoding | undefined, bytes: Buffer | undefined): WireAnswer {
    const key = bytes ? `${outcome} ${encoding}` : outcome;
    let answer = this.#wires.get(key);
    if (!answer) {
      answer = new WireAnswer(status, this.#head(outcome, encoding, bytes), bytes);
      this.#wires.set(key, answer);
    }
    return answer;
  }

  #head(outcome: string, encoding: Encoding | undefined, bytes: Buffer | undefined): string[] {
    return Object.entries({
      ...SECURITY_HEADERS,
      etag: this.etag,
      'cache-control': CACHE_CONTROL,
      vary: 'Accept-Encoding',
      'x-cache': outcome,
      // It lies ready and is sent in the turn in which the request was read.
      'server-timing': 'total;dur=0.0',
      ...(bytes && { 'content-type': this.type }),
      ...(encoding && { 'content-encoding': encoding }),
      ...(bytes && { 'content-length': String(bytes.length) }),
    }).flat();
  }

  /** A promise only for those who ask before it is made. */
  encoded(encoding: Encoding): Buffer | Promise<Buffer> {
    const made = this.#encoded[encoding];
    if (made) return made;
    const shorter = this.#encode?.(encoding);
    if (Buffer.isBuffer(shorter)) {
      this.#encoded[encoding] = shorter;
      return shorter;
    }
    const making = this.#make(encoding, shorter);
    this.#encoded[encoding] = making;
    return making;
  }

  async #make(encoding: Encoding, shorter: Promise<Buffer | undefined> | undefined): Promise<Buffer> {
    const bytes = (await shorter) ?? (await compressors[encoding](this.identity));
    this.#encoded[encoding] = bytes;
    return bytes;
  }
}

/**
 * Browsers keep it and ask each time by its ETag. A shared cache may give it for a second, and the old one for one more
 * while it fetches the new one: a second spares it nearly everything in a rush, and more would show in prices.
 */
const CACHE_CONTROL = 'public, max-age=0, s-maxage=1, stale-while-revalidate=1';

/** Whether `If-None-Match` names this body; the mark of a weak tag may have been lost on the way. */
function isNotModified(asked: string | undefined, etag: string): boolean {
  if (asked === undefined) return false;
  return (
    asked === etag ||
    asked.split(',').some((listed) => {
      const tag = listed.trim();
      return tag === etag || tag === '*' || `W/${tag}` === etag;
    })
  );
}

/** What the client would rather have by the weights that it gives (RFC 9110 §12.5.3), the smaller of equals. */
function encodingFor(accepts: string | undefined): Encoding | undefined {
  if (!accepts || accepts === 'identity') return undefined;
  const known = understood.get(accepts);
  if (known !== undefined) return known ?? undefined;
  const encoding = preferred(accepts);
  if (understood.size < UNDERSTOOD_MAX) understood.set(accepts, encoding);
  return encoding ?? undefined;
}

/** Browsers send a handful of different headers; strangers may send any number, and those are read each time. */
const UNDERSTOOD_MAX = 100;
const understood = new Map<string, Encoding | null>();

function preferred(accepts: string): Encoding | null {
  const weights = new Map(
    accepts.split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      return [name, q ? Number(q.slice(2)) || 0 : 1];
    }),
  );
  let best: Encoding | null = null;
  // Plain bytes are for whoever asks for them more than for anything else.
  let weight = weights.get('identity') ?? 0;
  for (const encoding of ['gzip', 'br'] as const) {
    const its = weights.get(encoding) ?? 0;
    if (its === 0 || its < weight) continue;
    best = encoding;
    weight = its;
  }
  return best;
}

/**
 * Sends a ready body with everything HTTP caches need, or 304 when the client has it.
 * @param vary what else of the request it was chosen by
 * @returns undefined when it is sent, so that the hot path needs no promise; when an encoding is made first, a promise
 *   of what a handler of any route may return
 */
export function sendReady(
  request: FastifyRequest,
  reply: FastifyReply,
  body: ReadyBody,
  outcome: string,
  vary = '',
): undefined | Promise<never> {
  reply.headers({
    etag: body.etag,
    'cache-control': CACHE_CONTROL,
    vary: vary ? `Accept-Encoding, ${vary}` : 'Accept-Encoding',
    'x-cache': outcome,
  });
  if (isNotModified(request.headers['if-none-match'], body.etag)) {
    reply.code(304).send();
    return;
  }
  reply.type(body.type);
  const encoding = encodingFor(request.headers['accept-encoding'] as string | undefined);
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
