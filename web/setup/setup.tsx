import { useEffect } from 'preact/hooks';
import { t } from '../shared/language/house-words.ts';
import { language } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { sentenceOf } from '../shared/language/problem-words.ts';
import { KeyForm } from '../shared/parts/key-form.tsx';
import { SIGNED_IN } from '../shared/server/page-key.ts';
import { CodeSheet } from './code-sheet.tsx';
import { failed, ownerKey, shown, signOut } from './setup-state.ts';
import { StoreForm } from './store-form.tsx';
import { StoreList } from './store-list.tsx';
import { StorePage } from './store-page.tsx';
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
        {now.view === 'stores' && <StoreList />}
        {now.view === 'store' && <StorePage slug={now.slug} />}
        {now.view === 'form' && <StoreForm key={now.settings?.slug ?? ''} settings={now.settings} />}
        {now.view === 'codes' && <CodeSheet slug={now.slug} />}
      </main>
    </>
  );
}
