import { formatMoney } from '../../src/contract/money.ts';
import type { StoreLogDetails, StoreLogLine } from '../../src/contract/store-log.ts';
import { t } from '../shared/language/house-words.ts';
import { language, nameOf } from '../shared/language/i18n.ts';
import { words } from './log-words.ts';
import { hasEarlier, log, readEarlier, store } from './staff-state.ts';

/** Who changed what this store charges, the newest first. */
export function Log({ timeOf }: { timeOf: (iso: string) => string }) {
  return (
    <section class="card" aria-label={words('log')}>
      <h2>{words('log')}</h2>
      <p class="soft">{words('logHelp')}</p>
      {log.value.length === 0 && <p class="soft">{words('empty')}</p>}
      <ul class="log">
        {log.value.map((line) => (
          <li key={line.id}>
            <span>
              <strong>{whatOf(line)}</strong>
              <small>{aboutOf(line.details)}</small>
              <small>
                {line.by === 'key' ? words('byKey') : line.by} · {timeOf(line.at)}
              </small>
            </span>
          </li>
        ))}
      </ul>
      {hasEarlier.value && (
        <button type="button" class="button" onClick={() => void readEarlier()}>
          {words('more')}
        </button>
      )}
    </section>
  );
}

const money = (amount: number): string => formatMoney(amount, store.value?.currency ?? 'KRW', language.value);

const whatOf = ({ what, details: { amount, rows } }: StoreLogLine): string =>
  words(what, { amount: amount === undefined ? '' : money(amount), rows: rows ?? 0 }).trim();

function aboutOf({ dish, from, to, table, number, amount, reason }: StoreLogDetails): string {
  // Portions have an amount of their own beside them.
  const value = amount === undefined ? money : String;
  const known = REASONS.find((each) => each === reason);
  return [
    table !== undefined && words('table', { table }),
    number !== undefined && words('order', { number }),
    dish && nameOf(dish),
    from !== undefined && to !== undefined && `${value(from)} → ${value(to)}`,
    known ? t(`refuse.${known}`) : reason,
  ]
    .filter(Boolean)
    .join(' · ');
}

const REASONS = ['sold-out', 'too-busy', 'closing', 'duplicate', 'asked', 'shop'] as const;
