import type { DeadJob } from '../../src/contract/jobs.ts';
import { language, t } from '../shared/i18n.ts';
import { KeyForm } from '../shared/key-form.tsx';
import { LanguageChoice } from '../shared/language-choice.tsx';
import { NoticePlace } from '../shared/notice.tsx';
import { BatchJobs } from './batch-jobs.tsx';
import { busy, letters, load, looked, next, ownerKey, replay } from './dead-letters.ts';
import { Ranking } from './ranking.tsx';
import { words } from './words.ts';

const keyWords = () => ({
  label: words('key'),
  help: words('keyHelp'),
  open: words('open'),
});

export function Ops() {
  return (
    <>
      <header class="top">
        <h1>{words('title')}</h1>
        <LanguageChoice />
      </header>
      <main>
        {ownerKey.value.value ? (
          <>
            <Letters />
            <Ranking />
          </>
        ) : (
          <KeyForm pageKey={ownerKey} words={keyWords()} />
        )}
      </main>
      <NoticePlace />
    </>
  );
}

function Letters() {
  const list = letters.value;
  if (!list) return looked.value ? <Looked /> : <p class="soft">{t('loading')}</p>;
  return (
    <>
      <div class="tools">
        <button type="button" class="button" onClick={() => void load()}>
          {words('refresh')}
        </button>
        {list.length > 1 && (
          <button type="button" class="button primary" disabled={busy.value.size > 0} onClick={() => void replay(list)}>
            {words('replayAll')}
          </button>
        )}
      </div>
      <Looked />
      {list.length === 0 && looked.value?.answered && <p class="empty">{words('empty')}</p>}
      <ul>
        {list.map((letter) => (
          <Letter key={letter.id} letter={letter} />
        ))}
      </ul>
      {next.value && (
        <button type="button" class="button wide" onClick={() => void load({ more: true })}>
          {words('more')}
        </button>
      )}
      <BatchJobs />
    </>
  );
}

function Looked() {
  const look = looked.value;
  if (!look) return null;
  const time = new Date(look.atMs).toLocaleTimeString(language.value);
  return (
    // Read out only when it is news: the time of a good answer changes every few seconds.
    <p class={look.answered ? 'soft' : 'reason'} role={look.answered ? undefined : 'status'}>
      {words(look.answered ? 'looked' : 'unreachable', { time })}
    </p>
  );
}

function Letter({ letter }: { letter: DeadJob }) {
  const failedAt = new Date(letter.failedAt).toLocaleString(language.value, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
  return (
    <li class="letter">
      <div class="letter-head">
        <h2>{letter.kind}</h2>
        <span class="badge warn">{words('attempts', { count: letter.attempts })}</span>
        <time dateTime={letter.failedAt}>{failedAt}</time>
      </div>
      <p class="reason">{letter.reason}</p>
      <details>
        <summary>{words('payload')}</summary>
        <pre>{JSON.stringify(letter.payload, null, 2)}</pre>
      </details>
      <button
        type="button"
        class="button"
        disabled={busy.value.size > 0}
        aria-label={`${words('replay')}: ${letter.kind} ${letter.id}`}
        onClick={() => void replay([letter])}
      >
        {words('replay')}
      </button>
    </li>
  );
}
