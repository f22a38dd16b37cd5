import { useSignalEffect } from '@preact/signals';
import { t } from '../shared/language/house-words.ts';
import { nameOf, timeOf } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { soundReady } from '../shared/page/tones.ts';
import { QrCode } from '../shared/parts/qr-code.tsx';
import { door, following, fresh, joinAddress, missing, store } from './door-state.ts';

/** At the door: how to join on one side, who is called on the other. */
export function Door() {
  useSignalEffect(() => {
    if (store.value) document.title = t('door.title', { store: nameOf(store.value.name) });
  });
  if (missing.value) return <p class="message">{t('error.storeMissing')}</p>;
  const followed = following.value;
  const now = door.value;
  return (
    <>
      <header>
        <h1>{store.value ? nameOf(store.value.name) : ''}</h1>
        {followed?.state.value === 'offline' && (
          <p class="badge warn" role="status">
            {t('live.offline', { time: timeOf(followed.updatedAt.value) })}
          </p>
        )}
        <LanguageChoice />
      </header>
      <main>
        <section class="join" aria-label={t('door.join')}>
          {now && now.state !== 'open' ? (
            <>
              <h2>{t(`wait.state.${now.state}`)}</h2>
              <p>{t(`wait.stateHelp.${now.state}`)}</p>
            </>
          ) : (
            <>
              <h2>{t('door.join')}</h2>
              <QrCode text={joinAddress} label={t('door.qr')} />
              <p class="address">{joinAddress.replace(/^https?:\/\//, '')}</p>
            </>
          )}
          {now && <Facts />}
        </section>
        <section class="calls" aria-label={t('door.calls')}>
          <h2>{t('door.calls')}</h2>
          <ol>
            {now?.calls.map(({ number }) => (
              <li key={number} class={`number ${fresh.value.has(number) ? 'called' : ''}`}>
                {number}
              </li>
            ))}
          </ol>
          {now?.calls.length === 0 && <p>{t('door.nobody')}</p>}
        </section>
      </main>
      {!soundReady.value && <footer class="unlock">{t('board.sound')}</footer>}
      <p class="visually-hidden" role="status">
        {fresh.value.size > 0 && t('door.called', { numbers: [...fresh.value].join(', ') })}
      </p>
    </>
  );
}

/** How long the line is, and what each size would be told. */
function Facts() {
  const { waiting, eta } = door.value!;
  let from = 1;
  const rows = eta.map(({ sizeMax, etaMinutes }) => {
    const words = sizeMax === null ? t('door.sizeFrom', { from }) : t('door.sizes', { from, to: sizeMax });
    from = (sizeMax ?? 0) + 1;
    return { words, etaMinutes };
  });
  return (
    <div class="facts">
      <p class="waiting">{t('door.waiting', { count: waiting })}</p>
      {rows.some(({ etaMinutes }) => etaMinutes) && (
        <dl>
          {rows.map(({ words, etaMinutes }) => (
            <div key={words}>
              <dt>{words}</dt>
              <dd class="number">{etaMinutes ? t('wait.eta', { from: etaMinutes.from, to: etaMinutes.to }) : '–'}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
