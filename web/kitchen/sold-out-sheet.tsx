import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { ItemChange, ItemView } from '../../src/contract/menu.ts';
import { t } from '../shared/language/house-words.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { canBeChosen } from '../shared/parts/choices.ts';
import { say } from '../shared/parts/notice.tsx';
import { Sheet } from '../shared/parts/sheet.tsx';
import { request } from '../shared/server/api.ts';
import { kitchenKey, storeSlug } from './key.ts';
import { loadMenu, menu } from './menu-state.ts';

const path = `/stores/${encodeURIComponent(storeSlug)}`;
/** Dishes whose change is on its way, with what they are to become. */
const changing = signal<ReadonlyMap<string, boolean>>(new Map());

async function setSoldOut(item: ItemView, soldOut: boolean): Promise<void> {
  changing.value = new Map(changing.value).set(item.id, soldOut);
  try {
    const body = { soldOut } satisfies ItemChange;
    await request(`${path}/items/${item.id}`, { method: 'PUT', body, token: kitchenKey.value.value ?? undefined });
    apply(item.id, soldOut);
  } catch {
    say(t('kitchen.menuFailed'), 'problem');
  }
  const rest = new Map(changing.value);
  rest.delete(item.id);
  changing.value = rest;
}

/** Shown at once; the menu that the server sends round says the same a moment later. */
function apply(itemId: string, soldOut: boolean): void {
  if (!menu.value) return;
  menu.value = {
    ...menu.value,
    categories: menu.value.categories.map((category) => ({
      ...category,
      items: category.items.map((item) =>
        item.id === itemId ? { ...item, soldOut: soldOut || item.remaining === 0 || !canBeChosen(item) } : item,
      ),
    })),
  };
}

/** Every dish with one button that sells it out or puts it back. */
export function SoldOutSheet({ onClose }: { onClose: () => void }) {
  const [wanted, setWanted] = useState('');
  useEffect(() => void loadMenu(), []);
  // Names are composed; what was pasted from a Mac's file may not be.
  const looked = wanted.normalize('NFC').trim().toLowerCase();
  const matches = ({ name }: ItemView) => `${name.ko} ${name.en}`.toLowerCase().includes(looked);
  return (
    <Sheet label={t('kitchen.menu')} title={t('kitchen.menu')} onClose={onClose} full class="sold-out-sheet">
      <input
        type="search"
        placeholder={t('kitchen.search')}
        aria-label={t('kitchen.search')}
        value={wanted}
        onInput={(event) => setWanted(event.currentTarget.value)}
      />
      {!menu.value && <p class="lane-empty">{t('loading')}</p>}
      {menu.value?.categories.map((category) => {
        const items = category.items.filter(matches);
        return (
          items.length > 0 && (
            <section key={category.id}>
              <h3>{nameOf(category.name)}</h3>
              <ul>
                {items.map((item) => (
                  <Dish key={item.id} item={item} />
                ))}
              </ul>
            </section>
          )
        );
      })}
    </Sheet>
  );
}

function Dish({ item }: { item: ItemView }) {
  const usedUp = item.remaining === 0;
  const noChoice = !canBeChosen(item);
  const soldOut = changing.value.get(item.id) ?? item.soldOut;
  return (
    <li class={soldOut ? 'gone' : ''}>
      <span>
        {nameOf(item.name)}
        {item.remaining !== null && (
          <small class="number">{usedUp ? t('kitchen.usedUp') : t('menu.left', { count: item.remaining })}</small>
        )}
        {noChoice && <small>{t('kitchen.noChoice')}</small>}
      </span>
      <button
        type="button"
        class={soldOut ? 'put-back' : 'sell-out'}
        disabled={usedUp || changing.value.has(item.id)}
        aria-label={`${nameOf(item.name)} ${t(soldOut ? 'kitchen.putBack' : 'kitchen.sellOut')}`}
        onClick={() => void setSoldOut(item, !soldOut)}
      >
        {t(soldOut ? 'kitchen.putBack' : 'kitchen.sellOut')}
      </button>
    </li>
  );
}
