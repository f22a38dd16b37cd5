import { useState } from 'preact/hooks';
import type { StoreView } from '../../src/contract/store.ts';
import { nameOf, t } from '../shared/language/i18n.ts';
import { matches } from '../shared/language/matches.ts';
import { storeSentence, takesNoOrders } from '../shared/language/store-state.ts';
import { canMake, isEmpty, showNew, showStore, stores } from './setup-state.ts';
import { StateBadge, Tables } from './store-facts.tsx';
import { StorePage } from './store-page.tsx';
import { storeWords } from './store-words.ts';
import { words } from './words.ts';

/** Fewer stores are found by looking. */
const SEARCH_FROM = 6;

/** A row a store: how it is doing, and the one way in. An owner of one store is in it at once. */
export function StoreList() {
  const all = stores.value;
  const [typed, setTyped] = useState('');
  const [onlyStopped, setOnlyStopped] = useState(false);
  const stopped = all?.filter(takesNoOrders) ?? [];
  const shown = (onlyStopped && stopped.length > 0 ? stopped : (all ?? [])).filter(
    ({ name, slug }) => matches(name.ko, typed) || matches(name.en, typed) || matches(slug, typed),
  );
  return (
    <>
      {!all && <p class="soft">{t('loading')}</p>}
      {isEmpty.value && <p class="soft">{words('first')}</p>}
      <div class="store-tools">
        {all && all.length >= SEARCH_FROM && (
          <input
            type="search"
            aria-label={storeWords('find')}
            placeholder={storeWords('find')}
            value={typed}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        )}
        {canMake.value && (
          <button type="button" class="button primary" onClick={showNew}>
            {words('add')}
          </button>
        )}
      </div>
      {all && all.length >= SEARCH_FROM && (
        <div class="store-counts">
          <p class="soft" role="status">
            {storeWords('count', { count: shown.length })}
          </p>
          {stopped.length > 0 && (
            <button
              type="button"
              class="button filter"
              aria-pressed={onlyStopped}
              onClick={() => setOnlyStopped(!onlyStopped)}
            >
              {storeWords('notOpen', { count: stopped.length })}
            </button>
          )}
        </div>
      )}
      {all && shown.length === 0 && !isEmpty.value && <p class="soft">{storeWords('none')}</p>}
      {all?.length === 1 ? (
        <StorePage slug={all[0]!.slug} isOnly />
      ) : (
        <ul class="store-rows">
          {shown.map((store) => (
            <Row key={store.id} store={store} />
          ))}
        </ul>
      )}
    </>
  );
}

function Row({ store }: { store: StoreView }) {
  return (
    <li aria-label={nameOf(store.name)}>
      <button type="button" class="store-row" onClick={() => showStore(store.slug)}>
        <span class="store-row-name">{nameOf(store.name)}</span>
        <StateBadge store={store} />
        <span class="soft">
          <span translate={false}>{store.slug}</span> · <Tables store={store} />
          {store.state !== 'open' && <span class="store-row-says">{storeSentence(store)}</span>}
        </span>
      </button>
    </li>
  );
}
