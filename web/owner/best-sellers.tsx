import { useState } from 'preact/hooks';
import { formatMoney } from '../../src/contract/money.ts';
import { t } from '../shared/language/house-words.ts';
import { language, nameOf } from '../shared/language/i18n.ts';
import { Nothing, Panel } from './panel.tsx';
import { type Shown, salesPath } from './sales-state.ts';

const FIRST = 10;

/** Dishes under the names that they were sold under, what sold most first. */
export function BestSellers({ seen: { day, items } }: { seen: Shown }) {
  const [all, setAll] = useState(false);
  const sold = [...items.items].sort((a, b) => b.portions - a.portions || b.total - a.total);
  const most = Math.max(1, ...sold.map(({ portions }) => portions));
  return (
    <Panel title={t('owner.byItem')} csv={salesPath('item', day)}>
      {sold.length === 0 && <Nothing />}
      <ol class="ranks">
        {sold.slice(0, all ? sold.length : FIRST).map(({ itemId, name, portions, total }, index) => (
          <li key={`${itemId} ${name!.ko} ${name!.en}`}>
            <span class="rank number">{index + 1}</span>
            <span class="what">{nameOf(name!)}</span>
            <span class="number">{t('owner.countPortions', { count: portions })}</span>
            <span class="number amount">{formatMoney(total, items.currency, language.value)}</span>
            <span class="bar now" aria-hidden="true" style={{ inlineSize: `${(portions / most) * 100}%` }} />
          </li>
        ))}
      </ol>
      {!all && sold.length > FIRST && (
        <button type="button" class="button wide" onClick={() => setAll(true)}>
          {t('owner.all', { count: sold.length })}
        </button>
      )}
    </Panel>
  );
}
