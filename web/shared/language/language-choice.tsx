import { LANGUAGES, type Language, language, setLanguage, t } from './i18n.ts';

/** The languages by their own names: whoever cannot read the page finds theirs. */
export function LanguageChoice({ class: extra = '' }: { class?: string }) {
  return (
    <select
      class={`language-choice ${extra}`}
      aria-label={t('lang.choose')}
      value={language.value}
      onChange={({ currentTarget }) => setLanguage(currentTarget.value as Language)}
    >
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}
