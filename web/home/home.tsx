import { nameOf, t } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { promiseOf } from '../shared/language/store-state.ts';
import { loadMore, next, problem, stores } from './stores.ts';

/** Every store, each a door to its menu. */
export function Home() {
  return (
    <>
      <header class="hero">
        <LanguageChoice />
        <p class="brand">{t('app.name')}</p>
        <h1>{t('home.title')}</h1>
      </header>
      <main>
        {location.pathname !== '/' && (
          <p class="banner" role="alert">
            {t('error.nothingHere')}
          </p>
        )}
        {problem.value && (
          <p class="banner" role="alert">
            {t(problem.value.status ? 'error.generic' : 'error.network')}{' '}
            <button type="button" class="button" onClick={() => void loadMore()}>
              {t('retry')}
            </button>
          </p>
        )}
        {!stores.value && !problem.value && <p class="empty">{t('loading')}</p>}
        {stores.value?.length === 0 && (
          <p class="empty">
            {t('home.empty')} <a href="/setup">{t('home.setUp')}</a>
          </p>
        )}
        <ul class="stores">
          {stores.value?.map((store) => (
            <li key={store.id}>
              <a href={`/s/${encodeURIComponent(store.slug)}`} class="store">
                <strong>{nameOf(store.name)}</strong>
                <span class={`badge ${store.state === 'open' ? 'good' : store.state === 'busy' ? 'warn' : ''}`}>
                  {t(`store.${store.state}`)}
                </span>
                {store.state !== 'paused' && <small>{promiseOf(store)}</small>}
                <svg viewBox="0 0 24 24" aria-hidden="true">
                  <path d="M9 5l7 7-7 7" />
                </svg>
              </a>
            </li>
          ))}
        </ul>
        {next.value && (
          <button type="button" class="button wide" onClick={() => void loadMore()}>
            {t('home.more')}
          </button>
        )}
      </main>
    </>
  );
}
