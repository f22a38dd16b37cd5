import type { SalesTimes } from '../../src/contract/sales.ts';
import type { Shown } from './sales-state.ts';
import { w } from './words.ts';

const PARTS = ['waiting', 'cooking', 'whole'] as const;

/** How long guests waited, and how often longer than promised. */
export function Times({ seen: { times } }: { seen: Shown }) {
  return (
    <section class="panel" aria-label={w('times')}>
      <div class="panel-head">
        <h2>{w('times')}</h2>
      </div>
      {times.orders === 0 ? (
        <p class="soft nothing">{w('none')}</p>
      ) : (
        <>
          <ul class="times">
            {PARTS.map((part) => (
              <Part key={part} label={w(part)} spread={times[part]} />
            ))}
          </ul>
          <p class="soft">{w('late', { orders: times.orders, late: times.late })}</p>
        </>
      )}
    </section>
  );
}

function Part({ label, spread: { median, p90 } }: { label: string; spread: SalesTimes['whole'] }) {
  if (median === null || p90 === null) return null;
  return (
    <li>
      <span class="what">{label}</span>
      <strong>{w('half', { time: asTime(median) })}</strong>
      <span class="soft">{w('most', { time: asTime(p90) })}</span>
    </li>
  );
}

function asTime(seconds: number): string {
  const whole = Math.round(seconds);
  return w('minutes', { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}
