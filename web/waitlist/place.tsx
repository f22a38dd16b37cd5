import { useState } from 'preact/hooks';
import { STEP_PLACES } from '../../src/contract/bounds.ts';
import type { PartyView } from '../../src/contract/waitlist.ts';
import { timeOf } from '../shared/language/i18n.ts';
import { t } from '../shared/language/waiting-words.ts';
import { EtaWords } from './eta-words.tsx';
import { keepParty } from './kept-party.ts';
import { act, busy, following, store } from './party-state.ts';

/** One's own place, or what has become of it. */
export function Place({ party }: { party: PartyView }) {
  const { state, number, size, name, place, ahead } = party;
  return (
    <section class={`card place ${state}`}>
      <p class="place-who">
        {name ?? t('wait.party')} · {t('wait.people', { count: size })}
      </p>
      <p class="place-number">
        <small>{t('wait.number')}</small>
        <strong class="number">{number}</strong>
      </p>
      <p class="place-say" role="status" aria-live="polite">
        {state === 'waiting' && place === 1 ? t('wait.say.next') : t(`wait.say.${state}`)}
      </p>
      {state === 'waiting' && place !== null && (
        <dl class="place-facts">
          <div>
            <dt>{t('wait.ahead')}</dt>
            <dd class="number">{t('wait.aheadCount', { count: ahead ?? 0 })}</dd>
          </div>
          <div>
            <dt>{t('wait.left')}</dt>
            <dd>
              <EtaWords eta={party.etaMinutes} />
            </dd>
          </div>
        </dl>
      )}
      {state === 'called' && party.heldUntil && (
        <p class="place-held">{t('wait.held', { time: timeOf(party.heldUntil, store.value?.timeZone) })}</p>
      )}
      <Actions party={party} />
    </section>
  );
}

function Actions({ party: { state, stepsLeft } }: { party: PartyView }) {
  const [isSure, setSure] = useState(false);
  if (state === 'seated' || state === 'left') {
    return (
      <div class="actions">
        {store.value && (
          <a class="button primary wide" href={`/s/${encodeURIComponent(store.value.slug)}`}>
            {t('wait.menu')}
          </a>
        )}
        <button type="button" class="button wide" onClick={() => keepParty(null)}>
          {t('wait.again')}
        </button>
      </div>
    );
  }
  return (
    <div class="actions">
      {stepsLeft > 0 ? (
        <button type="button" class="button wide" disabled={busy.value} onClick={() => void act('step-back')}>
          {t(state === 'no-show' ? 'wait.comeBack' : 'wait.stepBack')}
          <small>{t('wait.stepBackHelp', { places: STEP_PLACES, count: stepsLeft })}</small>
        </button>
      ) : (
        <p class="soft">{t('wait.noSteps')}</p>
      )}
      {isSure ? (
        <div class="sure">
          <p>{t('wait.leaveSure')}</p>
          <button
            type="button"
            class="button"
            disabled={busy.value}
            onClick={() => {
              setSure(false);
              void act('leave');
            }}
          >
            {t('wait.leaveYes')}
          </button>
          <button type="button" class="button primary" onClick={() => setSure(false)}>
            {t('wait.leaveNo')}
          </button>
        </div>
      ) : (
        <button type="button" class="button quiet" onClick={() => setSure(true)}>
          {t('wait.leave')}
        </button>
      )}
      <p class="soft">
        {following.value?.state.value === 'live' ? t('live.live') : t('live.polling')} · {t('wait.pocket')}
      </p>
    </div>
  );
}
