import { nameOf, t } from '../../shared/language/i18n.ts';
import { open } from '../route.ts';
import { canBeHad, popular } from './popular-state.ts';

const SHOWN_MAX = 5;

/** What others order now, in a row that is there from the beginning: nothing moves when it is filled. */
export function Popular() {
  const items = popular.value;
  return (
    <section class="popular" aria-label={t('popular.title')}>
      <h2>{t('popular.title')}</h2>
      {items?.length === 0 && <p class="soft">{t('popular.none')}</p>}
      {items && (
        <ol>
          {canBeHad(items)
            .slice(0, SHOWN_MAX)
            .map(({ itemId, name, movement }, index) => (
              <li key={itemId}>
                <button type="button" onClick={() => open({ page: 'dish', id: itemId })}>
                  <b class="number">{index + 1}</b> {nameOf(name)}
                  {movement !== null && movement > 0 && (
                    <small title={t('popular.won', { count: movement })}>▲{movement}</small>
                  )}
                </button>
              </li>
            ))}
        </ol>
      )}
    </section>
  );
}
