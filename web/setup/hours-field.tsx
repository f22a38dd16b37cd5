import type { Day, PartProps } from './form-state.ts';
import { words } from './words.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const BREAK = { from: '17:00', to: '22:00' };

/** Each day's times, with a break if there is one. A time that ends after midnight is of the day on which it began. */
export function HoursField({ draft, set, wrong }: PartProps) {
  const setDay = (at: number, day: Day) => set({ days: draft.days.map((each, index) => (index === at ? day : each)) });
  return (
    <fieldset class="field">
      <legend>{words('hours')}</legend>
      <div class="choices">
        <label>
          <input type="radio" name="hours" checked={!draft.byHours} onChange={() => set({ byHours: false })} />{' '}
          {words('always')}
        </label>
        <label>
          <input type="radio" name="hours" checked={draft.byHours} onChange={() => set({ byHours: true })} />{' '}
          {words('byHours')}
        </label>
      </div>
      {draft.byHours && (
        <ul class="days">
          {draft.days.map((day, at) => (
            <li key={DAYS[at]}>
              <label class="day">
                <input
                  type="checkbox"
                  checked={day.isOpen}
                  onChange={({ currentTarget }) => setDay(at, { ...day, isOpen: currentTarget.checked })}
                />{' '}
                {words(`day.${DAYS[at]!}`)}
              </label>
              {day.isOpen ? (
                <div class="spans">
                  {day.spans.map((span, which) => (
                    <Span
                      key={which}
                      label={words(`day.${DAYS[at]!}`)}
                      span={span}
                      wrong={wrong !== undefined}
                      onChange={(next) =>
                        setDay(at, { ...day, spans: day.spans.map((each, index) => (index === which ? next : each)) })
                      }
                    />
                  ))}
                  <button
                    type="button"
                    class="button quiet"
                    aria-label={`${words(day.spans.length > 1 ? 'noBreak' : 'break')}: ${words(`day.${DAYS[at]!}`)}`}
                    onClick={() =>
                      setDay(at, {
                        ...day,
                        spans: day.spans.length > 1 ? day.spans.slice(0, 1) : [...day.spans, BREAK],
                      })
                    }
                  >
                    {words(day.spans.length > 1 ? 'noBreak' : 'break')}
                  </button>
                </div>
              ) : (
                <span class="soft">{words('closed')}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      <p class={wrong ? 'wrong' : 'soft'}>{wrong ?? words('hoursHelp')}</p>
    </fieldset>
  );
}

interface SpanProps {
  readonly label: string;
  readonly span: Day['spans'][number];
  readonly wrong: boolean;
  readonly onChange: (span: Day['spans'][number]) => void;
}

function Span({ label, span, wrong, onChange }: SpanProps) {
  return (
    <span class="span">
      <input
        type="time"
        aria-label={`${label} ${words('from')}`}
        aria-invalid={wrong}
        value={span.from}
        onInput={({ currentTarget }) => onChange({ ...span, from: currentTarget.value })}
      />
      <span aria-hidden="true">–</span>
      <input
        type="time"
        aria-label={`${label} ${words('to')}`}
        aria-invalid={wrong}
        value={span.to === '24:00' ? '00:00' : span.to}
        onInput={({ currentTarget }) => onChange({ ...span, to: currentTarget.value })}
      />
    </span>
  );
}
