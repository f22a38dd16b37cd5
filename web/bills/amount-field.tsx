import { money } from './act.ts';

/** Minor units of one major unit: a till types 12.50 where a cent is the smallest. */
const minorPerMajor = (currency: string): number =>
  10 ** (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0);

/** @returns minor units; undefined for what is no amount */
export function readAmount(text: string, currency: string): number | undefined {
  const plain = text.replaceAll(/[\s,원₩]/g, '');
  if (!/^\d+(\.\d+)?$/.test(plain)) return undefined;
  const amount = Number(plain) * minorPerMajor(currency);
  return Number.isInteger(Math.round(amount * 100) / 100) ? Math.round(amount) : undefined;
}

export const writeAmount = (amount: number, currency: string): string =>
  (amount / minorPerMajor(currency)).toFixed(Math.log10(minorPerMajor(currency)));

interface AmountFieldProps {
  label: string;
  value: string;
  currency: string;
  onValue: (text: string) => void;
}

/** An amount of money, typed on the number pad; what was understood stands beside it. */
export function AmountField({ label, value, currency, onValue }: AmountFieldProps) {
  const amount = readAmount(value, currency);
  return (
    <label class="field">
      <span>{label}</span>
      <input
        inputMode="decimal"
        autocomplete="off"
        value={value}
        aria-invalid={value !== '' && amount === undefined}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      <output class="number">{amount === undefined ? '' : money(amount, currency)}</output>
    </label>
  );
}
