import { t } from '../shared/language/house-words.ts';
import { createRanking } from '../shared/parts/ranking.tsx';

/** What sells at all stores together. */
export const ranking = createRanking('/ranking');

export const Ranking = () => (
  <section class="ranking">
    <h2>{t('ranking.title')}</h2>
    <ranking.List />
  </section>
);
