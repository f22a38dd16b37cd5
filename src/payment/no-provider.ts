import type { PaymentProvider } from './ports.ts';

const away = (): Promise<never> => Promise.reject(new Error('This house has no payment provider.'));

/** `PAYMENT=off`: whatever was begun before stays as it is until there is a provider again. */
export const NO_PROVIDER: PaymentProvider = {
  name: 'none',
  create: away,
  find: away,
  cancel: away,
  refund: away,
  changed: away,
  readNotification: away,
};
