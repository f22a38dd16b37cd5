/** Repeatable chance: the same seed gives the same crowd. */
export interface Random {
  /** A number from 0 to 1, 1 left out. */
  next(): number;
  /** A whole number from 0 to `below`, which is left out. */
  integer(below: number): number;
  /** A waiting time around `mean` as it lies between things that happen independently of each other. */
  exponential(mean: number): number;
  /** 32 random bits as an unsigned number. */
  bits(): number;
}

/** FNV-1a, so that a seed may be a word. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/**
 * The small fast counter generator sfc32: four words of state, a few additions and shifts a number, no known bias that a
 * crowd could show. Not for secrets.
 */
export function createRandom(seed: string | number): Random {
  let a = hash(`${seed}/a`);
  let b = hash(`${seed}/b`);
  let c = hash(`${seed}/c`);
  let counter = 1;
  const bits = () => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out;
    return out >>> 0;
  };
  // Seeds that differ in one letter begin alike; a dozen rounds drive them apart.
  for (let round = 0; round < 12; round++) bits();
  const next = () => bits() / 0x1_0000_0000;
  return {
    next,
    integer: (below) => Math.floor(next() * below),
    exponential: (mean) => -Math.log(1 - next()) * mean,
    bits,
  };
}
