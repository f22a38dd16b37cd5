/** May these runs be compared at all? */

import { median } from '../../stats/noise.ts';
import { groupLoad, isSameLoad } from '../compare.ts';
import type { GroupFigures } from '../figures.ts';
import { formatRate } from '../format.ts';
import type { Group, Text } from '../run.ts';
import { type Check, t } from './check.ts';

export function checkEqualLoad(figures: readonly GroupFigures[]): Check[] {
  // Who sends no requests has no load of them to compare.
  const [base, ...others] = figures.filter((group) => groupLoad(group) > 0);
  if (!base || others.length === 0) return [];
  const title = t('같은 부하', 'Equal load');
  const unequal = others.filter((other) => !isSameLoad(base, other));
  const detail = t('모두 같은 부하를 받았습니다.', 'All were offered the same load.');
  if (unequal.length === 0) return [{ code: 'equal-load', level: 'ok', title, detail }];
  const list = (language: keyof Text): string =>
    unequal
      .slice(0, 3)
      .map((other) => `${other.label[language]} ${formatRate(groupLoad(other))}/s`)
      .join(', ');
  return [
    {
      code: 'equal-load',
      level: 'warn',
      title,
      detail: t(
        `${base.label.ko}에는 초당 ${formatRate(groupLoad(base))}건, 그러나 ${list('ko')}. 지연은 부하와 함께 읽어 주세요.`,
        `${base.label.en} got ${formatRate(groupLoad(base))}/s, but ${list('en')}. Read their latencies with that in mind.`,
      ),
    },
  ];
}

export function checkSameMachine(groups: readonly Group[]): Check[] {
  const manifests = groups.flatMap((group) => group.runs.flatMap((run) => run.manifest ?? []));
  const sources = new Set(groups.flatMap((group) => group.runs.map((run) => run.latencyFrom)));
  const title = t('같은 조건', 'Same conditions');
  if (sources.size > 1) {
    return [
      {
        code: 'conditions',
        level: 'warn',
        title,
        detail: t(
          '서로 다른 발생기로 잰 결과가 섞였습니다. 지연의 뜻이 다릅니다.',
          'Results of different generators are mixed: their latencies mean different things.',
        ),
      },
    ];
  }
  const differing = (
    [
      [t('기계', 'machine'), manifests.map(({ machine }) => machine)],
      [t('버전', 'versions'), manifests.map(({ versions }) => versions)],
      [t('시드', 'seed'), manifests.map(({ seed }) => seed)],
    ] as const
  ).filter(([, values]) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
  if (differing.length > 0) {
    const list = (language: keyof Text): string => differing.map(([name]) => name[language]).join(', ');
    const detail = t(`시험마다 다릅니다: ${list('ko')}.`, `Not the same in all runs: ${list('en')}.`);
    return [{ code: 'conditions', level: 'warn', title, detail }];
  }
  const all = groups.reduce((sum, group) => sum + group.runs.length, 0);
  if (manifests.length === all && all > 1)
    return [
      {
        code: 'conditions',
        level: 'ok',
        title,
        detail: t('기계, 버전, 시드가 같습니다.', 'Same machine, same versions, same seed.'),
      },
    ];
  return [];
}

/** Beyond this the machine was another one now and then, and knees may be too. */
const SPEED_SPREAD_NOTED = 0.15;
const SPEED_SPREAD_BAD = 0.4;

/** What the calibration loads before and after each look at a load say of the machine itself; nothing where there were none. */
export function checkMachineSpeed(groups: readonly Group[]): Check[] {
  const tried = groups.flatMap((group) => group.runs.flatMap((run) => run.knee?.tried ?? []));
  const speeds = tried.flatMap(({ speedBefore, speedAfter }) => [speedBefore ?? [], speedAfter ?? []].flat());
  if (speeds.length === 0) return [];
  const middle = median(speeds);
  const [low, high] = [Math.min(...speeds) / middle, Math.max(...speeds) / middle];
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const level = low < 1 - SPEED_SPREAD_BAD ? 'warn' : low < 1 - SPEED_SPREAD_NOTED ? 'note' : 'ok';
  const slow = speeds.filter((speed) => speed < (1 - SPEED_SPREAD_NOTED) * middle).length / speeds.length;
  return [
    {
      code: 'machine-speed',
      level,
      title: t('기계의 빠르기', 'Speed of the machine'),
      detail: t(
        `부하를 볼 때마다 앞뒤로 잰 같은 일의 빠르기가 가운데 값의 ${percent(low)}–${percent(high)}였고, ${percent(slow)}는 15 % 넘게 느렸습니다.`,
        `The same work before and after each look ran at ${percent(low)} to ${percent(high)} of its middle speed; ${percent(slow)} of the times it was more than 15 % slower.`,
      ),
    },
  ];
}

export function checkRepeats(groups: readonly Group[]): Check {
  const title = t('반복', 'Repeats');
  const repeats = groups.map((group) => group.runs.length);
  const least = Math.min(...repeats);
  if (least >= 3) {
    return {
      code: 'repeats',
      level: 'ok',
      title,
      detail: t(
        `각 ${least}회 이상. 차이는 반복끼리의 흔들림과 견줍니다.`,
        `At least ${least} of each: differences are held against the spread between them.`,
      ),
    };
  }
  if (Math.max(...repeats) >= 2) {
    return {
      code: 'repeats',
      level: 'note',
      title,
      detail: t(
        '적습니다. 흔들림의 폭이 넓게 잡혀 작은 차이는 보이지 않습니다.',
        'Few: the noise floor is wide, and small differences stay hidden.',
      ),
    };
  }
  if (groups.length < 2)
    return {
      code: 'repeats',
      level: 'note',
      title,
      detail: t(
        '한 번 돌렸습니다. 다시 돌리면 얼마나 달라질지 모릅니다.',
        'Run once: how much a second run would differ is unknown.',
      ),
    };
  return {
    code: 'repeats',
    level: 'note',
    title,
    detail: t(
      '각각 한 번뿐이라 흔들림을 모릅니다. 1.5배 이상이고 모든 구간에서 뚜렷한 차이만 말합니다.',
      'One run each, so the noise is unknown: only differences of ×1.5 and more that show in all periods are called.',
    ),
  };
}
