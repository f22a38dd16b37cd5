import { readAmount } from '../shared/language/typed-amount.ts';
import { money } from './act.ts';

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
