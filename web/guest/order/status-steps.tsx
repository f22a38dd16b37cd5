import type { OrderStatus } from '../../../src/contract/order.ts';
import { t } from '../../shared/language/i18n.ts';

const STEPS = ['placed', 'cooking', 'ready', 'served'] as const satisfies readonly OrderStatus[];

/** How far an order has come. */
export function StatusSteps({ status, small }: { status: OrderStatus; small?: boolean }) {
  const reached = (STEPS as readonly OrderStatus[]).indexOf(status);
  return (
    <ol class={`steps ${small ? 'small' : ''}`} aria-hidden={small}>
      {STEPS.map((step, index) => (
        <li
          key={step}
          class={index < reached ? 'done' : index === reached ? 'now' : ''}
          aria-current={index === reached ? 'step' : undefined}
        >
          {!small && t(`status.${step}`)}
        </li>
      ))}
    </ol>
  );
}
