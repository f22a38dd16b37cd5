import { checkChoices } from './check-choices.ts';
import { identityOf, type MenuFile, type MenuRow } from './menu-file.ts';
import { Problems, quoted } from './menu-file-error.ts';

/**
 * The whole menu that a partial file makes out of the present one: what the file says changes, all else stays.
 * @throws MenuFileError when it names what the menu does not have, or leaves a group that cannot be chosen from
 */
export function applyChanges(present: readonly MenuRow[], changes: MenuFile): MenuRow[] {
  const problems = new Problems();
  const rows = new Map(present.map((row) => [identityOf(row), row]));
  for (const change of changes.rows) {
    const identity = identityOf(change);
    const row = rows.get(identity);
    if (!row) problems.add(change.place, `the store has no ${change.kind} ${quoted(change.code)} there`, 'code');
    else rows.set(identity, { ...row, place: change.place, values: { ...row.values, ...change.values } });
  }
  const changed = [...rows.values()];
  // Only where the file changes what can be chosen: a price list is not refused for what it does not touch.
  const items = new Set(changes.rows.map((row) => row.item));
  checkChoices(
    changed.filter((row) => row.item !== null && items.has(row.item)),
    problems,
  );
  problems.throwAny();
  return changed;
}
