import { useState } from 'preact/hooks';
import type { BillView } from '../../src/contract/bill.ts';
import { timeOf } from '../shared/language/i18n.ts';
import { busy } from './act.ts';
import { store } from './bills-state.ts';
import { whoIs } from './place.ts';
import { words } from './table-words.ts';
import { areListed, changeTable, freeTables, linkOf, takenTables } from './tables-state.ts';

/** Where these guests sit: to another table, together with another, and apart again. */
export function TableForm({ bill }: { bill: BillView }) {
  const [to, setTo] = useState('');
  const tables = [bill.table!, ...(bill.merged ?? [])];
  const [from, setFrom] = useState(bill.table!);
  const link = linkOf(bill.table!);
  const wanted = to.trim();
  // Of a table that this page does not know both are asked for, and the server says which it is.
  const isFree = freeTables.value.includes(wanted);
  const isTaken = takenTables.value.includes(wanted);
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
            if (wanted && !isTaken) act('move');
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
          <Where bill={bill} to={to} onTo={setTo} />
          <span class="two">
            <button type="submit" class="button" disabled={busy.value || !wanted || isTaken}>
              {words('move')}
            </button>
            <button
              type="button"
              class="button"
              disabled={busy.value || !wanted || isFree}
              onClick={() => act('merge')}
            >
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

interface WhereProps {
  bill: BillView;
  to: string;
  onTo: (table: string) => void;
}

/** The tables that there are: nobody is moved to one that was mistyped. Only where the list has not come it is written. */
function Where({ bill, to, onTo }: WhereProps) {
  const own = [bill.table, ...(bill.merged ?? [])];
  const groups = [
    [words('free'), freeTables.value],
    [words('withGuests'), takenTables.value.filter((table) => !own.includes(table))],
  ] as const;
  return (
    <label class="field" htmlFor="to-table">
      <span>{words('where')}</span>
      {areListed.value ? (
        <select id="to-table" value={to} onChange={({ currentTarget }) => onTo(currentTarget.value)}>
          <option value="">{words('choose')}</option>
          {groups.map(([label, tables]) => (
            <optgroup key={label} label={label}>
              {tables.map((table) => (
                <option key={table}>{table}</option>
              ))}
            </optgroup>
          ))}
        </select>
      ) : (
        <input
          id="to-table"
          maxLength={20}
          autocomplete="off"
          value={to}
          onInput={({ currentTarget }) => onTo(currentTarget.value)}
        />
      )}
    </label>
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
