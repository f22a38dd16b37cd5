import type { Random } from './random.ts';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Postgres counts its microseconds from the year 2000. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
const TWO_32 = 2 ** 32;

/** @param day as `YYYY-MM-DD` */
export const daysSince2000 = (day: string): number => (Date.parse(day) - EPOCH_MS) / DAY_MS;

/**
 * Rows in Postgres' binary COPY format, written into one growing buffer: no text to make here, none to parse there.
 * Fields are appended in the order of the COPY's columns.
 */
export class CopyRows {
  #buffer = Buffer.allocUnsafe(1 << 20);
  #length = 0;

  constructor() {
    this.clear();
  }

  /** Starts over, keeping the memory. What `finish` gave must have been sent. */
  clear(): void {
    SIGNATURE.copy(this.#buffer);
    // No flags, no header extension.
    this.#buffer.fill(0, SIGNATURE.length, SIGNATURE.length + 8);
    this.#length = SIGNATURE.length + 8;
  }

  get isEmpty(): boolean {
    return this.#length === SIGNATURE.length + 8;
  }

  /** Everything written so far, complete. */
  finish(): Buffer {
    this.#reserve(2);
    this.#length = this.#buffer.writeInt16BE(-1, this.#length);
    return this.#buffer.subarray(0, this.#length);
  }

  row(fields: number): void {
    this.#reserve(2);
    this.#length = this.#buffer.writeInt16BE(fields, this.#length);
  }

  nothing(): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeInt32BE(-1, this.#length);
  }

  bytes(value: Buffer): void {
    this.#reserve(4 + value.length);
    this.#length = this.#buffer.writeInt32BE(value.length, this.#length);
    value.copy(this.#buffer, this.#length);
    this.#length += value.length;
  }

  text(value: string): void {
    this.bytes(Buffer.from(value));
  }

  /** JSON for a jsonb column, in pieces that are joined. */
  jsonb(pieces: readonly Buffer[]): void {
    let size = 1;
    for (const piece of pieces) size += piece.length;
    this.#reserve(4 + size);
    this.#length = this.#buffer.writeInt32BE(size, this.#length);
    // The version of jsonb's wire format.
    this.#length = this.#buffer.writeUInt8(1, this.#length);
    for (const piece of pieces) {
      piece.copy(this.#buffer, this.#length);
      this.#length += piece.length;
    }
  }

  int2(value: number): void {
    this.#reserve(6);
    this.#length = this.#buffer.writeInt32BE(2, this.#length);
    this.#length = this.#buffer.writeInt16BE(value, this.#length);
  }

  int4(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeInt32BE(4, this.#length);
    this.#length = this.#buffer.writeInt32BE(value, this.#length);
  }

  /** Whole numbers up to 2^53, which two halves hold without the cost of a BigInt. */
  int8(value: number): void {
    this.#reserve(12);
    const high = Math.floor(value / TWO_32);
    this.#length = this.#buffer.writeInt32BE(8, this.#length);
    this.#length = this.#buffer.writeInt32BE(high, this.#length);
    this.#length = this.#buffer.writeUInt32BE(value - high * TWO_32, this.#length);
  }

  timestamptz(timeMs: number): void {
    this.int8((timeMs - EPOCH_MS) * 1000);
  }

  /** @param day as `daysSince2000` gives it */
  date(day: number): void {
    this.int4(day);
  }

  /** @param bytes a multiple of four */
  random(random: Random, bytes: number): void {
    this.#reserve(4 + bytes);
    this.#length = this.#buffer.writeInt32BE(bytes, this.#length);
    for (let written = 0; written < bytes; written += 4) {
      this.#length = this.#buffer.writeUInt32BE(random.bits(), this.#length);
    }
  }

  /** 16 bytes out of many. */
  uuid(source: Buffer, offset: number): void {
    this.#reserve(20);
    this.#length = this.#buffer.writeInt32BE(16, this.#length);
    source.copy(this.#buffer, this.#length, offset, offset + 16);
    this.#length += 16;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
