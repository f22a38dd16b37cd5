import { useEffect, useState } from 'preact/hooks';
import type { InvitationOffer } from '../../src/contract/staff.ts';
import { nameOf, t } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { WhoWorks } from '../shared/parts/who-works.tsx';
import { request } from '../shared/server/api.ts';
import { createPageKey, SIGNED_IN } from '../shared/server/page-key.ts';
import type { ApiProblem } from '../shared/server/problem.ts';
import { words } from './words.ts';

const token = new URLSearchParams(location.hash.slice(1)).get('invite') ?? '';
const ownKey = createPageKey('matjip:join:key', 0);

/** Where an invitation leads: who follows it chooses a name and a password, and sees where they work. */
export function Join() {
  const [offer, setOffer] = useState<InvitationOffer | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [joinedAs, setJoinedAs] = useState<string | null>(null);
  const look = () => {
    setProblem(null);
    request<InvitationOffer>('/invitations/look', { method: 'POST', body: { token } }).then(
      ({ data }) => setOffer(data),
      setProblem,
    );
  };
  useEffect(look, []);
  const store = offer ? nameOf(offer.store.name) : '';
  return (
    <>
      <header class="top">
        <h1>{offer ? words('joinTitle', { store }) : words('pageTitle')}</h1>
        <LanguageChoice />
      </header>
      <main>
        {!offer && !problem && <p class="soft">{t('loading')}</p>}
        {problem && (
          <p class="banner" role="alert">
            {problem.status === 404 || problem.status === 422 ? words('joinOver') : t('error.network')}{' '}
            {problem.retryable && (
              <button type="button" class="button" onClick={look}>
                {t('retry')}
              </button>
            )}
          </p>
        )}
        {offer && joinedAs === null && <JoinForm offer={offer} onOver={setProblem} onJoined={setJoinedAs} />}
        {offer && joinedAs !== null && <Welcome offer={offer} name={joinedAs} />}
      </main>
    </>
  );
}

interface JoinFormProps {
  offer: InvitationOffer;
  onOver: (problem: ApiProblem) => void;
  onJoined: (name: string) => void;
}

function JoinForm({ offer, onOver, onJoined }: JoinFormProps) {
  const [wrong, setWrong] = useState('');
  const [isAsking, setAsking] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const field = (name: string) => String(given.get(name));
    const [name, login] = [field('name').trim(), field('login').trim().toLowerCase()];
    setAsking(true);
    setWrong('');
    try {
      await request('/invitations/accept', {
        method: 'POST',
        body: { token, name, login, password: field('password') },
      });
      // Used: it is in no history.
      history.replaceState(null, '', location.pathname);
      ownKey.use(SIGNED_IN);
      onJoined(name);
    } catch (error) {
      const problem = error as ApiProblem;
      if (problem.status === 404) onOver(problem);
      else if (problem.type === 'invalid') setWrong(words(/^[a-z0-9][a-z0-9._-]+$/.test(login) ? 'taken' : 'badLogin'));
      else setWrong(t(problem.status ? 'error.generic' : 'error.network'));
    } finally {
      setAsking(false);
    }
  };
  return (
    <form class="card" onSubmit={(event) => void submit(event)}>
      <p>{words('joinAs', { role: words(`role.${offer.role}`) })}</p>
      <label>
        <span>{words('name')}</span>
        <input name="name" autocomplete="name" maxLength={60} required autofocus />
      </label>
      <label>
        <span>{words('login')}</span>
        <input
          name="login"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          minLength={2}
          maxLength={59}
          required
          aria-invalid={wrong !== ''}
          aria-describedby={wrong ? 'join-wrong' : undefined}
        />
      </label>
      <label>
        <span>{words('password')}</span>
        <input name="password" type="password" autocomplete="new-password" minLength={10} maxLength={200} required />
      </label>
      {wrong && (
        <p id="join-wrong" class="key-wrong" role="alert">
          {wrong}
        </p>
      )}
      <button type="submit" class="button primary wide" disabled={isAsking}>
        {words('join')}
      </button>
    </form>
  );
}

const PAGES = {
  kitchen: ['kitchen'],
  hall: ['hall', 'bills'],
  manager: ['hall', 'bills', 'kitchen', 'owner', 'settings'],
  owner: ['hall', 'bills', 'kitchen', 'owner', 'settings'],
} as const;

function Welcome({ offer, name }: { offer: InvitationOffer; name: string }) {
  const slug = encodeURIComponent(offer.store.slug);
  return (
    <section class="card" aria-label={words('welcome', { name })}>
      <h2 tabIndex={-1} ref={(heading) => heading?.focus()}>
        {words('welcome', { name })}
      </h2>
      <p class="soft">{words('goTo')}</p>
      <p class="actions">
        {PAGES[offer.role].map((page) => (
          <a key={page} class="button" href={page === 'settings' ? `/setup?store=${slug}` : `/${page}/${slug}`}>
            {words(page)}
          </a>
        ))}
        <WhoWorks pageKey={ownKey} store={offer.store.slug} />
      </p>
    </section>
  );
}
