import { useState } from 'preact/hooks';
import { PARTY_NAME_LENGTH_MAX, PARTY_SIZE_MAX } from '../../src/contract/bounds.ts';
import { t } from '../shared/language/waiting-words.ts';
import { EtaWords } from './eta-words.tsx';
import { join, refusal } from './join.ts';
import { door, store } from './party-state.ts';

/** Sizes with a button of their own; whoever is more types the number. */
const SIZES = [1, 2, 3, 4, 5, 6, 7, 8];

export function JoinForm() {
  const [size, setSize] = useState(2);
  const [isMore, setMore] = useState(false);
  const [name, setName] = useState('');
  const now = door.value;
  if (!now) return <p class="message">{t('loading')}</p>;
  if (now.state !== 'open') {
    return (
      <section class="card centered">
        <h2>{t(`wait.state.${now.state}`)}</h2>
        <p class="soft">{t(`wait.stateHelp.${now.state}`)}</p>
        {store.value && (
          <a class="button" href={`/s/${encodeURIComponent(store.value.slug)}`}>
            {t('wait.menu')}
          </a>
        )}
      </section>
    );
  }
  const eta = now.eta.find(({ sizeMax }) => sizeMax === null || size <= sizeMax)?.etaMinutes ?? null;
  const isRight = Number.isInteger(size) && size >= 1 && size <= PARTY_SIZE_MAX;
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight) join({ size, ...(name.trim() && { name: name.trim() }) });
      }}
    >
      <p class="now">
        <span class="now-count">
          <strong class="number">{now.waiting}</strong> {t('wait.teams')}
        </span>
        <EtaWords eta={eta} />
      </p>
      {refusal.value && (
        <p class="banner" role="alert">
          {t(refusal.value.type === 'waitlist-closed' ? 'wait.refusedClosed' : 'error.generic')}
        </p>
      )}
      <fieldset class="sizes">
        <legend>{t('wait.size')}</legend>
        {SIZES.map((each) => (
          <label key={each} class={!isMore && each === size ? 'chosen' : ''}>
            <input
              type="radio"
              name="size"
              class="visually-hidden"
              checked={!isMore && each === size}
              onChange={() => {
                setMore(false);
                setSize(each);
              }}
            />
            <span class="number">{each}</span>
          </label>
        ))}
        <label class={`more ${isMore ? 'chosen' : ''}`}>
          <input
            type="radio"
            name="size"
            class="visually-hidden"
            checked={isMore}
            onChange={() => {
              setMore(true);
              setSize(9);
            }}
          />
          <span>{t('wait.sizeMore')}</span>
        </label>
      </fieldset>
      {isMore && (
        <label class="field">
          <span>{t('wait.sizeNumber')}</span>
          <input
            type="number"
            inputMode="numeric"
            min={1}
            max={PARTY_SIZE_MAX}
            value={size}
            onInput={(event) => setSize(event.currentTarget.valueAsNumber)}
          />
        </label>
      )}
      <label class="field">
        <span>{t('wait.name')}</span>
        <input
          type="text"
          autocomplete="given-name"
          maxLength={PARTY_NAME_LENGTH_MAX}
          placeholder={t('wait.nameHelp')}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary wide" disabled={!isRight}>
        {t('wait.join', { count: isRight ? size : '–' })}
      </button>
      <p class="soft">{t('wait.once')}</p>
    </form>
  );
}
