import { useEffect, useState } from 'preact/hooks';
import type { PinPeople, PinSession } from '../../../src/contract/staff.ts';
import './sheet.css';
import './who-works.css';
import { t } from '../language/house-words.ts';
import { createWords } from '../language/words.ts';
import { getJson, request } from '../server/api.ts';
import { type PageKey, SIGNED_IN } from '../server/page-key.ts';
import type { ApiProblem } from '../server/problem.ts';
import { say } from './notice.tsx';
import { Sheet } from './sheet.tsx';

const words = createWords({
  ko: {
    who: '누가 일하나요?',
    works: '{{name}} 님',
    choose: '이름을 고르고 PIN을 눌러 주세요.',
    nobody: 'PIN을 정한 사람이 아직 없어요. 각자 자기 이름으로 로그인해서 PIN을 정할 수 있어요.',
    pin: 'PIN 4~6자리',
    take: '내 이름으로 하기',
    leave: '태블릿 돌려놓기',
    wrong: 'PIN이 맞지 않아요.',
    locked: 'PIN이 여러 번 틀렸어요. {{count}}분 뒤에 다시 해 주세요.',
    own: '내 PIN',
    ownHelp: '함께 쓰는 태블릿에서 내 이름으로 일할 때 눌러요.',
    save: 'PIN 정하기',
    saved: 'PIN을 정했어요',
    guessed: '1111이나 1234처럼 쉬운 번호는 안 돼요.',
    back: '태블릿을 돌려놓았어요',
  },
  en: {
    who: 'Who works here?',
    works: '{{name}}',
    choose: 'Choose your name and enter your PIN.',
    nobody: 'Nobody has a PIN yet. Everybody sets their own after signing in by name.',
    pin: 'PIN, 4 to 6 digits',
    take: 'Work under my name',
    leave: 'Give the tablet back',
    wrong: 'The PIN is wrong.',
    locked: 'The PIN was wrong too often. Try again in {{count}} min.',
    own: 'My PIN',
    ownHelp: 'With it you work under your name at a shared tablet.',
    save: 'Set the PIN',
    saved: 'Your PIN is set',
    guessed: 'Nothing as easy as 1111 or 1234.',
    back: 'The tablet is nobody’s again',
  },
});

/** Says that somebody is there this often at most. */
const STAY_EVERY_MS = 30_000;

interface WhoWorksProps {
  pageKey: PageKey;
  /** By its slug. */
  store: string;
  /** Of its button. */
  class?: string;
}

/** Who works at this tablet, and the way to take it over by PIN; for who signed in by name, the way to set one. */
export function WhoWorks({ pageKey, store, class: look = 'button' }: WhoWorksProps) {
  const [isOpen, setOpen] = useState(false);
  const person = pageKey.person.value;
  useIdle(pageKey);
  const isOwn = pageKey.value.value === SIGNED_IN;
  if (!isOwn && !pageKey.isTablet()) return null;
  const label = isOwn ? words('own') : person ? words('works', { name: person.name }) : words('who');
  const close = () => setOpen(false);
  return (
    <>
      <button type="button" class={look} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {label}
      </button>
      {isOpen && (
        <Sheet label={label} title={label} onClose={close} class="who-works">
          {isOwn ? <OwnPin onDone={close} /> : <TakeOver pageKey={pageKey} store={store} onDone={close} />}
        </Sheet>
      )}
    </>
  );
}

function useIdle(pageKey: PageKey) {
  const person = pageKey.person.value;
  const key = pageKey.value.value;
  useEffect(() => {
    if (!person || !key) return;
    let saidAtMs = Date.now();
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => leave(pageKey), person.idleS * 1_000);
    };
    const touched = () => {
      wait();
      if (Date.now() - saidAtMs < STAY_EVERY_MS) return;
      saidAtMs = Date.now();
      request('/sessions/current', { method: 'PUT', token: key }).catch((problem: ApiProblem) => {
        if (problem.status === 401) pageKey.giveBack();
      });
    };
    wait();
    const events = ['pointerdown', 'keydown'] as const;
    for (const name of events) document.addEventListener(name, touched, true);
    return () => {
      clearTimeout(timer);
      for (const name of events) document.removeEventListener(name, touched, true);
    };
  }, [person, key]);
}

function leave(pageKey: PageKey) {
  const token = pageKey.value.value ?? undefined;
  pageKey.giveBack();
  say(words('back'));
  // Should nobody hear it, the session ends by itself.
  request('/sessions/current', { method: 'DELETE', token }).catch(() => {});
}

const reasonOf = ({ type, retryAfterMs = 0 }: ApiProblem): string => {
  if (type === 'invalid') return words('wrong');
  if (type === 'too-many-requests') return words('locked', { count: Math.ceil(retryAfterMs / 60_000) });
  return t(type === 'network' || type === 'timeout' ? 'error.network' : 'error.generic');
};

function TakeOver({ pageKey, store, onDone }: { pageKey: PageKey; store: string; onDone: () => void }) {
  const [people, setPeople] = useState<PinPeople['items'] | null>(null);
  const [who, setWho] = useState('');
  const [wrong, setWrong] = useState('');
  const path = `/stores/${encodeURIComponent(store)}/pins`;
  const token = pageKey.tabletKey() ?? undefined;
  useEffect(() => {
    getJson<PinPeople>(path, token).then(
      ({ items }) => setPeople(items),
      (problem) => setWrong(reasonOf(problem)),
    );
  }, []);
  const take = async (pin: string) => {
    const body = { staffId: who, pin };
    const { data } = await request<PinSession>(path, { method: 'POST', token, body });
    if (data) pageKey.takeOver(data.key, data);
    onDone();
  };
  return (
    <>
      {people?.length === 0 && <p>{words('nobody')}</p>}
      {people !== null && people.length > 0 && (
        <>
          <p>{words('choose')}</p>
          <fieldset class="pin-people" aria-label={words('who')}>
            {people.map(({ id, name }) => (
              <label key={id}>
                <input type="radio" name="who" checked={who === id} onChange={() => setWho(id)} />
                <span>{name}</span>
              </label>
            ))}
          </fieldset>
          <PinForm label={words('take')} disabled={!who} onPin={take} />
        </>
      )}
      {wrong && <p role="alert">{wrong}</p>}
      {pageKey.person.value && (
        <button
          type="button"
          class="button wide"
          onClick={() => {
            onDone();
            leave(pageKey);
          }}
        >
          {words('leave')}
        </button>
      )}
    </>
  );
}

function OwnPin({ onDone }: { onDone: () => void }) {
  const save = async (pin: string) => {
    await request('/sessions/current/pin', { method: 'PUT', body: { pin } });
    say(words('saved'));
    onDone();
  };
  return (
    <>
      <p>{words('ownHelp')}</p>
      <PinForm label={words('save')} isNew onPin={save} />
    </>
  );
}

interface PinFormProps {
  label: string;
  disabled?: boolean;
  isNew?: boolean;
  onPin: (pin: string) => Promise<void>;
}

function PinForm({ label, disabled, isNew, onPin }: PinFormProps) {
  const [wrong, setWrong] = useState('');
  const [isAsking, setAsking] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    setAsking(true);
    setWrong('');
    try {
      await onPin(String(new FormData(form).get('pin')));
    } catch (error) {
      const problem = error as ApiProblem;
      setWrong(isNew && problem.type === 'invalid' ? words('guessed') : reasonOf(problem));
      form.reset();
      form.querySelector('input')?.focus();
    } finally {
      setAsking(false);
    }
  };
  return (
    <form class="pin-form" onSubmit={(event) => void submit(event)}>
      <label>
        <span>{words('pin')}</span>
        <input
          name="pin"
          type="password"
          inputMode="numeric"
          pattern="[0-9]{4,6}"
          maxLength={6}
          autocomplete={isNew ? 'new-password' : 'off'}
          required
          aria-invalid={wrong !== ''}
          aria-describedby={wrong ? 'pin-wrong' : undefined}
        />
      </label>
      {wrong && (
        <p id="pin-wrong" class="key-wrong" role="alert">
          {wrong}
        </p>
      )}
      <button type="submit" class="button primary wide" disabled={disabled || isAsking}>
        {label}
      </button>
    </form>
  );
}
