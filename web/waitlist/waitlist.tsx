import { useSignalEffect } from '@preact/signals';
import { nameOf, timeOf } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { t } from '../shared/language/waiting-words.ts';
import { NoticePlace } from '../shared/parts/notice.tsx';
import { JoinForm } from './join-form.tsx';
import { mine } from './kept-party.ts';
import { following, missing, store } from './party-state.ts';
import { Place } from './place.tsx';
import { Sending } from './sending.tsx';

/** The line as a guest sees it: the form, then the own place. */
export function Waitlist() {
  useSignalEffect(() => {
    const party = mine.value?.party;
    const name = store.value ? nameOf(store.value.name) : t('wait.title');
    document.title =
      party?.state === 'called'
        ? t('wait.calledTitle', { number: party.number })
        : party?.place
          ? `(${party.place}) ${name}`
          : name;
  });
  if (missing.value) return <p class="message">{t('error.storeMissing')}</p>;
  const kept = mine.value;
  return (
    <>
      <header class="hero">
        <LanguageChoice />
        <p>{t('wait.title')}</p>
        <h1>{store.value ? nameOf(store.value.name) : ''}</h1>
      </header>
      <main>
        <Offline />
        {!kept && <JoinForm />}
        {kept && !kept.party && <Sending />}
        {kept?.party && <Place party={kept.party} />}
      </main>
      <NoticePlace />
    </>
  );
}

function Offline() {
  const followed = following.value;
  if (followed?.state.value !== 'offline') return null;
  return (
    <p class="banner" role="status">
      {t('live.offline', { time: timeOf(followed.updatedAt.value, store.value?.timeZone) })}
    </p>
  );
}
