import { useEffect, useRef, useState } from 'preact/hooks';
import { formatMoney } from '../../src/contract/money.ts';
import { t } from '../shared/language/house-words.ts';
import { language, nameOf } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { stationName } from '../shared/language/station-name.ts';
import { KeyForm } from '../shared/parts/key-form.tsx';
import { NoticePlace } from '../shared/parts/notice.tsx';
import { ToStore } from '../shared/parts/to-store.tsx';
import { CategoryHours } from './category-hours.tsx';
import { DishForm } from './dish-form.tsx';
import { ImportPanel } from './import-panel.tsx';
import { ownerKey, storeSlug } from './menu-api.ts';
import { type Dish, findDish, withDish } from './menu-shape.ts';
import { editedLast, editing, keep, missing, seen, store } from './menu-state.ts';
import { PushPanel } from './push-panel.tsx';
import { w } from './words.ts';

/** A store's menu, as whoever runs it changes it: a dish at a time, or all of it from a file. */
export function MenuPage() {
  const title = w('title', { store: store.value ? nameOf(store.value.name) : storeSlug });
  useEffect(() => {
    document.title = title;
  }, [title]);
  if (!ownerKey.value.value && !missing.value) {
    const words = { title, label: t('owner.key'), help: w('keyHelp'), open: w('open') };
    return (
      <main>
        <KeyForm pageKey={ownerKey} words={words} />
      </main>
    );
  }
  return (
    <>
      <header class="top">
        <ToStore slug={storeSlug} />
        <h1>{title}</h1>
        <LanguageChoice />
      </header>
      <main>
        {missing.value ? (
          <p class="soft">{w('missing')}</p>
        ) : !seen.value ? (
          <p class="soft">{w('loading')}</p>
        ) : (
          <Shown />
        )}
      </main>
      <NoticePlace />
    </>
  );
}

function Shown() {
  const code = editing.value;
  if (code === null) {
    return (
      <>
        <ImportPanel />
        <Dishes />
        {seen.value!.menu.categories.length > 0 && <PushPanel />}
      </>
    );
  }
  const found = findDish(seen.value!.menu, code);
  return <DishForm key={code} dish={found?.dish ?? null} category={found?.category.code} />;
}

function Dishes() {
  const [wanted, setWanted] = useState('');
  const { categories } = seen.value!.menu;
  const text = wanted.trim().toLowerCase();
  const fits = ({ name }: Dish) => `${name.ko} ${name.en}`.toLowerCase().includes(text);
  return (
    <section class="dishes" aria-label={t('menu.categories')}>
      <div class="actions">
        <button
          type="button"
          class="button primary"
          onClick={() => {
            editing.value = 'new';
          }}
        >
          {w('add')}
        </button>
        <input
          type="search"
          class="find"
          aria-label={w('find')}
          placeholder={w('find')}
          value={wanted}
          onInput={({ currentTarget }) => setWanted(currentTarget.value)}
        />
      </div>
      {categories.length === 0 && <p class="soft">{w('none')}</p>}
      {categories.map((category) => (
        <section class="card" key={category.code} aria-label={nameOf(category.name)}>
          <h2>{nameOf(category.name)}</h2>
          <CategoryHours category={category} key={category.hours} />
          <ul class="dish-rows">
            {category.items.filter(fits).map((dish) => (
              <DishRow key={dish.code} dish={dish} category={category.code!} />
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function DishRow({ dish, category }: { dish: Dish; category: string }) {
  const name = nameOf(dish.name);
  const row = useRef<HTMLButtonElement>(null);
  // Whoever comes back from a dish goes on where they were, in a list of hundreds.
  useEffect(() => {
    if (editedLast.value !== dish.code) return;
    editedLast.value = null;
    row.current?.scrollIntoView({ block: 'center' });
    row.current?.focus({ preventScroll: true });
  }, []);
  const { currency } = store.value!;
  const sellOut = (soldOut: boolean) =>
    keep((menu) => {
      const now = findDish(menu, dish.code!);
      return now ? withDish(menu, dish.code, { ...now.dish, soldOut }, { code: now.category.code ?? category }) : null;
    });
  return (
    <li>
      <button
        ref={row}
        type="button"
        class="dish-row"
        onClick={() => {
          editedLast.value = dish.code!;
          editing.value = dish.code!;
        }}
      >
        <strong>
          {name} <span class="visually-hidden">{w('edit')}</span>
        </strong>
        <span class="number">{formatMoney(dish.price, currency, language.value)}</span>
        <span class="soft">
          {[
            stationName(dish.station),
            typeof dish.dailyLimit === 'number' && w('limited', { count: dish.dailyLimit }),
            ...dish.optionGroups.map((group) => nameOf(group.name)),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </button>
      <label class="check">
        <input
          type="checkbox"
          aria-label={w('sellOut', { name })}
          checked={dish.soldOut}
          onChange={({ currentTarget }) => void sellOut(currentTarget.checked)}
        />{' '}
        <span aria-hidden="true">{w('soldOut')}</span>
      </label>
    </li>
  );
}
