/** What pages and server reckon in the same way, without a schema library. All amounts are integers of the currency's minor unit. */

/**
 * What a table may have open until the staff say yes, where the store says nothing else. Less, and a company's dinner waits for staff; more,
 * and one phone keeps a kitchen busy for an hour with what nobody eats. Unpaid is in minor units: two million won, or 20,000 dollars.
 */
export const TABLE_LIMITS_USUAL = { orders: 30, portions: 150, unpaid: 2_000_000 } as const;

/** In percent of a bill, what the hall and a manager may give by hand, where the store says nothing else. An owner may give all. */
export const DISCOUNT_MAX_USUAL = { hall: 10, manager: 50 } as const;

/** A line of a till's paper. */
export const BILL_REASON_LENGTH_MAX = 60;

/** The smallest coin that is still in use, in minor units; of a currency that is not named here, 1. */
const SMALLEST_COIN: Readonly<Record<string, number>> = { KRW: 10, TWD: 100, CHF: 5, HUF: 500, SEK: 100, NOK: 100 };

/** How an amount is shared out. */
export interface EvenSplit {
  /** What each pays, the first the rest that does not divide; together they are the whole amount. */
  readonly parts: readonly number[];
  /** What the first pays more than the others. */
  readonly remainder: number;
}

/**
 * Shares an amount among `people` in coins that there are; what does not divide is stated, and the first pays it.
 * @param amount at least 0
 * @param people at least 1
 */
export function splitEvenly(amount: number, people: number, currency: string): EvenSplit {
  const coin = SMALLEST_COIN[currency] ?? 1;
  const each = Math.floor(amount / people / coin) * coin;
  const remainder = amount - each * people;
  return { parts: Array.from({ length: people }, (_, index) => (index === 0 ? each + remainder : each)), remainder };
}

/** What a bill's sums leave to pay; below zero: what is owed back. A discount never makes a shop owe money. */
export const dueOf = (sums: {
  readonly total: number;
  readonly discounted: number;
  readonly waived: number;
  readonly paid: number;
  readonly refunded: number;
}): number => Math.max(sums.total - sums.discounted - sums.waived, 0) - sums.paid + sums.refunded;

/** The value added tax that is included in an amount, rounded half up. */
export const vatIncluded = (amount: number, percent: number): number =>
  Math.round((amount * percent) / (100 + percent));

/** Whether the ten digits of a Korean business registration number belong together (its last is a check digit). */
export function isBusinessNumber(number: string): boolean {
  const digits = [...number.replaceAll('-', '')].map(Number);
  if (digits.length !== 10 || digits.some((digit) => !Number.isInteger(digit))) return false;
  const weights = [1, 3, 7, 1, 3, 7, 1, 3, 5];
  const sum = weights.reduce((all, weight, at) => all + weight * digits[at]!, 0) + Math.floor((digits[8]! * 5) / 10);
  return (10 - (sum % 10)) % 10 === digits[9];
}
