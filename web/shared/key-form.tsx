import { useState } from 'preact/hooks';
import './key-form.css';
import { t } from './i18n.ts';
import type { PageKey } from './page-key.ts';

interface Words {
  /** Where no heading of the page says it already. */
  readonly title?: string;
  readonly label: string;
  readonly help: string;
  readonly open: string;
}

/** The door: nothing of the page is shown without its key. */
export function KeyForm({ pageKey, words }: { pageKey: PageKey; words: Words }) {
  const [typed, setTyped] = useState('');
  return (
    <form
      class="key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim()) pageKey.use(typed.trim());
      }}
    >
      {words.title && <h1>{words.title}</h1>}
      <label>
        <span>{words.label}</span>
        <input
          type="password"
          autocomplete="off"
          autofocus
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          aria-describedby="key-help"
          aria-invalid={pageKey.refused.value}
        />
      </label>
      {pageKey.refused.value && (
        <p class="key-wrong" role="alert">
          {t('key.wrong')}
        </p>
      )}
      <p id="key-help">{words.help}</p>
      <button type="submit" class="button primary wide">
        {words.open}
      </button>
    </form>
  );
}
