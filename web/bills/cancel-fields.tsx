import { useState } from 'preact/hooks';
import type { BillOrder } from '../../src/contract/bill.ts';
import { CANCEL_REASONS } from '../../src/contract/cancel-reasons.ts';
import { t } from '../shared/language/house-words.ts';

type CancelReason = (typeof CANCEL_REASONS)[number];

interface Cancelled {
  readonly reason: CancelReason;
  /** Whether its portions can be sold again. */
  readonly isWhole: boolean;
}

/** What is said of a dish or an order that is taken back. What nobody has begun can be sold again; what was begun is waste, unless somebody says otherwise. */
export const useCancelled = ({ status }: BillOrder) =>
  useState<Cancelled>({ reason: 'asked', isWhole: status === 'placed' });

interface CancelFieldsProps {
  value: Cancelled;
  onValue: (value: Cancelled) => void;
  words: (name: 'why' | 'again') => string;
}

/** Why something that was ordered is taken back, which its guests read, and whether it can be sold again. */
export function CancelFields({ value, onValue, words }: CancelFieldsProps) {
  return (
    <>
      <label class="field">
        <span>{words('why')}</span>
        <select
          value={value.reason}
          onChange={(event) => onValue({ ...value, reason: event.currentTarget.value as CancelReason })}
        >
          {CANCEL_REASONS.map((each) => (
            <option key={each} value={each}>
              {t(`refuse.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={value.isWhole}
          onChange={(event) => onValue({ ...value, isWhole: event.currentTarget.checked })}
        />
        <span>{words('again')}</span>
      </label>
    </>
  );
}
