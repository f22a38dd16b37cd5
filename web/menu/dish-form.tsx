import { useEffect, useRef, useState } from 'preact/hooks';
import { ALLERGENS } from '../../src/contract/allergens.ts';
import type { FieldProblem } from '../../src/contract/errors.ts';
import { formatMoney } from '../../src/contract/money.ts';
import { language, nameOf } from '../shared/language/i18n.ts';
import { stationName, stationNames } from '../shared/language/station-name.ts';
import { Field } from '../shared/parts/field.tsx';
import { say } from '../shared/parts/notice.tsx';
import { AttributeFields } from './attribute-fields.tsx';
import { FlagFields, NumberFields } from './declared-fields.tsx';
import { type Draft, dishOf, draftOf } from './dish-draft.ts';
import { type Dish, findDish, isSame, type Menu, withDish, withoutDish } from './menu-shape.ts';
import { editing, keep, seen, store } from './menu-state.ts';
import { OptionFields } from './option-fields.tsx';
import { PhotoField } from './photo-field.tsx';
import { w } from './words.ts';

/** What is wrong, by the field's path in the dish, such as `optionGroups[0].max`. */
type Wrong = Readonly<Record<string, string>>;

const IN_DISH = /^categories\[\d+\](?:\.items\[\d+\])?\.?/;

const toWrong = (fields: readonly FieldProblem[]): Wrong =>
  Object.fromEntries(fields.map(({ field, problem }) => [field.replace(IN_DISH, ''), problem]));

const leave = () => {
  editing.value = null;
};

/** One dish, changed or new. @param dish null: a new one */
export function DishForm({ dish, category }: { dish: Dish | null; category: string | undefined }) {
  const { currency } = store.value!;
  const [base, setBase] = useState(dish);
  const [draft, setDraft] = useState(() => draftOf(dish, category, seen.value!.menu, currency));
  const [wrong, setWrong] = useState<Wrong>({});
  const [isSaving, setSaving] = useState(false);
  const [isSure, setSure] = useState(false);
  const [met, setMet] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [wrong]);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });

  /** Changes the menu while this dish is as it was when it was opened; otherwise says what it is now. */
  const change = async (make: (menu: Menu) => Menu, done: string) => {
    setSaving(true);
    const fields = await keep((menu) => {
      const now = dish && findDish(menu, dish.code!);
      if (!dish || (now && isSame(now.dish, base))) return make(menu);
      if (now) {
        setBase(now.dish);
        setMet(w('dishChanged', { now: inWords(now.dish, currency) }));
      } else setMet(w('dishGone'));
      return null;
    });
    setSaving(false);
    if (fields?.length === 0) {
      say(done);
      leave();
    } else if (fields) setWrong(toWrong(fields));
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const made = dishOf(draft, base, currency);
    if ('wrong' in made) {
      const words = { amount: w('wrongAmount'), count: w('wrongCount'), name: w('wrongName') };
      return setWrong(Object.fromEntries(Object.entries(made.wrong).map(([path, kind]) => [path, words[kind]])));
    }
    setWrong({});
    await change((menu) => withDish(menu, dish?.code, made.dish, made.place), w('saved', { name: draft.nameKo }));
  };

  const text = (key: TextKey, path: string, label: string, help = '', more: object = {}) => (
    <Field id={key} label={label} help={help} wrong={wrong[path]}>
      <input
        id={key}
        value={draft[key]}
        aria-describedby={`${key}-help`}
        aria-invalid={wrong[path] !== undefined}
        autocomplete="off"
        onInput={({ currentTarget }) => set({ [key]: currentTarget.value })}
        {...more}
      />
    </Field>
  );
  const { categories } = seen.value!.menu;
  const stations = [
    ...new Set([
      ...stationNames.value.map(({ code }) => code),
      ...categories.flatMap(({ items }) => items.map(({ station }) => station)),
      draft.station,
    ]),
  ].filter((code) => code !== '');
  const others = Object.entries(wrong).filter(([path]) => !SHOWN.test(path) && !Object.hasOwn(draft.fields, path));
  return (
    <form ref={form} class="store-form dish-form" onSubmit={submit} noValidate>
      <h2 ref={heading} tabIndex={-1}>
        {dish ? nameOf(dish.name) : w('add')}
      </h2>
      {met && (
        <p class="banner" role="alert">
          {met}
        </p>
      )}
      {others.map(([path, problem]) => (
        <p class="banner" role="alert" key={path}>
          {path} {problem}
        </p>
      ))}
      {text('nameKo', 'name.ko', w('col.name_ko'))}
      {text('nameEn', 'name.en', w('col.name_en'))}
      {text('price', 'price', w('col.price'), w('help.price', { currency }), { inputMode: 'decimal' })}
      <Field id="category" label={w('col.category')}>
        <select
          id="category"
          value={draft.category}
          onChange={({ currentTarget }) => set({ category: currentTarget.value })}
        >
          {categories.map(({ code, name }) => (
            <option key={code} value={code}>
              {nameOf(name)}
            </option>
          ))}
          <option value="">{w('newCategory')}</option>
        </select>
      </Field>
      {draft.category === '' && text('newCategory', 'newCategory', w('categoryName'))}
      <Field id="station" label={w('col.station')} wrong={draft.station === '' ? undefined : wrong.station}>
        <select
          id="station"
          value={draft.station}
          aria-describedby="station-help"
          onChange={({ currentTarget }) => set({ station: currentTarget.value })}
        >
          {stations.map((code) => (
            <option key={code} value={code}>
              {stationName(code)}
            </option>
          ))}
          <option value="">{w('newStation')}</option>
        </select>
      </Field>
      {draft.station === '' && text('newStation', 'station', w('stationName'), w('help.station'))}
      {text('hours', 'hours', w('col.hours'), w('help.hours'))}
      <NumberFields values={draft.fields} wrong={wrong} set={(fields) => set({ fields })} />
      <label class="check">
        <input
          type="checkbox"
          checked={draft.soldOut}
          onChange={({ currentTarget }) => set({ soldOut: currentTarget.checked })}
        />{' '}
        {w('soldOut')}
      </label>
      <FlagFields values={draft.fields} set={(fields) => set({ fields })} />
      <PhotoField photo={draft.photo} set={(photo) => setDraft((now) => ({ ...now, photo }))} />
      {text('descriptionKo', 'description.ko', w('col.description_ko'))}
      {text('descriptionEn', 'description.en', w('col.description_en'))}
      {text('originKo', 'origin.ko', w('col.origin_ko'), w('help.origin'))}
      {text('originEn', 'origin.en', w('col.origin_en'))}
      <fieldset class="field">
        <legend>{w('col.allergens')}</legend>
        <div class="choices">
          {Object.entries(ALLERGENS).map(([code, names]) => (
            <label key={code}>
              <input
                type="checkbox"
                checked={draft.allergens.includes(code)}
                onChange={({ currentTarget }) =>
                  set({
                    allergens: currentTarget.checked
                      ? [...draft.allergens, code]
                      : draft.allergens.filter((each) => each !== code),
                  })
                }
              />{' '}
              {nameOf(names)}
            </label>
          ))}
        </div>
      </fieldset>
      <AttributeFields codes={draft.attributes} set={(attributes) => set({ attributes })} />
      <OptionFields groups={draft.groups} wrong={wrong} set={(groups) => set({ groups })} />
      <div class="actions">
        <button type="submit" class="button primary" disabled={isSaving}>
          {w('save')}
        </button>
        <button type="button" class="button" onClick={leave}>
          {w('back')}
        </button>
        {dish && (
          <button
            type="button"
            class="button quiet"
            disabled={isSaving}
            onClick={() => {
              if (!isSure) setSure(true);
              else void change((menu) => withoutDish(menu, dish.code!), w('change.removed'));
            }}
          >
            {w(isSure ? 'removeSure' : 'remove')}
          </button>
        )}
      </div>
    </form>
  );
}

type TextKey = { [K in keyof Draft]: Draft[K] extends string ? K : never }[keyof Draft];

/** Paths that have a field of their own on the form, besides those that are declared. */
const SHOWN =
  /^(newCategory|name\.(ko|en)|price|station|hours|(?:description|origin)\.(ko|en)|optionGroups\[\d+\]\.(name\.ko|min|max|options\[\d+\]\.(name\.ko|price)))$/;

/** What somebody else made of a dish, in short. */
const inWords = ({ name, price, soldOut, station }: Dish, currency: string): string =>
  [nameOf(name), formatMoney(price, currency, language.value), stationName(station), soldOut && w('soldOut')]
    .filter(Boolean)
    .join(' · ');
