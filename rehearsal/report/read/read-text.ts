/** The text of a file or of the standard input, whatever it is packed in. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** What stands for the standard input on the command line. */
export const STANDARD_INPUT = '-';
const CHUNK_BYTES = 1 << 16;

/**
 * Yields the text piece by piece: gzip is unpacked, UTF-16 (what a redirect in PowerShell writes) and a byte order mark are understood.
 * Throws what the file system or zlib says.
 */
export async function* readText(file: string): AsyncGenerator<string> {
  const source: Readable =
    file === STANDARD_INPUT ? process.stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const chunks = source[Symbol.asyncIterator]();
  const { head, rest } = await readHead(chunks);
  const bytes = head[0] === 0x1f && head[1] === 0x8b ? unpack(head, rest) : prepend(head, rest);
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of bytes) {
    decoder ??= new TextDecoder(isUtf16(chunk) ? 'utf-16le' : 'utf-8');
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const last = decoder?.decode();
  if (last) yield last;
}

const isUtf16 = (chunk: Uint8Array): boolean => chunk[0] === 0xff && chunk[1] === 0xfe;

/** At least two bytes, where there are two: a pipe may bring them one by one. */
async function readHead(chunks: AsyncIterator<Buffer>): Promise<{ head: Buffer; rest: AsyncIterator<Buffer> }> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return { head, rest: chunks };
}

async function* prepend(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* unpack(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // A failure of the source or of zlib destroys both, and the loop throws it.
  pipeline(Readable.from(prepend(head, rest)), gunzip).catch(() => {});
  for await (const chunk of gunzip) yield chunk as Buffer;
}
