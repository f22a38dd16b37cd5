/** What is known of a dish's portions: as the store's locked row has it. */
export interface StockCount {
  /** Grows when counting begins anew; a line that took from another count gives nothing back to this one. */
  readonly count: number;
  /** The business day of `sold`. */
  readonly day: string;
  /** Portions offered, those sold included; null: nothing is limited. */
  readonly offered: number | null;
  /** Portions of the day's orders, less those that came back. */
  readonly sold: number;
}

/** What may still be sold; null: any number. Below zero, after a limit was lowered, is nothing left. */
export const remainingOf = ({ offered, sold }: StockCount): number | null =>
  offered === null ? null : Math.max(0, offered - sold);

/**
 * The count as it stands on a business day: the first order of a day turns it, so that nothing is sold from yesterday's portions
 * however late the scheduled return comes. A dish with a daily limit has all its portions again; what a person counted by hand goes
 * on. Does the same as `turnCounts` of the menu's room; a test holds the two equal.
 */
export function countOn(count: StockCount, dailyLimit: number | null, day: string): StockCount {
  if (count.day >= day) return count;
  if (dailyLimit !== null) return { count: count.count + 1, day, offered: dailyLimit, sold: 0 };
  return { ...count, day, offered: count.offered === null ? null : count.offered - count.sold, sold: 0 };
}
