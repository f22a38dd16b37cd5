/** Was the baseline measured under the conditions of today? */
import type { GroupFigures, Origin } from '../figures.ts';
import { type Check, t } from './check.ts';

/** @param pairs each group's baseline, and the group */
export function checkBaseline(pairs: readonly (readonly [GroupFigures, GroupFigures])[]): Check[] {
  if (pairs.length === 0) return [];
  const title = t('기준의 조건', 'Conditions of the baseline');
  const unknown = pairs.some(([before]) => before.origin === undefined);
  const differing = pairs.flatMap(([before, now]) =>
    before.origin && now.origin ? differences(before.origin, now.origin) : [],
  );
  const machine = differing.some(({ what }) => what === 'machine');
  const lines = [...new Set(differing.map(({ text }) => text))];
  if (lines.length > 0) {
    const shown = lines.slice(0, 4).join('; ') + (lines.length > 4 ? ` +${lines.length - 4}` : '');
    return [
      {
        code: 'baseline-conditions',
        level: machine ? 'warn' : 'note',
        title,
        detail: t(
          `기준과 다릅니다: ${shown}.${machine ? ' 다른 기계의 빠르기와는 견주지 않습니다.' : ''}`,
          `Not as in the baseline: ${shown}.${machine ? ' Speeds of different machines are not held against each other.' : ''}`,
        ),
      },
    ];
  }
  return [
    {
      code: 'baseline-conditions',
      level: unknown ? 'note' : 'ok',
      title,
      detail: unknown
        ? t('기준이 무엇에서 측정되었는지 적혀 있지 않습니다.', 'The baseline does not say what it was measured on.')
        : t('기계, 버전, 스위치가 기준과 같습니다.', 'Same machine, versions and switches as the baseline.'),
    },
  ];
}

function differences(before: Origin, now: Origin): { what: 'machine' | 'setting'; text: string }[] {
  const machine = [before.machine, now.machine];
  const found =
    machine[0] !== undefined && machine[1] !== undefined && machine[0] !== machine[1]
      ? [{ what: 'machine' as const, text: `${machine[0]} → ${machine[1]}` }]
      : [];
  const settings = (['versions', 'switches'] as const).flatMap((kind) => {
    const names = new Set([...Object.keys(before[kind]), ...Object.keys(now[kind])]);
    return [...names]
      .filter((name) => before[kind][name] !== now[kind][name])
      .map((name) => ({
        what: 'setting' as const,
        text: `${name} ${before[kind][name] ?? '–'} → ${now[kind][name] ?? '–'}`,
      }));
  });
  return [...found, ...settings];
}
