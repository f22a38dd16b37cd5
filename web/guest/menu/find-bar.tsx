import { t } from '../../shared/language/i18n.ts';
import { open } from '../route.ts';
import { avoided, menuAllergens, shownDishes, wanted } from './find-state.ts';

/** Finds a dish by name, and hides what its guest must not eat. */
export function FindBar() {
  const { found, hidden } = shownDishes.value;
  return (
    <search class="find">
      <div class="find-row">
        <input
          type="search"
          enterkeyhint="search"
          placeholder={t('menu.search')}
          aria-label={t('menu.search')}
          value={wanted.value}
          onInput={({ currentTarget }) => {
            wanted.value = currentTarget.value;
          }}
        />
        {menuAllergens.value.size > 0 && (
          <button type="button" class="button" onClick={() => open({ page: 'avoid' })}>
            {t('avoid.title')}
            {avoided.value.size > 0 && <span class="badge warn number">{avoided.value.size}</span>}
          </button>
        )}
      </div>
      <p class="find-said" role="status">
        {found.length === 0 && `${t('menu.nothingFound')} `}
        {hidden > 0 && t('menu.hidden', { count: hidden })}
      </p>
      {wanted.value !== '' && found.length === 0 && (
        <button
          type="button"
          class="button wide"
          onClick={() => {
            wanted.value = '';
          }}
        >
          {t('menu.showAll')}
        </button>
      )}
    </search>
  );
}
