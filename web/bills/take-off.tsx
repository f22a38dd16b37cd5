import { useState } from 'preact/hooks';
import type { BillLine, BillOrder, BillView } from '../../src/contract/bill.ts';
import type { LineChangeRequest, OrderView } from '../../src/contract/order.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { focusFirst } from '../shared/page/focus-first.ts';
import { say } from '../shared/parts/notice.tsx';
import { request } from '../shared/server/api.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { path, refreshShown, token } from './bills-state.ts';
import { CancelFields, useCancelled } from './cancel-fields.tsx';
import { askMaking, ChangeMaking } from './change-making.tsx';
import { words as makingWords } from './change-making-words.ts';
import { words } from './take-off-words.ts';

interface Props {
  bill: BillView;
  order: BillOrder;
  line: BillLine;
}

/** Takes portions of one dish off an order, with a reason: a mistake at the till, a beer that nobody brought. Or changes how it is made. */
export function TakeOff({ bill, order, line }: Props) {
  const [asks, setAsks] = useState(false);
  const [making, setMaking] = useState<Awaited<ReturnType<typeof askMaking>> | null>(null);
  const [left, setLeft] = useState(line.quantity - 1);
  const [cancelled, setCancelled] = useCancelled(order);
  if (order.status === 'cancelled' || line.quantity === 0) return null;
  const name = words('takeName', { dish: nameOf(line.name), number: order.number });
  if (making) {
    return <ChangeMaking bill={bill} order={order} line={line} asked={making} onDone={() => setMaking(null)} />;
  }
  if (!asks) {
    return (
      <span class="line-acts">
        <button
          type="button"
          class="button quiet"
          aria-label={makingWords('name', { dish: nameOf(line.name), number: order.number })}
          onClick={() => void askMaking(order, line).then(setMaking, () => say(makingWords('failed'), 'problem'))}
        >
          {makingWords('change')}
        </button>
        <button type="button" class="button quiet" aria-label={name} onClick={() => setAsks(true)}>
          {words('take')}
        </button>
      </span>
    );
  }
  return (
    <form
      ref={focusFirst}
      aria-label={name}
      class="take-off"
      onSubmit={(event) => {
        event.preventDefault();
        setAsks(false);
        const { reason, isWhole } = cancelled;
        void takeOff(bill, order, line, { quantity: left, reason, returnPortions: isWhole });
      }}
    >
      <label class="field">
        <span>{words('left')}</span>
        <select value={left} onChange={(event) => setLeft(Number(event.currentTarget.value))}>
          {Array.from({ length: line.quantity }, (_, count) => (
            <option key={count} value={count}>
              {count === 0 ? words('none') : count}
            </option>
          ))}
        </select>
      </label>
      <CancelFields value={cancelled} onValue={setCancelled} words={words} />
      <span class="two">
        <button type="button" class="button" onClick={() => setAsks(false)}>
          {words('keep')}
        </button>
        <button type="submit" class="button primary">
          {words('takeDo')}
        </button>
      </span>
    </form>
  );
}

async function takeOff(bill: BillView, order: BillOrder, line: BillLine, asked: Omit<LineChangeRequest, 'from'>) {
  try {
    await request<OrderView>(`${path}/orders/${order.id}/lines/${line.line}`, {
      method: 'PUT',
      token: token(),
      body: { from: line.quantity, ...asked },
    });
    say(words('done', { dish: nameOf(line.name), count: line.quantity - asked.quantity, to: asked.quantity }));
  } catch (error) {
    const { type, body } = error instanceof ApiProblem ? error : new ApiProblem('network');
    if (type === 'stale') say(words('stale', { count: Number(body.quantity ?? 0) }), 'problem');
    else if (type === 'bill-paid') say(words('paid'), 'problem');
    else if (type === 'forbidden') say(words('forbidden'), 'problem');
    else say(words(type === 'invalid' ? 'whole' : 'failed'), 'problem');
  }
  await refreshShown([bill.id]).catch(() => {});
}
