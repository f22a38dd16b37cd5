import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../shared/i18n.ts';
import { say } from '../shared/notice.tsx';
import { close } from './route.ts';

const sheet = signal<typeof import('./orders-sheet.tsx').OrdersSheet | undefined>(undefined);

/** Loads the list of orders: for whoever has one, before it is asked for, and nobody's first page grows by it. */
export const loadOrders = async (): Promise<void> => {
  sheet.value ??= (await import('./orders-sheet.tsx')).OrdersSheet;
};

export function OrdersLayer() {
  useEffect(() => {
    loadOrders().catch(() => {
      say(t('error.network'), 'problem');
      close();
    });
  }, []);
  const Loaded = sheet.value;
  return Loaded ? <Loaded /> : null;
}
