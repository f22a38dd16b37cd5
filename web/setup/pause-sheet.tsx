import { useEffect, useState } from 'preact/hooks';
import { REASON_LENGTH_MAX } from '../../src/contract/bounds.ts';
import type { StoreView } from '../../src/contract/store.ts';
import { words as paceWords } from '../kitchen/pace-words.ts';
import { nameOf, timeOf } from '../shared/language/i18n.ts';
import { Sheet } from '../shared/parts/sheet.tsx';
import { serverNowMs } from '../shared/server/clock.ts';
import { closingAt, nextAt } from './pause-until.ts';
import { readSettings, setState } from './setup-state.ts';
import { storeWords } from './store-words.ts';

const MINUTES = [30, 60, 120] as const;
const REASONS = ['reason.group', 'reason.kitchen', 'reason.break'] as const;
type Choice = (typeof MINUTES)[number] | 'closing' | 'at' | 'opened';

/** Until when a store takes no orders, and what its guests are told. */
export function PauseSheet({ store, onClose }: { store: StoreView; onClose: () => void }) {
  const { slug, timeZone } = store;
  const [choice, setChoice] = useState<Choice>(30);
  const [time, setTime] = useState('');
  const [reason, setReason] = useState('');
  const [closing, setClosing] = useState<Date>();
  const [isSending, setSending] = useState(false);
  useEffect(() => {
    void readSettings(slug).then((settings) => setClosing(settings && closingAt(settings, serverNowMs())));
  }, [slug]);

  const until = (): Date | null => {
    if (choice === 'opened') return null;
    if (choice === 'closing') return closing!;
    if (choice === 'at') return nextAt(time, timeZone, serverNowMs());
    return new Date(serverNowMs() + choice * 60_000);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    setSending(true);
    await setState(slug, 'paused', { until: until(), reason: reason.trim() || null });
    onClose();
  };
  const choices: readonly (readonly [Choice, string])[] = [
    ...MINUTES.map((count) => [count, minutesSaid(count)] as const),
    ...(closing
      ? [['closing', storeWords('closing', { time: timeOf(closing.toISOString(), timeZone) })] as const]
      : []),
    ['at', storeWords('at')],
    ['opened', storeWords('opened')],
  ];
  return (
    <Sheet
      label={`${nameOf(store.name)}: ${storeWords('stop')}`}
      title={storeWords('stop')}
      onClose={onClose}
      footer={
        <button
          type="submit"
          form="pause"
          class="button primary wide"
          disabled={isSending || (choice === 'at' && time === '')}
        >
          {storeWords('doStop')}
        </button>
      }
    >
      <form id="pause" class="pause" onSubmit={submit}>
        <fieldset class="field">
          <legend>{storeWords('how')}</legend>
          <div class="pause-choices">
            {choices.map(([value, label]) => (
              <label key={value}>
                <input type="radio" name="until" checked={choice === value} onChange={() => setChoice(value)} />
                <span>{label}</span>
              </label>
            ))}
          </div>
          {choice === 'at' && (
            <label class="pause-time">
              <span>{storeWords('time')}</span>
              <input type="time" required value={time} onInput={({ currentTarget }) => setTime(currentTarget.value)} />
            </label>
          )}
        </fieldset>
        <div class="field">
          <label for="pause-reason">{storeWords('reason')}</label>
          <div class="actions">
            {REASONS.map((key) => (
              <button
                type="button"
                key={key}
                class="button filter"
                aria-pressed={reason === paceWords(key)}
                onClick={() => setReason(reason === paceWords(key) ? '' : paceWords(key))}
              >
                {paceWords(key)}
              </button>
            ))}
          </div>
          <input
            id="pause-reason"
            value={reason}
            maxLength={REASON_LENGTH_MAX}
            aria-describedby="pause-reason-help"
            autocomplete="off"
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <p id="pause-reason-help" class="soft">
            {storeWords('reasonHelp')}
          </p>
        </div>
      </form>
    </Sheet>
  );
}

function minutesSaid(count: number): string {
  if (count < 60) return storeWords('minutes', { count });
  return count === 60 ? storeWords('hour') : storeWords('hours', { count: count / 60 });
}
