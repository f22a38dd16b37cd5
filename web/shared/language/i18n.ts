import { signal } from '@preact/signals';
import type { Name } from '../../../src/contract/common.ts';
import { isLanguage, LANGUAGES, type Language, languageOf } from '../../../src/contract/languages.ts';
import { fillSentence, timeOf } from '../../../src/contract/store-words.ts';
import { en } from '../../i18n/en.ts';
import { ko, type MessageKey } from '../../i18n/ko.ts';
import { late } from '../page/late-script.ts';
import { keep, recall } from '../page/storage.ts';

export { LANGUAGES, type Language };

const KEPT_AS = 'matjip:lang';
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

type Messages = Record<MessageKey, string>;
/** The languages whose sentences are here. The others are loaded by who reads them, so that nobody else's page grows. */
const messages = signal<Partial<Record<Language, Messages>> & { en: Messages }>({ ko, en });
const LATER: Partial<Record<Language, () => Promise<Messages>>> = {
  ja: async () => (await late(() => import('../../i18n/ja.ts'))).ja,
  zh: async () => (await late(() => import('../../i18n/zh.ts'))).zh,
};

/** The address decides (`?lang=`), then what was chosen before, then the first of the phone's languages we speak. */
function firstLanguage(fallback: Language | undefined): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  if (isLanguage(asked)) return asked;
  const kept = recall<Language>(KEPT_AS, YEAR_MS);
  if (isLanguage(kept)) return kept;
  if (fallback) return fallback;
  return languageOf(navigator.language);
}

/** The language on the screen. Whoever reads it, also through `t`, is drawn again when it changes. */
export const language = signal<Language>('ko');

/**
 * Call once, before the first drawing.
 * @param fallback used when nothing was asked for or chosen before
 * @returns when the sentences are here, or could not be loaded
 */
export function startLanguage(fallback?: Language): Promise<void> {
  return show(firstLanguage(fallback));
}

function show(next: Language): Promise<void> {
  document.documentElement.lang = next;
  language.value = next;
  return load(next);
}

/** Until its sentences are here the page speaks English; without a network it asks again when there is one. */
async function load(wanted: Language): Promise<void> {
  if (messages.value[wanted]) return;
  try {
    const loaded = await LATER[wanted]?.();
    if (loaded) messages.value = { ...messages.value, [wanted]: loaded };
  } catch {
    window.addEventListener('online', () => void load(wanted), { once: true });
  }
}

/** Changes the language and remembers it; the address says it as well, so that the server's own words are in it after a reload. */
export function setLanguage(next: Language): void {
  keep(KEPT_AS, next);
  const address = new URL(location.href);
  address.searchParams.set('lang', next);
  history.replaceState(history.state, '', address);
  void show(next);
}

/**
 * The sentence of `key` in the present language, with `values` in the places of their `{{names}}`. Written here because
 * that is all the pages need: a library for it (i18next, 15 KiB compressed) would be over a third of the guest's script.
 */
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  const said = messages.value[language.value] ?? messages.value.en;
  return fillSentence(said[key], values);
}

/** What only the languages that are loaded later have; undefined in the others. */
export const saidLater = (key: string): string | undefined =>
  (messages.value[language.value] as Record<string, string> | undefined)?.[key];

export { fillSentence as fill, timeOf };

/** A name of a menu in the present language; menus have two, and the other is better than none. */
export const nameOf = (name: Name): string => (language.value === 'ko' ? name.ko || name.en : name.en || name.ko);

/** A word that the contract has in every language. */
export const wordOf = (words: Readonly<Record<Language, string>>): string => words[language.value];
