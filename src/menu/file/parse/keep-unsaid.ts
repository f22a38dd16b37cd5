import { COLUMNS, columnsOf } from '../columns/columns.ts';
import { identityOf, type Kind, type MenuRow } from '../menu-file.ts';

/** Where a dish is made when neither its file nor its menu says it. */
const STATION = 'kitchen';

const emptyOf = (kind: Kind): MenuRow['values'] => {
  const names = columnsOf(kind).filter((name) => COLUMNS[name].empty !== undefined);
  return Object.fromEntries(names.map((name) => [name, COLUMNS[name].empty]));
};

/**
 * Completes a list of dishes with what it cannot say: of a dish that is on the menu its other columns and its options stay as they are,
 * a new one begins with nothing.
 */
export function keepUnsaid(rows: readonly MenuRow[], present: readonly MenuRow[]): MenuRow[] {
  const before = new Map(present.map((row) => [identityOf(row), row]));
  const choices = Map.groupBy(
    present.filter(({ item }) => item !== null),
    ({ item }) => item,
  );
  return rows.flatMap((row) => {
    const station = row.kind === 'item' ? { station: STATION } : {};
    const values = { ...emptyOf(row.kind), ...station, ...before.get(identityOf(row))?.values, ...row.values };
    return [{ ...row, values }, ...(row.kind === 'item' ? (choices.get(row.code) ?? []) : [])];
  });
}
