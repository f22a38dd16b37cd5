import { useSignalEffect } from '@preact/signals';
import { words as billWords } from '../bills/words.ts';
import { t } from '../shared/language/house-words.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { Connection } from '../shared/parts/connection.tsx';
import { KeyForm } from '../shared/parts/key-form.tsx';
import { NoticePlace } from '../shared/parts/notice.tsx';
import { WhoWorks } from '../shared/parts/who-works.tsx';
import { act, busy, setLineState } from './act.ts';
import { CallList } from './call-list.tsx';
import { calls } from './call-state.ts';
import { CarryList } from './carry-list.tsx';
import { hallKey, storeSlug } from './key.ts';
import { called, following, lineState, missing, setAside, store, waiting, waitingCount } from './line-state.ts';
import { PartyCard } from './party-card.tsx';

const STATES = ['open', 'walk-in', 'paused', 'closed'] as const;

const keyWords = () => ({
  title: t('hall.keyTitle'),
  label: t('key.label'),
  help: t('key.help'),
  open: t('hall.open'),
});

/** The line in one hand: who is called at the top, who waits below, the next call under the thumb. */
export function Hall() {
  useSignalEffect(() => {
    const who = calls.value.length > 0 ? `🔔 ${calls.value.map(({ table }) => table).join(', ')} · ` : '';
    document.title = who + (store.value ? t('hall.title', { store: nameOf(store.value.name) }) : t('hall.keyTitle'));
  });
  if (!hallKey.value.value) {
    return (
      <main class="key-page">
        <KeyForm pageKey={hallKey} words={keyWords()} />
      </main>
    );
  }
  if (missing.value) return <p class="empty">{t('kitchen.storeMissing')}</p>;
  const next = waiting.value[0];
  return (
    <>
      <header>
        <div class="top-row">
          <h1>{store.value ? nameOf(store.value.name) : t('hall.keyTitle')}</h1>
          <Connection following={following.value} timeZone={store.value?.timeZone} />
          <a class="button" href={`/bills/${encodeURIComponent(storeSlug)}`}>
            {billWords('pageTitle')}
          </a>
          <WhoWorks pageKey={hallKey} store={storeSlug} />
          <LanguageChoice />
        </div>
        <nav class="states" aria-label={t('hall.states')}>
          {STATES.map((state) => (
            <button
              type="button"
              key={state}
              aria-pressed={lineState.value === state}
              onClick={() => void setLineState(state)}
            >
              {t(`hall.state.${state}`)}
            </button>
          ))}
        </nav>
      </header>
      <main>
        <CallList />
        <CarryList />
        {called.value.length > 0 && (
          <section aria-label={t('hall.called')}>
            <h2>
              {t('hall.called')} <span class="number">{called.value.length}</span>
            </h2>
            <ul>
              {called.value.map((party) => (
                <PartyCard key={party.id} party={party} />
              ))}
            </ul>
          </section>
        )}
        <section aria-label={t('hall.waiting')}>
          <h2>
            {t('hall.waiting')} <span class="number">{waitingCount.value}</span>
          </h2>
          {waiting.value.length === 0 && <p class="empty">{t('hall.nobody')}</p>}
          <ul>
            {waiting.value.map((party) => (
              <PartyCard key={party.id} party={party} />
            ))}
          </ul>
          {waitingCount.value > waiting.value.length && (
            <p class="empty">{t('hall.more', { count: waitingCount.value - waiting.value.length })}</p>
          )}
        </section>
        {setAside.value.length > 0 && (
          <section aria-label={t('hall.setAside')}>
            <h2>
              {t('hall.setAside')} <span class="number">{setAside.value.length}</span>
            </h2>
            <ul>
              {setAside.value.map((party) => (
                <PartyCard key={party.id} party={party} />
              ))}
            </ul>
          </section>
        )}
      </main>
      <footer>
        <NoticePlace />
        <button
          type="button"
          class="button primary wide"
          disabled={!next || busy.value.has(next.id)}
          onClick={() => next && void act(next, 'call')}
        >
          {next ? t('hall.callNext', { number: next.number, count: next.size }) : t('hall.nobody')}
        </button>
      </footer>
    </>
  );
}
