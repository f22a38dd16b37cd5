import type { StoreView } from '../../src/contract/store.ts';
import { t } from '../shared/language/i18n.ts';
import { words } from './words.ts';

export function StateBadge({ store }: { store: StoreView }) {
  return <span class={`badge ${store.state === 'open' ? 'good' : 'warn'}`}>{t(`store.${store.state}`)}</span>;
}

export const Tables = ({ store }: { store: StoreView }) => (
  <span>{store.tables ? words('tableCount', { count: store.tables }) : words('counterOnly')}</span>
);
