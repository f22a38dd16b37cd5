import { signal } from '@preact/signals';
import type { Name } from '../../src/contract/common.ts';
import { en } from '../i18n/en.ts';
import { ko, type MessageKey } from '../i18n/ko.ts';
import { keep, recall } from './storage.ts';

export type Language = 'ko' | 'en';

const KEPT_AS = 'matjip:lang';
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

const isLanguage = (value: unknown): value is Language => value === 'ko' || value === 'en';

/** The address decides (`?lang=`), then what was chosen before, then the first of the phone's languages we speak. */
function firstLanguage(fallback: Language | undefined): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  if (isLanguage(asked)) return asked;
  const kept = recall<Language>(KEPT_AS, YEAR_MS);
  if (isLanguage(kept)) return kept;
  if (fallback) return fallback;
  // A traveller's phone in any other language is better served in English.
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

/** The language on the screen. Whoever reads it, also through `t`, is drawn again when it changes. */
export const language = signal<Language>('ko');

/** Call once, before the first drawing. @param fallback used when nothing was asked for or chosen before */
export function startLanguage(fallback?: Language): void {
  show(firstLanguage(fallback));
}

function show(next: Language): void {
  document.documentElement.lang = next;
  language.value = next;
}

/** Changes the language and remembers it. */
export function setLanguage(next: Language): void {
  keep(KEPT_AS, next);
  show(next);
}

/**
 * The sentence of `key` in the present language, with `values` in the places of their `{{names}}`. Written here because
 * that is all the pages need: a library for it (i18next, 15 KiB compressed) would be over a third of the guest's script.
 */
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  const messages: Record<MessageKey, string> = language.value === 'ko' ? ko : en;
  return messages[key].replace(/{{(\w+)}}/g, (place, name: string) => String(values[name] ?? place));
}

/** A name in the present language; the other language where it was left empty. */
export const nameOf = (name: Name): string => name[language.value] || name.ko || name.en;

/** "18:05": 24 hours in both languages, as every kitchen clock shows it. */
export const timeOf = (time: string | number, timeZone?: string): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', ...(timeZone ? { timeZone } : {}) }).format(
    new Date(time),
  );
