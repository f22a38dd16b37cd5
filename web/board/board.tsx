import { useSignalEffect } from '@preact/signals';
import { t } from '../shared/language/house-words.ts';
import { nameOf, timeOf } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { soundReady } from '../shared/page/tones.ts';
import { board, called, following, missing, store } from './board-state.ts';
import { isAmong, toLabels } from './newly-ready.ts';
import { words } from './words.ts';

/** More than these are set smaller: nobody scrolls a screen on the wall, and 20 of each have to fit on it. */
const ROOMY_MAX = { cooking: 12, ready: 8 } as const;

function Numbers({ kind, numbers }: { kind: 'cooking' | 'ready'; numbers: readonly number[] }) {
  return (
    <section class={`column ${kind}`} aria-label={words(kind)}>
      <h2>{words(kind)}</h2>
      <ol class={numbers.length > ROOMY_MAX[kind] ? 'many' : ''}>
        {toLabels(numbers).map((label) => (
          <li
            key={`${label.number} ${label.nth}`}
            class={kind === 'ready' && isAmong(called.value, label) ? 'number called' : 'number'}
          >
            {label.number}
          </li>
        ))}
      </ol>
      {numbers.length === 0 && <p>{words('nobody')}</p>}
    </section>
  );
}

export function Board() {
  useSignalEffect(() => {
    if (store.value) document.title = words('title', { store: nameOf(store.value.name) });
  });
  if (missing.value) return <p class="message">{t('error.storeMissing')}</p>;
  const followed = following.value;
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
        <Numbers kind="ready" numbers={board.value?.ready ?? []} />
        <Numbers kind="cooking" numbers={board.value?.cooking ?? []} />
      </main>
      {!soundReady.value && <footer class="unlock">{t('board.sound')}</footer>}
      <p class="visually-hidden" role="status">
        {called.value.length > 0 && words('called', { numbers: called.value.map(({ number }) => number).join(', ') })}
      </p>
    </>
  );
}
