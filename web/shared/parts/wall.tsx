import { useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { t } from '../language/house-words.ts';
import { nameOf, timeOf } from '../language/i18n.ts';
import { LanguageChoice } from '../language/language-choice.tsx';
import { soundReady } from '../page/tones.ts';
import type { WallState } from '../page/wall-state.ts';

interface WallProps {
  readonly state: WallState;
  /** The page's title, by the store's name. */
  readonly title: (store: string) => string;
  /** What a screen reader says when it changes: who has just been called. */
  readonly said: string;
  readonly children: ComponentChildren;
}

/** A display on the wall: the store's name, what it shows in two parts, and how to switch its sound on while it may not be heard. */
export function Wall({ state: { store, missing, following }, title, said, children }: WallProps) {
  useSignalEffect(() => {
    if (store.value) document.title = title(nameOf(store.value.name));
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
      <main>{children}</main>
      {!soundReady.value && <footer class="unlock">{t('board.sound')}</footer>}
      <p class="visually-hidden" role="status">
        {said}
      </p>
    </>
  );
}
