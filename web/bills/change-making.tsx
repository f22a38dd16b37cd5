import { useState } from 'preact/hooks';
import type { BillLine, BillOrder, BillView } from '../../src/contract/bill.ts';
import { NOTE_LENGTH_MAX } from '../../src/contract/bounds.ts';
import type { ItemView, MenuView } from '../../src/contract/menu.ts';
import type { LineMakingRequest, OrderLineView, OrderView } from '../../src/contract/order.ts';
import { nameOf, t } from '../shared/language/i18n.ts';
import { focusFirst } from '../shared/page/focus-first.ts';
import { say } from '../shared/parts/notice.tsx';
import { OptionGroups } from '../shared/parts/option-groups.tsx';
import { firstIssue } from '../shared/parts/option-rules.ts';
import { getJson, request } from '../shared/server/api.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { money } from './act.ts';
import { path, refreshShown, token } from './bills-state.ts';
import { words } from './change-making-words.ts';

interface Props {
  bill: BillView;
  order: BillOrder;
  line: BillLine;
  onDone: () => void;
}

interface Asked {
  /** Undefined: it is no longer on the menu, and only its note can change. */
  readonly item: ItemView | undefined;
  readonly now: OrderLineView;
}

/** Reads how a line is made, and what could be chosen. */
export async function askMaking({ id }: BillOrder, { line }: BillLine): Promise<Asked> {
  const [order, menu] = await Promise.all([
    getJson<OrderView>(`${path}/orders/${id}`, token()),
    getJson<MenuView>(`${path}/menu`),
  ]);
  const now = order.lines[line - 1]!;
  return { item: menu.categories.flatMap(({ items }) => items).find(({ id }) => id === now.itemId), now };
}

/** Changes the options and the note of a line that was ordered: the guest has thought better of it, or was misheard. */
export function ChangeMaking({ bill, order, line, asked: { item, now }, onDone }: Props & { asked: Asked }) {
  const [chosen, setChosen] = useState(now.options.map(({ id }) => id));
  const [note, setNote] = useState(now.note ?? '');
  const unsettled = item && firstIssue(item, chosen);
  const name = words('name', { dish: nameOf(line.name), number: order.number });
  return (
    <form
      ref={focusFirst}
      aria-label={name}
      class="take-off"
      onSubmit={(event) => {
        event.preventDefault();
        if (unsettled) return say(t('dish.chooseFirst', { group: nameOf(unsettled.name) }), 'problem');
        onDone();
        const inOrder = item?.optionGroups.flatMap(({ options }) => options.map(({ id }) => id)) ?? [];
        // In the menu's order, so that the kitchen always reads them the same way.
        const optionIds = [...chosen].sort((a, b) => inOrder.indexOf(a) - inOrder.indexOf(b));
        void change(bill, order, line, {
          from: { optionIds: now.options.map(({ id }) => id), ...(now.note !== undefined && { note: now.note }) },
          to: { optionIds, ...(note.trim() && { note: note.trim() }) },
        });
      }}
    >
      {line.quantity > 1 && <p class="soft">{words('all', { count: line.quantity })}</p>}
      {item && (
        <OptionGroups
          item={item}
          chosen={chosen}
          onChange={setChosen}
          money={(amount) => money(amount, bill.currency)}
        />
      )}
      <label class="field">
        <span>{t('dish.note')}</span>
        <input
          type="text"
          maxLength={NOTE_LENGTH_MAX}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
      <span class="two">
        <button type="button" class="button" onClick={onDone}>
          {words('keep')}
        </button>
        <button type="submit" class="button primary">
          {words('do')}
        </button>
      </span>
    </form>
  );
}

async function change(bill: BillView, order: BillOrder, line: BillLine, body: LineMakingRequest) {
  try {
    await request<OrderView>(`${path}/orders/${order.id}/lines/${line.line}/making`, {
      method: 'PUT',
      token: token(),
      body,
    });
    say(words('done', { dish: nameOf(line.name) }));
  } catch (error) {
    const { type } = error instanceof ApiProblem ? error : new ApiProblem('network');
    say(words(REFUSED.find((each) => each === type) ?? 'failed'), 'problem');
  }
  await refreshShown([bill.id]).catch(() => {});
}

/** What a refusal is called, and the words for it. */
const REFUSED = ['stale', 'bill-paid', 'forbidden', 'sold-out', 'not-cancellable'] as const;
