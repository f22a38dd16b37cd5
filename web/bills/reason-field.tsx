import { BILL_REASON_LENGTH_MAX } from '../../src/contract/bill-rules.ts';
import { words } from './words.ts';

interface ReasonFieldProps {
  value: string;
  onValue: (text: string) => void;
}

/** Why a bill is changed, in the words of whoever changes it. */
export function ReasonField({ value, onValue }: ReasonFieldProps) {
  return (
    <label class="field">
      <span>{words('reason')}</span>
      <input maxLength={BILL_REASON_LENGTH_MAX} value={value} onInput={(event) => onValue(event.currentTarget.value)} />
    </label>
  );
}
