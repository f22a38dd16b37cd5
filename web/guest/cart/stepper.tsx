import { QUANTITY_MAX } from '../../../src/contract/bounds.ts';
import { t } from '../../shared/language/i18n.ts';

interface StepperProps {
  value: number;
  /** 0 where the last step takes the line out. */
  min: 0 | 1;
  max?: number | null;
  onChange: (value: number) => void;
}

export function Stepper({ value, min, max, onChange }: StepperProps) {
  return (
    <fieldset class="stepper" aria-label={t('quantity.label')}>
      <button type="button" aria-label={t('quantity.less')} disabled={value <= min} onClick={() => onChange(value - 1)}>
        −
      </button>
      <output class="number">{value}</output>
      <button
        type="button"
        aria-label={t('quantity.more')}
        disabled={value >= Math.min(max ?? QUANTITY_MAX, QUANTITY_MAX)}
        onClick={() => onChange(value + 1)}
      >
        +
      </button>
    </fieldset>
  );
}
