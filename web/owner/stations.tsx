import { formatMoney } from '../../src/contract/money.ts';
import { t } from '../shared/language/house-words.ts';
import { language } from '../shared/language/i18n.ts';
import { stationName } from '../shared/language/station-name.ts';
import { Nothing, Panel } from './panel.tsx';
import { type Shown, salesPath } from './sales-state.ts';

/** What each station made. An order of two stations is an order of both. */
export function Stations({ seen: { day, stations } }: { seen: Shown }) {
  return (
    <Panel title={t('owner.byStation')} csv={salesPath('station', day)}>
      {stations.items.length === 0 && <Nothing />}
      <ul class="ranks stations">
        {stations.items.map(({ station, orders, portions, total }) => (
          <li key={station}>
            <span class="what">{stationName(station!)}</span>
            <span class="number">
              {t('owner.orders')} {t('owner.countOrders', { count: orders })}
            </span>
            <span class="number">{t('owner.countPortions', { count: portions })}</span>
            <span class="number amount">{formatMoney(total, stations.currency, language.value)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
