import { useState } from 'preact/hooks';
import { t } from '../shared/language/house-words.ts';
import { timeOf } from '../shared/language/i18n.ts';
import { stationName } from '../shared/language/station-name.ts';
import { promiseOf, storeSentence } from '../shared/language/store-state.ts';
import { Sheet } from '../shared/parts/sheet.tsx';
import { stations, store } from './board-state.ts';
import { isChanging, pacing, setState } from './pace-state.ts';
import { words } from './pace-words.ts';

/** Minutes; null: of a pause until somebody opens again, of a slower kitchen until its business day ends. */
const PAUSES = [10, 20, 30, null] as const;
const REASONS = ['reason.group', 'reason.kitchen', 'reason.break'] as const;

/** How full each station is, and the store's own brake: one hand, two taps. */
export function PaceSheet({ onClose }: { onClose: () => void }) {
  const [reason, setReason] = useState<string>('');
  const shown = store.value;
  if (!shown) return null;
  const isOpen = shown.state === 'open';
  return (
    <Sheet label={words('title')} title={words('title')} onClose={onClose} full class="pace-sheet">
      <p class={`pace-now ${shown.state}`} role="status">
        <strong>{t(`store.${shown.state}`)}</strong> {shown.state !== 'paused' && promiseOf(shown)}
        {shown.state === 'busy' && shown.until && ` · ${words('until', { time: timeOf(shown.until, shown.timeZone) })}`}
        {!isOpen && <small>{storeSentence(shown)}</small>}
      </p>
      <Loads />
      {!isOpen && (
        <button
          type="button"
          class="button primary wide"
          disabled={isChanging.value}
          onClick={() => void setState('open')}
        >
          {t('pace.open')}
        </button>
      )}
      <fieldset class="pace-reasons">
        <legend>{words('reason')}</legend>
        {REASONS.map((key) => (
          <button
            type="button"
            key={key}
            class="tool"
            aria-pressed={reason === words(key)}
            onClick={() => setReason(reason === words(key) ? '' : words(key))}
          >
            {words(key)}
          </button>
        ))}
      </fieldset>
      <fieldset class="pace-choices">
        <legend>{words('pause')}</legend>
        {PAUSES.map((minutes) => (
          <button
            type="button"
            key={minutes ?? 'open'}
            class="pace-pause"
            disabled={isChanging.value}
            onClick={() => void setState('paused', { minutes: minutes ?? undefined, reason })}
          >
            {minutes === null ? words('untilOpened') : t('kitchen.age', { count: minutes })}
          </button>
        ))}
      </fieldset>
      <fieldset class="pace-choices">
        <legend>{words('slow')}</legend>
        {PAUSES.map((minutes) => (
          <button
            type="button"
            key={minutes ?? 'open'}
            class="pace-slow"
            disabled={isChanging.value}
            onClick={() => void setState('busy', { minutes: minutes ?? undefined, reason })}
          >
            {minutes === null ? words('untilDayEnds') : t('kitchen.age', { count: minutes })}
          </button>
        ))}
      </fieldset>
    </Sheet>
  );
}

/** Of each station: portions open, of how many it can have, and how fast it has been. */
function Loads() {
  const known = pacing.value?.stations ?? [];
  // Without pacing nobody counts portions; the tickets on the board say where the work is.
  const loads =
    known.length > 0
      ? known
      : [...stations.value].map(([station, open]) => ({ station, open, capacity: null, portionsPerMinute: null }));
  const shareOf = ({ open, capacity }: (typeof loads)[number]): number => (capacity === null ? 0 : open / capacity);
  const fullestFirst = loads.toSorted((one, other) => shareOf(other) - shareOf(one) || other.open - one.open);
  return (
    <ul class="pace-loads" aria-label={words('load')}>
      {fullestFirst.map((load) => {
        const { station, open, capacity, portionsPerMinute } = load;
        const share = shareOf(load);
        return (
          <li key={station} class={share >= 1 ? 'full' : share >= 0.8 ? 'near' : ''}>
            <span>{stationName(station)}</span>
            <span class="number">{capacity === null ? open : words('of', { open, capacity })}</span>
            {portionsPerMinute !== null && <small>{words('rate', { count: portionsPerMinute })}</small>}
            {capacity !== null && (
              <meter min={0} max={1} value={Math.min(1, share)} aria-label={stationName(station)} />
            )}
          </li>
        );
      })}
    </ul>
  );
}
