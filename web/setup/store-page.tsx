import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../shared/language/house-words.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { storeSentence, takesNoOrders } from '../shared/language/store-state.ts';
import { words as staffWords } from '../staff/words.ts';
import { FirstSteps, noMenu, useBareMenu } from './first-steps.tsx';
import { PauseSheet } from './pause-sheet.tsx';
import { back, setState, showCodes, showSettings, stores } from './setup-state.ts';
import { StateBadge, Tables } from './store-facts.tsx';
import { storeWords } from './store-words.ts';
import { words } from './words.ts';

/** Where an evening happens: whoever made a store would not guess the addresses. */
const DAILY = [
  ['kitchen', 'page.kitchen'],
  ['hall', 'page.hall'],
  ['bills', 'page.bills'],
  ['owner', 'page.owner'],
  ['s', 'page.guest'],
  ['w', 'page.line'],
  ['board', 'page.board'],
  ['door', 'page.door'],
] as const;

/** One store: whether it takes orders, its settings, and the screens of its day. @param isOnly it stands in the list's place */
export function StorePage({ slug, isOnly = false }: { slug: string; isOnly?: boolean }) {
  const [pauses, setPauses] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isOnly) heading.current?.focus();
  }, [slug]);
  const store = stores.value?.find((each) => each.slug === slug);
  const isBare = useBareMenu(slug);
  // A store that was just made is in the list within a second.
  if (!store) return <p class="soft">{t('loading')}</p>;
  const name = nameOf(store.name);
  const at = encodeURIComponent(slug);
  return (
    <section class="store-page" aria-label={name}>
      {!isOnly && (
        <p>
          <button type="button" class="button" onClick={back}>
            ‹ {words('back')}
          </button>
        </p>
      )}
      <h2 ref={heading} tabIndex={-1}>
        {name}
      </h2>
      <p class="soft">
        <StateBadge store={store} /> <span translate={false}>{slug}</span> · <Tables store={store} />
      </p>
      <div class="card">
        <h3>{storeWords('orders')}</h3>
        <p class="soft" role="status">
          {storeSentence(store) ?? (isBare ? noMenu() : storeWords('takes'))}
        </p>
        <div class="actions">
          {store.state !== 'open' && (
            <button type="button" class="button" onClick={() => void setState(slug, 'open')}>
              {t('pace.open')}
            </button>
          )}
          {!takesNoOrders(store) && (
            <button type="button" class="button" onClick={() => setPauses(true)}>
              {storeWords('stop')}
            </button>
          )}
        </div>
      </div>
      {isBare && <FirstSteps slug={slug} />}
      <nav class="card" aria-label={words('daily', { store: name })}>
        <h3>{words('dailyTitle')}</h3>
        <div class="tiles">
          {DAILY.map(([page, label]) => (
            <a key={page} class="button" href={`/${page}/${at}`}>
              {words(label)}
            </a>
          ))}
        </div>
      </nav>
      <div class="card">
        <h3>{storeWords('store')}</h3>
        <div class="tiles">
          <button type="button" class="button" onClick={() => void showSettings(slug)}>
            {words('edit')}
          </button>
          <a class="button" href={`/menu/${at}`}>
            {words('menu')}
          </a>
          <a class="button" href={`/staff/${at}`}>
            {staffWords('pageTitle')}
          </a>
          <button type="button" class="button" onClick={() => showCodes(slug)}>
            {words('codes')}
          </button>
        </div>
      </div>
      {pauses && <PauseSheet store={store} onClose={() => setPauses(false)} />}
    </section>
  );
}
