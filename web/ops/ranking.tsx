import { t } from '../shared/house-words.ts';
import { createRanking } from '../shared/ranking.tsx';

/** What sells at all stores together. */
export const ranking = createRanking('/ranking');

export const Ranking = () => (
  <section class="ranking">
    <h2>{t('ranking.title')}</h2>
    <ranking.List />
  </section>
);
