import { useState } from 'preact/hooks';
import { NOTE_LENGTH_MAX } from '../../../src/contract/bounds.ts';
import { attributesSaid } from '../../../src/contract/dish-attributes.ts';
import type { ItemView } from '../../../src/contract/menu.ts';
import { formatMoney } from '../../../src/contract/money.ts';
import { language, nameOf, t, wordOf } from '../../shared/language/i18n.ts';
import { say } from '../../shared/parts/notice.tsx';
import { OptionGroups } from '../../shared/parts/option-groups.tsx';
import { defaultChoice, firstIssue, isOrderable, unitPrice } from '../../shared/parts/option-rules.ts';
import { Sheet } from '../../shared/parts/sheet.tsx';
import type { CartLine } from '../cart/cart.ts';
import { inCart } from '../cart/cart-state.ts';
import { putInCart } from '../cart/put-in-cart.ts';
import { Stepper } from '../cart/stepper.tsx';
import { allergenName } from './avoid-sheet.tsx';
import { DishPicture } from './dish-picture.tsx';
import { avoidedIn } from './find-dishes.ts';
import { avoided } from './find-state.ts';
import { menu } from './menu-state.ts';

interface DishSheetProps {
  item: ItemView;
  /** The cart's line that is being changed; absent when the dish is being added. */
  line?: CartLine | undefined;
  onDone: () => void;
}

/** One dish with its choices, to be put into the cart. */
export function DishSheet({ item, line, onDone }: DishSheetProps) {
  const offered = item.optionGroups.flatMap((group) => group.options.filter((option) => !option.soldOut));
  const [chosen, setChosen] = useState<string[]>(() =>
    line ? line.optionIds.filter((id) => offered.some((option) => option.id === id)) : defaultChoice(item),
  );
  const [quantity, setQuantity] = useState(line?.quantity ?? 1);
  const [note, setNote] = useState(line?.note ?? '');

  const { currency } = menu.value!;
  const money = (amount: number) => formatMoney(amount, currency, language.value);
  const price = unitPrice(item, chosen);
  const unsettled = firstIssue(item, chosen);
  const orderable = isOrderable(item);
  const danger = avoidedIn(item, avoided.value);
  const othersInCart = (inCart.value.get(item.id) ?? 0) - (line?.quantity ?? 0);
  const left = item.remaining === null ? null : Math.max(0, item.remaining - othersInCart);

  function finish() {
    if (unsettled) {
      document.getElementById(`group-${unsettled.id}`)?.scrollIntoView({ block: 'center' });
      return say(t('dish.chooseFirst', { group: nameOf(unsettled.name) }), 'problem');
    }
    // Options in the menu's order, however they were tapped: so the kitchen always reads them the same way.
    const optionIds = offered.filter(({ id }) => chosen.includes(id)).map(({ id }) => id);
    const made = { itemId: item.id, name: item.name, optionIds, quantity, note: note.trim(), seenPrice: price };
    if (!putInCart(made, line)) return;
    onDone();
  }

  return (
    <Sheet
      label={nameOf(item.name)}
      title={nameOf(item.name)}
      onClose={onDone}
      class="dish-sheet"
      footer={
        orderable && left !== 0 ? (
          <div class="dish-finish">
            <Stepper value={quantity} min={1} max={left} onChange={setQuantity} />
            <button type="button" class={`button primary wide ${unsettled ? 'waiting' : ''}`} onClick={finish}>
              {unsettled
                ? t('dish.chooseFirst', { group: nameOf(unsettled.name) })
                : t(line ? 'dish.update' : 'dish.add', { price: money(price * quantity) })}
            </button>
          </div>
        ) : (
          <p class="banner">
            {orderable ? t('issue.fewer', { count: 0 }) : item.notNow ? nameOf(item.notNow) : t('dish.soldOut')}
          </p>
        )
      }
    >
      <DishPicture item={item} large />
      <p class="dish-price number">{money(item.price)}</p>
      {item.description && <p class="dish-about">{nameOf(item.description)}</p>}
      {danger.length > 0 && (
        <p class="banner" role="alert">
          {t('menu.contains', { list: danger.map(allergenName).join(', ') })}
        </p>
      )}
      {item.allergens.length > 0 && (
        <p class="dish-allergens">{t('menu.allergens', { list: item.allergens.map(allergenName).join(', ') })}</p>
      )}
      {attributesSaid(item.attributes).map(({ name, label, value }) => (
        <p class="dish-allergens" key={name}>
          {wordOf(label)}: {wordOf(value)}
        </p>
      ))}
      {item.origin && <p class="dish-allergens">{t('menu.origin', { list: nameOf(item.origin) })}</p>}
      {item.ageCheck && <p class="dish-allergens">{t('menu.adults')}</p>}
      <OptionGroups item={item} chosen={chosen} onChange={setChosen} money={money} />
      <label class="field">
        <span>{t('dish.note')}</span>
        <textarea
          rows={2}
          maxLength={NOTE_LENGTH_MAX}
          placeholder={t('dish.notePlaceholder')}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
    </Sheet>
  );
}
