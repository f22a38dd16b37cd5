import type { MessageKey } from '../../i18n/ko.ts';
import { fill, type Language, language, t } from './i18n.ts';

/** The sentences of some pages by their keys, in one language. */
type Sentences<K extends string> = Readonly<Record<K, string>>;

/**
 * The sentences of one page, for pages that guests do not open: those of `web/i18n` are loaded by every guest's phone.
 * @param all the same keys in each language; whoever reads one that is left out reads English
 * @returns what says the sentence of a key in the present language, as `t` does
 */
export const createWords =
  <K extends string>({
    ko,
    en,
    ja = en,
    zh = en,
  }: Record<'ko' | 'en', Sentences<K>> & { ja?: Sentences<K>; zh?: Sentences<K> }) =>
  (key: K, values: Record<string, string | number> = {}): string =>
    fill({ ko, en, ja, zh }[language.value][key], values);

/** `t`, with sentences of some pages besides those that every page has. @param all the same keys in each language */
export const withWords = <K extends string>(all: Readonly<Record<Language, Sentences<K>>>) => {
  const own = createWords(all);
  const isOwn = (key: K | MessageKey): key is K => Object.hasOwn(all.ko, key);
  return (key: K | MessageKey, values: Record<string, string | number> = {}): string =>
    isOwn(key) ? own(key, values) : t(key, values);
};
