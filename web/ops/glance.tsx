import type { ComponentChildren } from 'preact';
import type { OpsView } from '../../src/contract/ops.ts';
import { className, liveWords, rate } from './live-words.ts';
import { fullness, refusals, refusedClasses, standingStill, type Verdict } from './verdicts.ts';

/** What is asked first at half past twelve: are we full, who is refused, does something stand still. */
export function Glance({ view }: { view: OpsView }) {
  const now = view.points.at(-1);
  const refused = refusedClasses(view);
  const still = standingStill(view);
  const full = fullness(view);
  const refusal = refusals(view);
  return (
    <div class="glances">
      <Tile name="full" verdict={full} said={liveWords(`full.${full}`)}>
        <p class="number">
          {liveWords('level', { percent: Math.round(100 * (now?.level ?? 0)), ms: Math.round(now?.standingMs ?? 0) })}
        </p>
      </Tile>
      <Tile name="refused" verdict={refusal} said={liveWords(`refused.${refusal}`)}>
        <ul>
          {refused.slice(0, 3).map((each) => (
            <li key={each.class} class="number">
              {className(each.class)} {rate(each.refusedPerSecond)}
            </li>
          ))}
        </ul>
      </Tile>
      <Tile name="still" verdict={still.verdict} said={liveWords(`still.${still.verdict}`)}>
        <ul>
          {still.reasons.slice(0, 3).map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
          {still.reasons.length > 3 && <li>{liveWords('andMore', { count: still.reasons.length - 3 })}</li>}
        </ul>
      </Tile>
    </div>
  );
}

function Tile({
  name,
  verdict,
  said,
  children,
}: {
  name: 'full' | 'refused' | 'still';
  verdict: Verdict;
  said: string;
  children: ComponentChildren;
}) {
  return (
    <section class={`glance ${verdict}`} aria-labelledby={`glance-${name}`}>
      <h2 id={`glance-${name}`}>{liveWords(name)}</h2>
      <p class="verdict" role="status">
        {said}
      </p>
      {children}
    </section>
  );
}
