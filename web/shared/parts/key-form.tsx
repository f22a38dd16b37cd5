import { useState } from 'preact/hooks';
import './key-form.css';
import { t } from '../language/house-words.ts';
import { request } from '../server/api.ts';
import { type PageKey, SIGNED_IN } from '../server/page-key.ts';
import type { ApiProblem } from '../server/problem.ts';

interface Words {
  /** Where no heading of the page says it already. */
  readonly title?: string;
  readonly label: string;
  readonly help: string;
  readonly open: string;
}

/** The door: nothing of the page is shown to whoever neither signs in by name nor has its key. */
export function KeyForm({ pageKey, words }: { pageKey: PageKey; words: Words }) {
  return (
    <div class="key-form">
      {words.title && <h1>{words.title}</h1>}
      <SignIn pageKey={pageKey} />
      <p class="key-or">{t('key.or')}</p>
      <Key pageKey={pageKey} words={words} />
    </div>
  );
}

function SignIn({ pageKey }: { pageKey: PageKey }) {
  const [wrong, setWrong] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    setAsking(true);
    try {
      const body = { login: String(given.get('login')), password: String(given.get('password')) };
      await request('/sessions', { method: 'POST', body });
      pageKey.use(SIGNED_IN);
    } catch (error) {
      const { type, retryAfterMs = 0 } = error as ApiProblem;
      if (type === 'unauthorized') setWrong(t('key.wrongPassword'));
      else if (type === 'too-many-requests') setWrong(t('key.locked', { count: Math.ceil(retryAfterMs / 60_000) }));
      else setWrong(t(type === 'network' || type === 'timeout' ? 'error.network' : 'error.generic'));
    } finally {
      setAsking(false);
    }
  };
  return (
    <form onSubmit={submit}>
      <label>
        <span>{t('key.login')}</span>
        <input name="login" autocomplete="username" autocapitalize="none" spellcheck={false} required autofocus />
      </label>
      <label>
        <span>{t('key.password')}</span>
        <input
          name="password"
          type="password"
          autocomplete="current-password"
          required
          aria-invalid={wrong !== null}
          aria-describedby={wrong ? 'sign-in-wrong' : undefined}
        />
      </label>
      {wrong && (
        <p id="sign-in-wrong" class="key-wrong" role="alert">
          {wrong}
        </p>
      )}
      <button type="submit" class="button primary wide" disabled={isAsking}>
        {t('key.signIn')}
      </button>
    </form>
  );
}

function Key({ pageKey, words }: { pageKey: PageKey; words: Words }) {
  const [typed, setTyped] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim()) pageKey.use(typed.trim());
      }}
    >
      <label>
        <span>{words.label}</span>
        <input
          type="password"
          autocomplete="off"
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
      <button type="submit" class="button wide">
        {words.open}
      </button>
    </form>
  );
}
