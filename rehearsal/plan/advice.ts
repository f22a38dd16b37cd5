/** What to do, in a sentence or two. */
import { formatRate } from '../report/format.ts';
import type { Text } from '../report/run.ts';
import type { Choice, MachineSet, Need, Role } from './choose-machines.ts';
import { formatWon } from './money.ts';
import type { PlannedRung } from './planned-rung.ts';
import type { Prices } from './prices.ts';

export const ROLES: Record<Role, Text> = {
  api: { ko: 'API', en: 'the API' },
  database: { ko: 'Postgres', en: 'Postgres' },
  everything: { ko: '모두 함께', en: 'everything together' },
  redis: { ko: 'Redis', en: 'Redis' },
};

export const saySets = (sets: readonly MachineSet[]): Text => ({
  ko: sets.map(({ role, machine, count }) => `${ROLES[role].ko} ${machine.name} ${count}대`).join(', '),
  en: listed(sets.map(({ role, machine, count }) => `${count} × ${machine.name} for ${ROLES[role].en}`)),
});

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

export function adviceOf(
  peak: number,
  rungs: readonly PlannedRung[],
  best: PlannedRung | undefined,
  prices: Prices,
): Text {
  const rate = formatRate(peak);
  const choice = best?.choices.base;
  if (!best || !choice || !best.need) {
    return {
      ko: `초당 ${rate}건은 이 가격표의 기계로는 어느 단계에서도 버티지 못합니다. 다음 돈은 기계가 아니라 코드에 쓰십시오.`,
      en: `No rung holds ${rate} requests a second on the machines of this price list; the next won is best spent on the code, not on machines.`,
    };
  }
  const sets = saySets(choice.sets);
  const cost = formatWon(choice.dollarsPerMonth, prices);
  const next = nextSpending(choice, best.need, prices);
  const label = best.measured.label;
  const sentence = {
    ko: `초당 ${rate}건을 버티려면 ‘${label.ko}’ 단계에서 ${sets.ko}가 필요합니다(한 달 ${cost}). 다음 돈은 ${next.ko}.`,
    en: `To hold ${rate} requests a second you need ${sets.en} at the rung “${label.en}” (${cost} a month); the next won is best spent on ${next.en}.`,
  };
  const more = [equalRungs(rungs, best), largestSaving(rungs, prices)];
  return {
    ko: [sentence.ko, ...more.map((text) => text?.ko)].filter(Boolean).join(' '),
    en: [sentence.en, ...more.map((text) => text?.en)].filter(Boolean).join(' '),
  };
}

/** Below this share even the fullest machine has room for twice the crowd. */
const ROOMY = 0.5;

/** The role that fills first as the crowd grows, and what a step there costs. */
function nextSpending(choice: Choice, need: Need, prices: Prices): Text {
  const fullness = ({ role, machine, count }: MachineSet): number => {
    if (role === 'api') return need.apiCores / (machine.cores * (count - 1));
    if (role === 'database') return need.databaseCores / machine.cores;
    if (role === 'everything') return (need.apiCores + need.databaseCores) / machine.cores;
    return 0;
  };
  const [fullest] = choice.sets.toSorted((a, b) => fullness(b) - fullness(a));
  const { role, machine } = fullest!;
  if (fullness(fullest!) < ROOMY) {
    const most = Math.max(1, Math.round(fullness(fullest!) * 100));
    return {
      ko: `다른 데 쓰는 것이 낫습니다. 가장 많이 찬 기계도 ${most} %만 찹니다`,
      en: `something else, as the fullest machine is only ${most} % full`,
    };
  }
  const full = `${Math.round(fullness(fullest!) * 100)} %`;
  const monthly = (dollarsPerHour: number): string => formatWon(dollarsPerHour * prices.hoursPerMonth, prices);
  if (role === 'api') {
    const price = monthly(machine.dollarsPerHour);
    return {
      ko: `API 기계 한 대(${machine.name}, 한 달 ${price})에 쓰는 것이 가장 낫습니다. 한 대를 잃으면 ${full}까지 찹니다`,
      en: `one more API machine (${machine.name}, ${price} a month), because with one lost they are ${full} full and Postgres is not`,
    };
  }
  const [larger] = prices.machines
    .filter(({ cores }) => cores > machine.cores)
    .toSorted((a, b) => a.dollarsPerHour - b.dollarsPerHour);
  const name = role === 'database' ? 'Postgres' : undefined;
  if (!larger) {
    return {
      ko: `데이터베이스를 나누는 일(샤딩)에 쓰는 것이 가장 낫습니다. 가장 큰 기계가 ${full} 찼습니다`,
      en: `splitting the database (shards), because the largest machine is ${full} full`,
    };
  }
  const price = monthly(2 * (larger.dollarsPerHour - machine.dollarsPerHour));
  return {
    ko: `${name ? 'Postgres 두 대' : '두 기계'}를 ${larger.name}(으)로 키우는 데(한 달 ${price} 더) 쓰는 것이 가장 낫습니다. 지금 ${full} 찹니다`,
    en: `${name ? 'a larger Postgres' : 'the next size'} (2 × ${larger.name}, ${price} a month more), because it is ${full} full and fills first`,
  };
}

/** Rungs further down whose bill may as well be the smaller one: fewer strategies for the same money. */
function equalRungs(rungs: readonly PlannedRung[], best: PlannedRung): Text | undefined {
  const dearest = best.choices.high?.dollarsPerMonth ?? Number.POSITIVE_INFINITY;
  const equal = rungs.filter(
    (rung) => rung !== best && !rung.measured.wrong && (rung.choices.low?.dollarsPerMonth ?? Infinity) <= dearest,
  );
  if (equal.length === 0) return undefined;
  return {
    ko: `${equal.map(({ measured }) => `‘${measured.label.ko}’`).join(', ')} 단계보다 싸다는 것은 드러나지 않았습니다.`,
    en: `It is not shown to be cheaper than ${equal.map(({ measured }) => `“${measured.label.en}”`).join(', ')}.`,
  };
}

/** The step of the ladder, from one rung to the next, that takes most off the bill. */
function largestSaving(all: readonly PlannedRung[], prices: Prices): Text | undefined {
  const rungs = all.filter(({ measured }) => !measured.wrong);
  const steps = rungs.flatMap((rung, index) => {
    const before = rungs[index - 1];
    const [from, to] = [before?.choices.low?.dollarsPerMonth, rung.choices.high?.dollarsPerMonth];
    if (!before || from === undefined || to === undefined || before.measured.ladder !== rung.measured.ladder) return [];
    return [{ before, rung, saved: from - to }];
  });
  const [most] = steps.filter(({ saved }) => saved > 0).sort((a, b) => b.saved - a.saved);
  if (!most) return undefined;
  const saved = formatWon(most.saved, prices);
  const [before, after] = [most.before.measured.label, most.rung.measured.label];
  return {
    ko: `가장 많이 아끼는 한 걸음은 ‘${before.ko}’에서 ‘${after.ko}’(으)로, 한 달에 적어도 ${saved}입니다.`,
    en: `The step that saves most is from “${before.en}” to “${after.en}”: at least ${saved} a month.`,
  };
}
