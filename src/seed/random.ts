/** A stream of numbers that is the same for the same seed. */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  bits(): number;
  /** From 0 up to but not including 1. */
  unit(): number;
  /** A whole number from 0 up to but not including `below`. */
  below(below: number): number;
}

/** Mixes whole numbers into one of 32 bits, so that neighbouring seeds give unrelated streams. */
function mix(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}

/**
 * The generator sfc32 (by Chris Doty-Humphrey, in the public domain): small, fast, and good enough for test data; never for keys.
 * @param seed whole numbers, for example the seed, a store's place and a day's
 */
export function createRandom(...seed: readonly number[]): Random {
  let a = mix(...seed, 1);
  let b = mix(...seed, 2);
  let c = mix(...seed, 3);
  let counter = 1;
  const bits = () => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp += 1) bits();
  const unit = () => bits() / 2 ** 32;
  return { bits, unit, below: (below) => Math.floor(unit() * below) };
}

/** Draws places from 0 with the given weights. */
export function createPicker(weights: readonly number[]): (random: Random) => number {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (const [place, weight] of weights.entries()) {
    sum += weight;
    sums[place] = sum;
  }
  return (random) => {
    const drawn = random.unit() * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Zipf's law, as dishes sell: the second sells half as often as the first, the third a third. */
export const zipfWeights = (count: number): number[] => Array.from({ length: count }, (_, rank) => 1 / (rank + 1));

/** A UUIDv7's text whose random part comes from `random`. */
export function seededId(random: Random, timeMs: number): string {
  const bytes = Buffer.alloc(16);
  writeSeededId(bytes, 0, random, timeMs);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The same in 16 bytes. */
export function writeSeededId(target: Buffer, offset: number, random: Random, timeMs: number): void {
  target.writeUInt32BE(Math.floor(timeMs / 65_536), offset);
  target.writeUInt16BE(timeMs % 65_536, offset + 4);
  target.writeUInt16BE(0x7000 | (random.bits() & 0x0fff), offset + 6);
  target.writeUInt32BE(((random.bits() & 0x3fffffff) | 0x80000000) >>> 0, offset + 8);
  target.writeUInt32BE(random.bits(), offset + 12);
}
