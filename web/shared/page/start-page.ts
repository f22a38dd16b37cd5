import { effect, untracked } from '@preact/signals';
import { type ComponentChild, render } from 'preact';
import { type Language, startLanguage } from '../language/i18n.ts';
import { surviveTranslators } from '../language/translatable.ts';
import type { PageKey } from '../server/page-key.ts';
import { keepFocus } from './keep-focus.ts';

interface Start {
  /** Until somebody says otherwise, where nobody in particular chose the browser's language: a tablet, a screen on the wall. */
  readonly language?: Language;
  /** What opens the page, where not everybody may see it. */
  readonly key?: PageKey;
  /** Called when there is a key, and again when there is another. */
  readonly opened?: () => void;
}

/** Begins a page: what each of them needs before it is drawn, in the one order in which it works. */
export function startPage(page: ComponentChild, { language, key, opened }: Start = {}): void {
  surviveTranslators();
  keepFocus();
  void startLanguage(language);
  if (key) {
    key.take();
    window.addEventListener('hashchange', key.take);
    effect(() => {
      if (key.value.value && opened) untracked(opened);
    });
  }
  const root = document.getElementById('app')!;
  root.replaceChildren();
  render(page, root);
}
