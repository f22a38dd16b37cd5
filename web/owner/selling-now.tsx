import { t } from '../shared/language/i18n.ts';
import { createRanking } from '../shared/parts/ranking.tsx';
import { Panel } from './panel.tsx';
import { storePath } from './sales-state.ts';

/** What guests of this store see of each other's orders: counted as they come, long before the books are posted. */
export const selling = createRanking(storePath('/ranking'));

export const SellingNow = () => (
  <Panel title={t('popular.title')}>
    <div class="ranking">
      <selling.List />
    </div>
  </Panel>
);
