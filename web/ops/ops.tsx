import type { DeadJob } from '../../src/contract/jobs.ts';
import { language, t } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { KeyForm } from '../shared/parts/key-form.tsx';
import { NoticePlace } from '../shared/parts/notice.tsx';
import { BatchJobs } from './batch-jobs.tsx';
import { Charts } from './charts.tsx';
import { busy, letters, load, looked, next, ownerKey, putAway, replay } from './dead-letters.ts';
import { Glance } from './glance.tsx';
import { choose, nodeNames, view } from './live.ts';
import { liveWords } from './live-words.ts';
import { Ranking } from './ranking.tsx';
import { About, Cache, Classes, Intake, Jobs, Problems } from './tables.tsx';
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
            <Live />
            <div class="columns">
              <div>
                <Letters />
                <BatchJobs />
              </div>
              <Ranking />
            </div>
          </>
        ) : (
          <KeyForm pageKey={ownerKey} words={keyWords()} />
        )}
      </main>
      <NoticePlace />
    </>
  );
}

/** How the node does, the questions of the rush first. */
function Live() {
  const node = view.value;
  if (!node) return <Looked />;
  const { name, heard, processes } = node.node;
  return (
    <>
      <div class="speaks-for">
        {nodeNames.value.length > 1 ? (
          <fieldset aria-label={liveWords('nodes')} class="nodes">
            {nodeNames.value.map((each) => (
              <button type="button" key={each} class="button" aria-pressed={each === name} onClick={() => choose(each)}>
                {each}
              </button>
            ))}
          </fieldset>
        ) : (
          <p class="soft">{liveWords('speaksFor', { name, heard, processes })}</p>
        )}
        <Looked />
      </div>
      <Glance view={node} />
      {node.points.length === 0 ? <p class="soft">{liveWords('waitFirst')}</p> : <Charts view={node} />}
      <div class="columns">
        <Classes view={node} />
        <div>
          <Intake view={node} />
          <Jobs view={node} />
        </div>
        <Cache view={node} />
        <div>
          <Problems view={node} />
          <About view={node} />
        </div>
      </div>
    </>
  );
}

function Letters() {
  const list = letters.value;
  if (!list) return looked.value ? null : <p class="soft">{t('loading')}</p>;
  return (
    <section class="letters" aria-labelledby="letters">
      <h2 id="letters">{words('letters')}</h2>
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
    </section>
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
        <h3>
          <code>{letter.kind}</code>
        </h3>
        <span class="badge warn">{words('attempts', { count: letter.attempts })}</span>
        <time dateTime={letter.failedAt}>{failedAt}</time>
      </div>
      <p class="reason">{letter.reason}</p>
      <details>
        <summary>{words('payload')}</summary>
        <pre>{JSON.stringify(letter.payload, null, 2)}</pre>
      </details>
      <div class="tools">
        <button
          type="button"
          class="button"
          disabled={busy.value.size > 0}
          aria-label={`${words('replay')}: ${letter.kind} ${letter.id}`}
          onClick={() => void replay([letter])}
        >
          {words('replay')}
        </button>
        <button
          type="button"
          class="button quiet"
          disabled={busy.value.size > 0}
          aria-label={`${words('putAway')}: ${letter.kind} ${letter.id}`}
          onClick={() => {
            if (confirm(words('putAwayAsk'))) void putAway(letter);
          }}
        >
          {words('putAway')}
        </button>
      </div>
    </li>
  );
}
