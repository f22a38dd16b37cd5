/** Digits after the point: 0 of won, 2 of dollars. (Apart from `money.ts`, which every guest's phone loads.) */
const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;

/**
 * An amount as people type it: "9,000원", "₩9,000", "12.5".
 * @returns integer of the currency's minor unit; undefined for what is no amount, or finer than the currency
 */
export function readAmount(text: string, currency: string): number | undefined {
  const digits = minorDigits(currency);
  const plain = text.replaceAll(/[\s,\p{Sc}원円元]/gu, '');
  const [, units, rest = ''] = /^(\d{1,9})(?:\.(\d*))?$/.exec(plain) ?? [];
  if (units === undefined || rest.replace(/0+$/, '').length > digits) return undefined;
  return Number(units) * 10 ** digits + Number(rest.slice(0, digits).padEnd(digits, '0'));
}

/** An amount as it stands in a field that is typed in. */
export const writeAmount = (amount: number, currency: string): string => {
  const digits = minorDigits(currency);
  return (amount / 10 ** digits).toFixed(digits);
};
