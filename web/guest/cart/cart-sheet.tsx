import { formatMoney } from '../../../src/contract/money.ts';
import { language, nameOf, t } from '../../shared/language/i18n.ts';
import { storeSentence } from '../../shared/language/store-state.ts';
import { Sheet } from '../../shared/parts/sheet.tsx';
import { isPaused, menu, store } from '../menu/menu-state.ts';
import { place } from '../order/place.ts';
import { isStopped, order } from '../order/sending.ts';
import { UnsureOrder } from '../order/unsure-order.tsx';
import { close, open } from '../route.ts';
import { acceptChanges, type CartLine, findItem, type LineIssue, priceNow, setQuantity, totalOf } from './cart.ts';
import { cart, cartIssues, isAdult, sayAdult, setCart } from './cart-state.ts';
import { Stepper } from './stepper.tsx';

const money = (amount: number) => formatMoney(amount, menu.value!.currency, language.value);

/** The cart, with whatever has changed since said at the line that it concerns. */
export function CartSheet() {
  const lines = cart.value;
  const issues = cartIssues.value;
  const accepted = acceptChanges(menu.value!, lines);
  const total = money(totalOf(menu.value!, accepted));
  const chooseAgain = [...issues.values()].some(({ kind }) => kind === 'options');
  const asksAge = !isAdult.value && accepted.some((line) => findItem(menu.value!, line.itemId)?.ageCheck);
  const canOrder = accepted.length > 0 && !asksAge && !chooseAgain && !isPaused.value && !isStopped.value;
  return (
    <Sheet
      label={t('cart.title')}
      title={
        <>
          {t('cart.title')} <small>{place.table ? t('table', { table: place.table }) : t('takeout')}</small>
        </>
      }
      onClose={close}
      footer={
        lines.length > 0 && (
          <button type="button" class="button primary wide" disabled={!canOrder} onClick={() => void order()}>
            {t(issues.size ? 'cart.orderChanged' : 'cart.order', { price: total })}
          </button>
        )
      }
    >
      {isStopped.value && <UnsureOrder />}
      {store.value?.state === 'paused' && <p class="banner">{storeSentence(store.value)}</p>}
      {issues.size > 0 && (
        <p class="banner" role="alert">
          {t('cart.changedTitle')}
        </p>
      )}
      {lines.length === 0 && !isStopped.value && <p class="empty">{t('cart.empty')}</p>}
      <ul class="cart-lines">
        {lines.map((line) => (
          <Line key={line.id} line={line} issue={issues.get(line.id)} />
        ))}
      </ul>
      {asksAge && (
        <label class="banner age">
          <input type="checkbox" onChange={sayAdult} /> {t('cart.adult')}
        </label>
      )}
      {lines.length > 0 && (
        <p class="cart-total">
          <span>{t('cart.total')}</span>
          <span class="number">{total}</span>
        </p>
      )}
    </Sheet>
  );
}

function Line({ line, issue }: { line: CartLine; issue: LineIssue | undefined }) {
  const item = findItem(menu.value!, line.itemId);
  const chosen =
    item?.optionGroups.flatMap(({ options }) => options).filter(({ id }) => line.optionIds.includes(id)) ?? [];
  const name = nameOf(item?.name ?? line.name);
  const isOut = issue?.kind === 'gone' || issue?.kind === 'sold-out';
  return (
    <li class={`cart-line ${isOut ? 'out' : ''}`}>
      <p class="cart-line-name">{name}</p>
      {chosen.length > 0 && <p class="soft">{chosen.map((option) => nameOf(option.name)).join(' · ')}</p>}
      {line.note && <p class="soft note">“{line.note}”</p>}
      {issue && <p class="issue">{issueText(issue)}</p>}
      <div class="cart-line-foot">
        <span class="number">{money(priceNow(menu.value!, line) * line.quantity)}</span>
        <button
          type="button"
          class="link"
          aria-label={`${name} ${t('cart.remove')}`}
          onClick={() => setCart(setQuantity(cart.value, line.id, 0))}
        >
          {t('cart.remove')}
        </button>
        {item && !isOut && (
          <button
            type="button"
            class="link"
            aria-label={`${name} ${t('cart.edit')}`}
            onClick={() => open({ page: 'edit', id: line.id })}
          >
            {t('cart.edit')}
          </button>
        )}
        {!isOut && (
          <Stepper
            value={line.quantity}
            min={1}
            onChange={(quantity) => setCart(setQuantity(cart.value, line.id, quantity))}
          />
        )}
      </div>
    </li>
  );
}

function issueText(issue: LineIssue): string {
  switch (issue.kind) {
    case 'gone':
      return t('issue.gone');
    case 'sold-out':
      return t('issue.soldOut');
    case 'options':
      return t('issue.options');
    case 'fewer':
      return issue.left > 0 ? t('issue.fewer', { count: issue.left }) : t('issue.soldOut');
    case 'price':
      return t('issue.price', { before: money(issue.before), after: money(issue.after) });
  }
}
