import { useState } from 'preact/hooks';
import { t } from '../shared/i18n.ts';
import { keyRefused, useKey } from './key.ts';

/** The door: nothing of the kitchen is shown without its key. */
export function KeyForm() {
  const [typed, setTyped] = useState('');
  return (
    <form
      class="key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim()) useKey(typed.trim());
      }}
    >
      <h1>{t('key.title')}</h1>
      <label>
        <span>{t('key.label')}</span>
        <input
          type="password"
          autocomplete="off"
          autofocus
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          aria-describedby="key-help"
          aria-invalid={keyRefused.value}
        />
      </label>
      {keyRefused.value && (
        <p class="key-wrong" role="alert">
          {t('key.wrong')}
        </p>
      )}
      <p id="key-help" class="soft">
        {t('key.help')}
      </p>
      <button type="submit" class="button primary wide">
        {t('key.open')}
      </button>
    </form>
  );
}
