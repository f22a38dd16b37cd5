/** Notes that a guest pays with, in the currency's minor unit; smaller ones are counted out anyway. */
const NOTES: Readonly<Record<string, readonly number[]>> = {
  KRW: [5_000, 10_000, 50_000],
  JPY: [1_000, 5_000, 10_000],
  CNY: [20_00, 50_00, 100_00],
  USD: [5_00, 10_00, 20_00, 50_00],
  EUR: [5_00, 10_00, 20_00, 50_00],
};

/**
 * What guests are likely to hand over for an amount, the least first; not the amount itself, which is taken as it is.
 * @returns none for a currency whose notes are not known
 */
export const handedFor = (amount: number, currency: string): readonly number[] => [
  ...new Set((NOTES[currency] ?? []).map((note) => Math.ceil(amount / note) * note).filter((sum) => sum > amount)),
];
