import { t } from '../shared/language/house-words.ts';
import { QrCode } from '../shared/parts/qr-code.tsx';
import { Wall } from '../shared/parts/wall.tsx';
import { door, fresh, joinAddress, wall } from './door-state.ts';

/** At the door: how to join on one side, who is called on the other. */
export function Door() {
  const now = door.value;
  return (
    <Wall
      state={wall}
      title={(name) => t('door.title', { store: name })}
      said={fresh.value.size > 0 ? t('door.called', { numbers: [...fresh.value].join(', ') }) : ''}
    >
      <section class="join" aria-label={t('door.join')}>
        {now && now.state !== 'open' ? (
          <>
            <h2>{t(`wait.state.${now.state}`)}</h2>
            <p>{t(`wait.stateHelp.${now.state}`)}</p>
          </>
        ) : (
          <>
            <h2>{t('door.join')}</h2>
            <QrCode text={joinAddress} label={t('door.qr')} />
            <p class="address">{joinAddress.replace(/^https?:\/\//, '')}</p>
          </>
        )}
        {now && <Facts />}
      </section>
      <section class="calls" aria-label={t('door.calls')}>
        <h2>{t('door.calls')}</h2>
        <ol>
          {now?.calls.map(({ number }) => (
            <li key={number} class={`number ${fresh.value.has(number) ? 'called' : ''}`}>
              {number}
            </li>
          ))}
        </ol>
        {now?.calls.length === 0 && <p>{t('door.nobody')}</p>}
      </section>
    </Wall>
  );
}

/** How long the line is, and what each size would be told. */
function Facts() {
  const { waiting, eta } = door.value!;
  let from = 1;
  const rows = eta.map(({ sizeMax, etaMinutes }) => {
    const words = sizeMax === null ? t('door.sizeFrom', { from }) : t('door.sizes', { from, to: sizeMax });
    from = (sizeMax ?? 0) + 1;
    return { words, etaMinutes };
  });
  return (
    <div class="facts">
      <p class="waiting">{t('door.waiting', { count: waiting })}</p>
      {rows.some(({ etaMinutes }) => etaMinutes) && (
        <dl>
          {rows.map(({ words, etaMinutes }) => (
            <div key={words}>
              <dt>{words}</dt>
              <dd class="number">{etaMinutes ? t('wait.eta', { from: etaMinutes.from, to: etaMinutes.to }) : '–'}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
