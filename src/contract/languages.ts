/** The languages of the pages, each by its own name. */
export const LANGUAGES = { ko: '한국어', en: 'English', ja: '日本語', zh: '中文' } as const;
export type Language = keyof typeof LANGUAGES;

/** A word in each language of the pages. */
export type InEachLanguage = Readonly<Record<Language, string>>;

export const isLanguage = (value: unknown): value is Language =>
  typeof value === 'string' && Object.hasOwn(LANGUAGES, value);

/**
 * The language for somebody whose browser prefers this one. A traveller's phone in one that the pages don't speak is better served in English.
 * @param tag as browsers have it: `ko-KR`, `zh`
 */
export function languageOf(tag: string): Language {
  const own = tag.trim().slice(0, 2).toLowerCase();
  return isLanguage(own) ? own : 'en';
}
