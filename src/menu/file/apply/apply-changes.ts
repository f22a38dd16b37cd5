import { checkChoices } from '../check-choices.ts';
import { KIND_NAMES } from '../columns/aliases.ts';
import { identityOf, type MenuFile, type MenuRow } from '../menu-file.ts';
import { Problems } from '../menu-file-error.ts';
import { quoted } from '../words.ts';

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
    if (!row) {
      const code = quoted(change.code);
      const what = {
        en: `the store has no ${change.kind} ${code} there`,
        ko: `이 매장의 그 자리에는 ${KIND_NAMES[change.kind]} ${code}이(가) 없어요`,
      };
      problems.add(change.place, what, 'code');
    } else rows.set(identity, { ...row, place: change.place, values: { ...row.values, ...change.values } });
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
