import { useState } from 'preact/hooks';
import type { BillView } from '../../src/contract/bill.ts';
import { timeOf } from '../shared/language/i18n.ts';
import { busy } from './act.ts';
import { store } from './bills-state.ts';
import { whoIs } from './place.ts';
import { words } from './table-words.ts';
import { changeTable, linkOf } from './tables-state.ts';

/** Where these guests sit: to another table, together with another, and apart again. */
export function TableForm({ bill }: { bill: BillView }) {
  const [to, setTo] = useState('');
  const tables = [bill.table!, ...(bill.merged ?? [])];
  const [from, setFrom] = useState(bill.table!);
  const link = linkOf(bill.table!);
  const wanted = to.trim();
  const act = (action: 'move' | 'merge') => void changeTable(bill, action, wanted, from);
  return (
    <>
      {link && (
        <a class="button wide" href={link} target="_blank" rel="noreferrer">
          {words('add')}
        </a>
      )}
      <details class="more">
        <summary>{words('tables')}</summary>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (wanted) act('move');
          }}
        >
          {tables.length > 1 && (
            <label class="field">
              <span>{words('from')}</span>
              <select value={from} onChange={(event) => setFrom(event.currentTarget.value)}>
                {tables.map((table) => (
                  <option key={table}>{table}</option>
                ))}
              </select>
            </label>
          )}
          <label class="field">
            <span>{words('where')}</span>
            <input maxLength={20} autocomplete="off" value={to} onInput={(event) => setTo(event.currentTarget.value)} />
          </label>
          <span class="two">
            <button type="submit" class="button" disabled={busy.value || !wanted}>
              {words('move')}
            </button>
            <button type="button" class="button" disabled={busy.value || !wanted} onClick={() => act('merge')}>
              {words('merge')}
            </button>
          </span>
        </form>
        {bill.merged?.map((table) => (
          <button type="button" class="button wide" key={table} onClick={() => void changeTable(bill, 'split', table)}>
            {words('split', { table })}
          </button>
        ))}
      </details>
    </>
  );
}

/** Who moved them when. */
export function Moves({ bill }: { bill: BillView }) {
  if (!bill.moves?.length) return null;
  return (
    <ul class="bill-moves">
      {bill.moves.map((move) => (
        <li key={move.at + move.to}>
          {words(`did.${move.kind}`, { ...move, by: whoIs(move.by), time: timeOf(move.at, store.value?.timeZone) })}
        </li>
      ))}
    </ul>
  );
}
