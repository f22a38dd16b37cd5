import { once } from 'node:events';
import { promisify } from 'node:util';
import {
  type BrotliCompress,
  brotliDecompress,
  constants,
  crc32,
  createBrotliCompress,
  createDeflateRaw,
  type DeflateRaw,
  gunzip,
} from 'node:zlib';

export type Encoding = 'br' | 'gzip';

/** A menu of 75 KiB takes some 6 ms at 5; at 11 it would take hundreds and save a tenth of the bytes. */
export const BROTLI_QUALITY = 5;
export const GZIP_LEVEL = 6;

/** What a compressed format needs so that its bytes can be changed in places without compressing again. */
export interface PatchableFormat {
  open(): DeflateRaw | BrotliCompress;
  /** Ends a block at a byte's border and keeps what was seen so far for later matches. */
  readonly flush: number;
  readonly head: Buffer;
  /** What stands before bytes that are stored as they are. */
  storedBlock(length: number): Buffer;
  tail(identity: Buffer): Buffer;
  decode(bytes: Buffer): Promise<Buffer>;
}

export const PATCHABLE_FORMATS: Readonly<Record<Encoding, PatchableFormat>> = {
  // RFC 1951 §3.2.4 (stored blocks) in RFC 1952's frame.
  gzip: {
    open: () => createDeflateRaw({ level: GZIP_LEVEL }),
    flush: constants.Z_SYNC_FLUSH,
    head: Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
    storedBlock: (length) => Buffer.from([0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255]),
    tail(identity) {
      const tail = Buffer.alloc(8);
      tail.writeUInt32LE(crc32(identity), 0);
      tail.writeUInt32LE(identity.length, 4);
      return tail;
    },
    decode: promisify(gunzip) as (bytes: Buffer) => Promise<Buffer>,
  },
  // RFC 7932 §9.2: a meta-block that is not the last, its length in four nibbles, not compressed.
  br: {
    open: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
    flush: constants.BROTLI_OPERATION_FLUSH,
    head: Buffer.alloc(0),
    storedBlock(length) {
      const head = Buffer.alloc(3);
      head.writeUIntLE(((length - 1) << 3) | (1 << 19), 0, 3);
      return head;
    },
    tail: () => Buffer.alloc(0),
    decode: promisify(brotliDecompress),
  },
};

/** A hole's length at most: what two bytes of a stored block can say. */
const HOLE_BYTES_MAX = 0xffff;
/** Brotli reads the two bytes before a letter to guess it; so every hole ends with the same two. */
export const HOLE_END = '  ';

/** Compressed bytes with holes in them. */
export interface PatchableBytes {
  /** @param values one for each hole, exactly as long as it, ending with `HOLE_END` */
  fill(values: readonly Buffer[], identity: Buffer): Buffer;
}

/**
 * Compresses a body once so that its holes can be filled again and again for the price of a copy: the holes lie in the
 * stream as stored blocks, and what is compressed never refers to what is inside them. pigz joins blocks in the same way.
 * @param fixed what stands before, between and after the holes
 * @returns undefined when what came out is not what went in, which would be another compressor than this one knows
 */
export async function makePatchable(
  format: PatchableFormat,
  fixed: readonly Buffer[],
  widths: readonly number[],
): Promise<PatchableBytes | undefined> {
  if (widths.some((width) => width > HOLE_BYTES_MAX)) throw new RangeError('A hole is too wide.');
  const pieces = fixed.flatMap((piece, index) =>
    index < widths.length ? [piece, filler(widths[index]!, index)] : [piece],
  );
  const compressed = await compressPieces(format, pieces);

  const parts: Buffer[] = [format.head];
  const holes: number[] = [];
  let length = format.head.length;
  const add = (bytes: Buffer): void => {
    parts.push(bytes);
    length += bytes.length;
  };
  for (const [index, bytes] of compressed.entries()) {
    const width = index % 2 === 1 ? widths[index >> 1] : undefined;
    if (width === undefined) {
      add(bytes);
      continue;
    }
    add(format.storedBlock(width));
    holes.push(length);
    add(Buffer.alloc(width));
  }
  const template = Buffer.concat(parts);

  const made: PatchableBytes = {
    fill(values, identity) {
      const tail = format.tail(identity);
      const filled = Buffer.allocUnsafeSlow(template.length + tail.length);
      template.copy(filled);
      for (const [index, at] of holes.entries()) values[index]!.copy(filled, at);
      tail.copy(filled, template.length);
      return filled;
    },
  };
  const probe = widths.map((width) => Buffer.from(HOLE_END.padStart(width, '0')));
  const expected = Buffer.concat(fixed.flatMap((piece, index) => [piece, probe[index] ?? Buffer.alloc(0)]));
  const came = await format.decode(made.fill(probe, expected)).catch(() => undefined);
  return came?.equals(expected) ? made : undefined;
}

/** Each piece's bytes, and at last what ends the stream. */
async function compressPieces(format: PatchableFormat, pieces: readonly Buffer[]): Promise<Buffer[]> {
  const stream = format.open();
  const failed = once(stream, 'error').then(([error]) => Promise.reject(error as Error));
  failed.catch(() => {});
  let chunks: Buffer[] = [];
  const take = (): Buffer => {
    const bytes = Buffer.concat(chunks);
    chunks = [];
    return bytes;
  };
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const compressed: Buffer[] = [];
  for (const piece of pieces) {
    stream.write(piece);
    await Promise.race([new Promise<void>((resolve) => stream.flush(format.flush, resolve)), failed]);
    compressed.push(take());
  }
  const ended = once(stream, 'end');
  stream.end();
  await Promise.race([ended, failed]);
  compressed.push(take());
  return compressed;
}

/** Bytes that neither JSON nor HTML holds, and enough of them that they hardly repeat: nothing is matched with them. */
const FILLER_BYTES = [...range(0x01, 0x08), ...range(0x0e, 0x1f), 0xc0, 0xc1, ...range(0xf5, 0xff)];

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** Stands in a hole while the rest is compressed; equal in every process, so that equal bodies have equal bytes. */
function filler(width: number, seed: number): Buffer {
  let state = seed + 1;
  const bytes = Buffer.alloc(width, HOLE_END);
  for (let at = 0; at < width - HOLE_END.length; at++) {
    // A linear congruential generator (Knuth's MMIX has these constants' small sister).
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = FILLER_BYTES[(state >>> 16) % FILLER_BYTES.length]!;
  }
  return bytes;
}
