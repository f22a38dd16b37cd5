import { useState } from 'preact/hooks';
import type { StaffView } from '../../src/contract/staff.ts';
import { words as logWords } from './log-words.ts';
import { people, remove, storeSlug } from './staff-state.ts';
import { words } from './words.ts';

/** Who has a role here; only an owner of everything is told, and may remove somebody. */
export function People() {
  const [asked, setAsked] = useState('');
  if (!people.value || people.value.length === 0) return null;
  return (
    <section class="card" aria-label={logWords('people')}>
      <h2>{logWords('people')}</h2>
      <p class="soft">{logWords('peopleHelp')}</p>
      <ul>
        {people.value.map(({ id, name, login, roles }) => {
          const isAsked = asked === id;
          return (
            <li key={id}>
              <span>
                <strong>{name}</strong>
                <small>
                  {roles.map(describe).join(', ')} · <span translate={false}>{login}</span>
                </small>
              </span>
              <button
                type="button"
                class={`button${isAsked ? ' primary' : ''}`}
                aria-label={logWords(isAsked ? 'sureName' : 'removeName', { name })}
                onClick={() => (isAsked ? void remove(id) : setAsked(id))}
                onBlur={() => setAsked('')}
              >
                {logWords(isAsked ? 'sure' : 'remove')}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const describe = ({ role, store, brand }: StaffView['roles'][number]): string =>
  [words(`role.${role}`), store === storeSlug ? undefined : (store ?? brand ?? logWords('everywhere'))]
    .filter(Boolean)
    .join(' ');
