import { useSignalEffect } from '@preact/signals';
import { t } from '../shared/language/house-words.ts';
import { language, nameOf, timeOf } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { KeyForm } from '../shared/parts/key-form.tsx';
import { NoticePlace } from '../shared/parts/notice.tsx';
import { ToStore } from '../shared/parts/to-store.tsx';
import { AllStores } from './all-stores.tsx';
import { BestSellers } from './best-sellers.tsx';
import { daysAfter } from './compare.ts';
import { Coupons } from './coupons.tsx';
import { DayClose } from './day-close.tsx';
import { Hours } from './hours.tsx';
import { looked, missing, ownerKey, readRoles, type Shown, seesAll, showDay, shown, storeSlug } from './sales-state.ts';
import { SellingNow } from './selling-now.tsx';
import { Stations } from './stations.tsx';
import { Sums } from './sums.tsx';
import { Till } from './till.tsx';
import { Times } from './times.tsx';
import { w } from './words.ts';

const keyWords = () => ({ label: t('owner.key'), help: t('owner.keyHelp'), open: t('owner.open') });

export function Owner() {
  const titleNow = () => {
    if (shown.value) return t('owner.title', { store: nameOf(shown.value.store.name) });
    return storeSlug ? t('owner.total') : w('storesTitle');
  };
  const title = titleNow();
  useSignalEffect(() => {
    document.title = titleNow();
  });
  useSignalEffect(() => {
    // Without it the page only misses the way to all stores.
    if (ownerKey.value.value) readRoles().catch(() => {});
  });
  return (
    <>
      <header class="top">
        {storeSlug && <ToStore slug={storeSlug} />}
        <h1>{title}</h1>
        {storeSlug && seesAll.value && (
          <a class="button quiet" href="/owner">
            {w('stores')}
          </a>
        )}
        <LanguageChoice />
      </header>
      <main>
        {missing.value ? (
          <p class="soft">{t('owner.missing')}</p>
        ) : !ownerKey.value.value ? (
          <KeyForm pageKey={ownerKey} words={keyWords()} />
        ) : storeSlug ? (
          <Day />
        ) : (
          <AllStores />
        )}
      </main>
      <NoticePlace />
    </>
  );
}

function Day() {
  const seen = shown.value;
  if (!seen) return <Looked fallback={t('loading')} />;
  return (
    <>
      <DayChoice seen={seen} />
      <Sums seen={seen} />
      <div class="panels">
        <Hours seen={seen} />
        {seen.day === seen.days.today && <SellingNow />}
        <BestSellers seen={seen} />
        <Times seen={seen} />
        <Stations seen={seen} />
        <Till seen={seen} />
        <DayClose seen={seen} />
        <Coupons seen={seen} />
      </div>
      <Looked />
    </>
  );
}

function DayChoice({ seen: { day, days } }: { seen: Shown }) {
  const { today } = days;
  const shownDay = new Date(day).toLocaleDateString(language.value, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    weekday: 'short',
  });
  return (
    <nav class="day-choice" aria-label={t('owner.day')}>
      <button type="button" class="button" aria-label={t('owner.before')} onClick={() => showDay(daysAfter(day, -1))}>
        ‹
      </button>
      <p>
        <strong>{shownDay}</strong>
        {day === today && <span class="badge good">{t('owner.today')}</span>}
      </p>
      <button
        type="button"
        class="button"
        aria-label={t('owner.after')}
        disabled={day >= today}
        onClick={() => showDay(daysAfter(day, 1))}
      >
        ›
      </button>
      {day !== today && (
        <button type="button" class="button quiet" onClick={() => showDay(today)}>
          {t('owner.today')}
        </button>
      )}
    </nav>
  );
}

function Looked({ fallback }: { fallback?: string }) {
  const look = looked.value;
  if (!look) return <p class="soft">{fallback}</p>;
  return (
    <p class={look.answered ? 'soft' : 'banner'} role={look.answered ? undefined : 'status'}>
      {t(look.answered ? 'owner.looked' : 'owner.unreachable', { time: timeOf(look.atMs) })}
    </p>
  );
}
