import { useEffect } from 'preact/hooks';
import { language, nameOf, t } from '../shared/i18n.ts';
import { KeyForm } from '../shared/key-form.tsx';
import { LanguageChoice } from '../shared/language-choice.tsx';
import { SIGNED_IN } from '../shared/page-key.ts';
import { sentenceOf } from '../shared/problem-words.ts';
import { storeSentence } from '../shared/store-state.ts';
import { words as staffWords } from '../staff/words.ts';
import { CodeSheet } from './code-sheet.tsx';
import {
  failed,
  isEmpty,
  ownerKey,
  setState,
  showCodes,
  showNew,
  shown,
  showSettings,
  signOut,
  stores,
} from './setup-state.ts';
import { StoreForm } from './store-form.tsx';
import { words } from './words.ts';

/** What an owner does before the first guest comes, and between two evenings. */
export function Setup() {
  const now = shown.value;
  useEffect(() => {
    document.title = words('title');
  }, [language.value]);
  if (!ownerKey.value.value) {
    const keyWords = {
      title: words('title'),
      label: t('owner.key'),
      help: t('owner.keyHelp'),
      open: words('open'),
    };
    return (
      <main>
        <KeyForm pageKey={ownerKey} words={keyWords} />
      </main>
    );
  }
  return (
    <>
      <header class="top">
        <h1>{words('title')}</h1>
        {ownerKey.value.value === SIGNED_IN && (
          <button type="button" class="button quiet" onClick={() => void signOut()}>
            {t('key.signOut')}
          </button>
        )}
        <LanguageChoice />
      </header>
      <main>
        {failed.value && (
          <p class="banner" role="alert">
            {sentenceOf(failed.value)}
          </p>
        )}
        {now.view === 'stores' && <Stores />}
        {now.view === 'form' && <StoreForm key={now.settings?.slug ?? ''} settings={now.settings} />}
        {now.view === 'codes' && <CodeSheet slug={now.slug} />}
      </main>
    </>
  );
}

const PAUSES = [30, 60] as const;
/** Where an evening happens: whoever made a store would not guess the addresses. */
const DAILY = [
  ['kitchen', 'page.kitchen'],
  ['hall', 'page.hall'],
  ['bills', 'page.bills'],
  ['owner', 'page.owner'],
  ['s', 'page.guest'],
  ['w', 'page.line'],
  ['board', 'page.board'],
  ['door', 'page.door'],
] as const;

function Stores() {
  return (
    <>
      {!stores.value && <p class="soft">{t('loading')}</p>}
      {isEmpty.value && <p class="soft">{words('first')}</p>}
      <p>
        <button type="button" class="button primary" onClick={showNew}>
          {words('add')}
        </button>
      </p>
      <ul class="stores">
        {stores.value?.map((store) => (
          <li key={store.id} class="card" aria-label={nameOf(store.name)}>
            <h2>{nameOf(store.name)}</h2>
            <p class="soft">
              <span class={`badge ${store.state === 'open' ? 'good' : 'warn'}`}>{t(`store.${store.state}`)}</span>{' '}
              <span translate={false}>{store.slug}</span> ·{' '}
              {store.tables ? words('tableCount', { count: store.tables }) : words('counterOnly')}
            </p>
            {store.state !== 'open' && <p class="soft">{storeSentence(store)}</p>}
            <div class="actions">
              <button type="button" class="button" onClick={() => void showSettings(store.slug)}>
                {words('edit')}
              </button>
              <a class="button" href={`/menu/${encodeURIComponent(store.slug)}`}>
                {words('menu')}
              </a>
              <a class="button" href={`/staff/${encodeURIComponent(store.slug)}`}>
                {staffWords('pageTitle')}
              </a>
              <button type="button" class="button" onClick={() => showCodes(store.slug)}>
                {words('codes')}
              </button>
            </div>
            <nav class="actions" aria-label={words('daily', { store: nameOf(store.name) })}>
              <p class="soft">{words('dailyTitle')}</p>
              {DAILY.map(([page, name]) => (
                <a key={page} class="button" href={`/${page}/${encodeURIComponent(store.slug)}`}>
                  {words(name)}
                </a>
              ))}
            </nav>
            <div class="actions">
              {store.state === 'open' ? (
                PAUSES.map((minutes) => (
                  <button
                    type="button"
                    class="button"
                    key={minutes}
                    onClick={() => void setState(store.slug, 'paused', minutes)}
                  >
                    {words('pause', { count: minutes })}
                  </button>
                ))
              ) : (
                <button type="button" class="button" onClick={() => void setState(store.slug, 'open')}>
                  {t('pace.open')}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
