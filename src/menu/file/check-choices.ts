import { OPTIONS_PER_LINE_MAX } from '../../contract/bounds.ts';
import type { MenuRow } from './menu-file.ts';
import type { Problems } from './menu-file-error.ts';

/** Checks that every group of a whole menu can be chosen from: minimum ≤ maximum ≤ options, and all minimums together fit an order's line. */
export function checkChoices(rows: readonly MenuRow[], problems: Problems): void {
  const optionCounts = new Map<string, number>();
  for (const row of rows) {
    if (row.kind !== 'option') continue;
    const group = `${row.item}/${row.group}`;
    optionCounts.set(group, (optionCounts.get(group) ?? 0) + 1);
  }
  const needed = new Map<string, number>();
  for (const { kind, code, item, values, place } of rows) {
    if (kind !== 'group') continue;
    const { min, max } = values;
    const options = optionCounts.get(`${item}/${code}`) ?? 0;
    if (options === 0) problems.add(place, { en: 'this group has no options', ko: '이 옵션 그룹에는 옵션이 없어요' });
    else if (max !== undefined && max > options) {
      const what = {
        en: `${max} is more than the group's ${options} options`,
        ko: `${max}은(는) 그룹의 옵션 ${options}개보다 많아요`,
      };
      problems.add(place, what, 'max');
    }
    if (min !== undefined && max !== undefined && min > max) {
      problems.add(
        place,
        { en: `${min} is more than the maximum ${max}`, ko: `${min}은(는) 최대 ${max}보다 커요` },
        'min',
      );
    }
    const sum = (needed.get(item!) ?? 0) + (min ?? 0);
    if (sum > OPTIONS_PER_LINE_MAX && sum - (min ?? 0) <= OPTIONS_PER_LINE_MAX) {
      const what = {
        en: `this item's groups ask for more than ${OPTIONS_PER_LINE_MAX} options`,
        ko: `이 메뉴의 그룹들이 옵션을 ${OPTIONS_PER_LINE_MAX}개 넘게 고르게 해요`,
      };
      problems.add(place, what, 'min');
    }
    needed.set(item!, sum);
  }
}
