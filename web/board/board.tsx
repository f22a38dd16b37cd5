import { Wall } from '../shared/parts/wall.tsx';
import { board, called, wall } from './board-state.ts';
import { isAmong, toLabels } from './newly-ready.ts';
import { words } from './words.ts';

/** More than these are set smaller: nobody scrolls a screen on the wall, and 20 of each have to fit on it. */
const ROOMY_MAX = { cooking: 12, ready: 8 } as const;

function Numbers({ kind, numbers }: { kind: 'cooking' | 'ready'; numbers: readonly number[] }) {
  return (
    <section class={`column ${kind}`} aria-label={words(kind)}>
      <h2>{words(kind)}</h2>
      <ol class={numbers.length > ROOMY_MAX[kind] ? 'many' : ''}>
        {toLabels(numbers).map((label) => (
          <li
            key={`${label.number} ${label.nth}`}
            class={kind === 'ready' && isAmong(called.value, label) ? 'number called' : 'number'}
          >
            {label.number}
          </li>
        ))}
      </ol>
      {numbers.length === 0 && <p>{words('nobody')}</p>}
    </section>
  );
}

export const Board = () => (
  <Wall
    state={wall}
    title={(name) => words('title', { store: name })}
    said={
      called.value.length > 0 ? words('called', { numbers: called.value.map(({ number }) => number).join(', ') }) : ''
    }
  >
    <Numbers kind="ready" numbers={board.value?.ready ?? []} />
    <Numbers kind="cooking" numbers={board.value?.cooking ?? []} />
  </Wall>
);
