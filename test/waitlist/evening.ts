import type { EtaMinutes } from '../../src/contract/index.ts';
import { type EndedParty, etaOf, learnPaces } from '../../src/waitlist/eta/pace.ts';
import { sizeClassOf } from '../../src/waitlist/eta/size-class.ts';
import { createRandom, type Random } from '../model/random.ts';

/** What one party of an evening was told when it joined, and how long it waited. */
export interface Told {
  readonly eta: EtaMinutes | null;
  readonly waitedMin: number;
  readonly ahead: number;
}

interface Guest {
  readonly size: number;
  readonly joinedMin: number;
  /** Has no more patience then. */
  readonly leavesMin: number;
  readonly isGhost: boolean;
  told: Told | undefined;
  readonly eta: EtaMinutes | null;
  readonly ahead: number;
}

const SIZES = [1, 2, 2, 2, 2, 3, 3, 4, 4, 4, 5, 6, 8] as const;
const TABLES = [...Array(18).fill(2), ...Array(16).fill(4), ...Array(6).fill(8)] as number[];
const EVENING_MIN = 300;
/** Ends that are asked for, as the product does. */
const LOOKED_BACK_MIN = 120;

/** From 0 to 1, neither included. */
const share = (random: Random): number => (random.between(0, 999_998) + 0.5) / 999_999;
const exponential = (random: Random, mean: number): number => -mean * Math.log(share(random));
/** Sum of twelve, Irwin and Hall: near enough to normal. */
const normal = (random: Random): number => Array.from({ length: 12 }, () => share(random)).reduce((a, b) => a + b) - 6;

/**
 * A restaurant's evening, minute by minute: a crowd that comes and goes, tables of three sizes, meals of about fifty minutes, a hall
 * that gives a free table to the first in the line who fits it, people who lose their patience and ghosts who do not answer.
 * @param crowd share of the guests of a full house; with a fifth fewer many find a free table
 */
export function simulateEvening(seed: number, crowd = 1): Told[] {
  const random = createRandom(seed);
  const freeAt = TABLES.map(() => 0);
  const line: Guest[] = [];
  const ended: EndedParty[] = [];
  const seated: Guest[] = [];
  const end = (guest: Guest, nowMin: number, isSeated: boolean) => {
    line.splice(line.indexOf(guest), 1);
    ended.push({ size: guest.size, isSeated, joinedMs: guest.joinedMin * 60_000, endedMs: nowMin * 60_000 });
  };
  let nextMin = exponential(random, 1);
  for (let minute = 0; minute < EVENING_MIN || line.length > 0; minute += 1) {
    // From six to half past eight more come than can sit.
    const everyMin = minute < 30 ? 0.6 : minute < 200 ? 0.85 : 3;
    for (; nextMin <= minute && minute < EVENING_MIN; nextMin += exponential(random, everyMin / crowd)) {
      const size = random.pick(SIZES);
      const nowMs = minute * 60_000;
      const known = ended.filter(({ endedMs }) => endedMs >= nowMs - LOOKED_BACK_MIN * 60_000);
      const aheadOfSize = line.filter((other) => sizeClassOf(other.size) === sizeClassOf(size)).length;
      const eta = etaOf(learnPaces(known, nowMs), { size, ahead: line.length, aheadOfSize });
      line.push({
        size,
        joinedMin: minute,
        leavesMin: random.chance(0.1) ? minute + exponential(random, 30) : Number.POSITIVE_INFINITY,
        isGhost: random.chance(0.06),
        told: undefined,
        eta,
        ahead: line.length,
      });
    }
    for (const guest of line.filter(({ leavesMin }) => leavesMin <= minute)) end(guest, minute, false);
    for (const [table, seats] of TABLES.entries()) {
      if (freeAt[table]! > minute) continue;
      const guest =
        line.find(({ size }) => size <= seats && (seats < 8 || size > 4)) ?? line.find(({ size }) => size <= seats);
      if (!guest) continue;
      if (guest.isGhost) {
        // Called, waited for, set aside.
        end(guest, minute + 5, false);
        freeAt[table] = minute + 5;
        continue;
      }
      // They come to the door.
      const sitsMin = minute + random.between(0, 2);
      end(guest, sitsMin, true);
      guest.told = { eta: guest.eta, waitedMin: sitsMin - guest.joinedMin, ahead: guest.ahead };
      seated.push(guest);
      freeAt[table] = sitsMin + Math.max(15, Math.exp(Math.log(48) + 0.3 * normal(random)));
    }
  }
  return seated.map(({ told }) => told!);
}
