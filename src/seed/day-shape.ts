import type { Random } from './random.ts';

const MINUTES = 24 * 60;
/** Lunch and dinner, each with its share of the day, its minute and how far it spreads; the rest trickles in between. */
const PEAKS = [
  { share: 0.4, minute: 12 * 60 + 20, spread: 38 },
  { share: 0.46, minute: 18 * 60 + 50, spread: 62 },
];
const OPENS = 10 * 60 + 30;
const CLOSES = 22 * 60 + 30;

/** How a store's orders spread over its day. Minutes are counted from midnight. */
export interface DayShape {
  /** The share of the day's orders that come before this minute. */
  before(minute: number): number;
  /** A random minute with fractions, no later than `until`. */
  draw(random: Random, until?: number): number;
}

export function createDayShape(): DayShape {
  const sums = new Float64Array(MINUTES + 1);
  for (let minute = 0; minute < MINUTES; minute += 1) {
    sums[minute + 1] = sums[minute]! + (minute >= OPENS && minute < CLOSES ? density(minute + 0.5) : 0);
  }
  const total = sums[MINUTES]!;

  const before = (minute: number) => {
    const bounded = Math.min(MINUTES, Math.max(0, minute));
    const whole = Math.floor(bounded);
    const next = sums[Math.min(MINUTES, whole + 1)]!;
    return (sums[whole]! + (bounded - whole) * (next - sums[whole]!)) / total;
  };

  return {
    before,
    draw(random, until = MINUTES) {
      const wanted = random.unit() * before(until) * total;
      let low = 0;
      let high = MINUTES - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sums[middle + 1]! > wanted) high = middle;
        else low = middle + 1;
      }
      return low + (wanted - sums[low]!) / (sums[low + 1]! - sums[low]!);
    },
  };
}

function density(minute: number): number {
  let sum = (1 - PEAKS.reduce((share, peak) => share + peak.share, 0)) / (CLOSES - OPENS);
  for (const { share, minute: middle, spread } of PEAKS) {
    sum += (share * Math.exp(-((minute - middle) ** 2) / (2 * spread ** 2))) / (spread * Math.sqrt(2 * Math.PI));
  }
  return sum;
}
