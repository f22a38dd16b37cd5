import { useEffect, useRef, useState } from 'preact/hooks';
import type { PushField, PushPreview } from '../../src/contract/menu-push.ts';
import { formatMoney } from '../../src/contract/money.ts';
import { language, nameOf } from '../shared/language/i18n.ts';
import { seen, store } from './menu-state.ts';
import { loadOthers, look, looked, others, push, result } from './push-state.ts';
import { w } from './words.ts';

/** This store's prices and availability for other stores: chosen, compared, looked at, and only then sent. */
export function PushPanel() {
  const [isOpen, setOpen] = useState(false);
  return (
    <section class="card" aria-label={w('push')}>
      <h2>{w('push')}</h2>
      <p class="soft">{w('pushHelp')}</p>
      {isOpen ? (
        <Choice />
      ) : (
        <div class="actions">
          <button
            type="button"
            class="button"
            onClick={() => {
              setOpen(true);
              void loadOthers();
            }}
          >
            {w('pushOpen')}
          </button>
        </div>
      )}
    </section>
  );
}

function Choice() {
  const [stores, setStores] = useState<readonly string[]>([]);
  const [dishes, setDishes] = useState<readonly string[]>([]);
  const [fields, setFields] = useState<readonly PushField[]>(['price']);
  const found = others.value;
  if (!found) return <p class="soft">{w('loading')}</p>;
  const all = seen.value!.menu.categories.flatMap(({ items }) => items);
  return (
    <>
      <Boxes
        title={w('pushStores')}
        boxes={found.map(({ slug, name }) => ({ value: slug, label: nameOf(name) }))}
        chosen={stores}
        set={setStores}
      />
      <Boxes
        title={w('pushDishes')}
        boxes={all.map(({ code, name }) => ({ value: code!, label: nameOf(name) }))}
        chosen={dishes}
        set={setDishes}
      />
      <Boxes
        title={w('pushFields')}
        boxes={[
          { value: 'price' as const, label: w('col.price') },
          { value: 'soldOut' as const, label: w('soldOut') },
        ]}
        chosen={fields}
        set={setFields}
      />
      <div class="actions">
        <button
          type="button"
          class="button primary"
          disabled={stores.length === 0 || dishes.length === 0 || fields.length === 0}
          onClick={() => void look({ stores, dishes, fields })}
        >
          {w('pushLook')}
        </button>
      </div>
      {looked.value && <Preview preview={looked.value.preview} />}
      {result.value && (
        <ul class="changes" role="status">
          {result.value.items.map(({ store, outcome, changed }) => (
            <li key={store}>
              <strong>{storeNamed(store)}</strong> {outcomeWords(outcome, changed)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface BoxesProps<T extends string> {
  readonly title: string;
  readonly boxes: readonly { readonly value: T; readonly label: string }[];
  readonly chosen: readonly T[];
  readonly set: (chosen: readonly T[]) => void;
}

function Boxes<T extends string>({ title, boxes, chosen, set }: BoxesProps<T>) {
  return (
    <fieldset class="field">
      <legend>{title}</legend>
      <div class="choices">
        {boxes.map(({ value, label }) => (
          <label key={value}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={({ currentTarget }) =>
                set(currentTarget.checked ? [...chosen, value] : chosen.filter((each) => each !== value))
              }
            />{' '}
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Preview({ preview }: { preview: PushPreview }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [preview]);
  const { currency } = store.value!;
  const money = (amount: number) => formatMoney(amount, currency, language.value);
  const changing = preview.items.filter(({ outcome }) => outcome === 'change').length;
  return (
    <div class="outcome">
      <h3 ref={heading} tabIndex={-1}>
        {w('pushPreview')}
      </h3>
      <ul class="changes">
        {preview.items.map(({ store: slug, outcome, changes, missing }) => (
          <li key={slug}>
            <strong>{storeNamed(slug)}</strong> {outcome !== 'change' && outcomeWords(outcome, 0)}
            {changes.map(({ code, name, price, soldOut }) => (
              <p key={code}>
                {nameOf(name)}
                {price && `: ${money(price.from)} → ${money(price.to)}`}
                {soldOut && ` · ${w(soldOut.to ? 'pushSoldOut' : 'pushOnSale')}`}
              </p>
            ))}
            {missing.length > 0 && <p class="soft">{w('pushMissing', { count: missing.length })}</p>}
          </li>
        ))}
      </ul>
      <div class="actions">
        <button type="button" class="button primary" disabled={changing === 0} onClick={() => void push()}>
          {w('pushDo', { count: changing })}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            looked.value = null;
          }}
        >
          {w('cancel')}
        </button>
      </div>
    </div>
  );
}

const storeNamed = (slug: string): string => {
  const found = others.value?.find((each) => each.slug === slug);
  return found ? nameOf(found.name) : slug;
};

function outcomeWords(outcome: string, changed: number): string {
  switch (outcome) {
    case 'changed':
      return w('pushChanged', { count: changed });
    case 'same':
      return w('pushSame');
    case 'stale':
      return w('pushStale');
    case 'forbidden':
      return w('pushForbidden');
    case 'other-currency':
      return w('pushCurrency');
    default:
      return w('pushFailed');
  }
}
