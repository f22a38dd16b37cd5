/** The plan's table and notes in words, for Markdown, the page and the terminal alike. */
import { formatRate } from '../report/format.ts';
import type { Text } from '../report/run.ts';
import { saySets } from './advice.ts';
import { sayLaw } from './capacity.ts';
import type { Choice } from './choose-machines.ts';
import { formatDollars, formatWon } from './money.ts';
import type { Plan } from './plan.ts';
import type { PlannedRung } from './planned-rung.ts';

export const COLUMNS: readonly Text[] = [
  { ko: '단계', en: 'rung' },
  { ko: '한계 부하', en: 'knee' },
  { ko: '코어당 안전 부하', en: 'safe rate a core' },
  { ko: '기계', en: 'machines' },
  { ko: '한 달', en: 'a month' },
  { ko: '가장 적게–가장 많이', en: 'low – high' },
  { ko: '주문 백만 건당', en: 'a million orders' },
];

const same = (text: string): Text => ({ ko: text, en: text });

/** A cell for each of {@link COLUMNS}. */
export function cellsOf(rung: PlannedRung, { prices }: Plan): Text[] {
  const { measured, choices, perMillionOrders, impossible } = rung;
  const { low, base, high, atLeast } = measured.knee;
  const money = (choice: Choice | undefined) => (choice ? formatWon(choice.dollarsPerMonth, prices) : '–');
  const mark = measured.wrong ? { ko: ' (틀린 답)', en: ' (answers wrongly)' } : same('');
  return [
    { ko: measured.label.ko + mark.ko, en: measured.label.en + mark.en },
    same(`${formatRate(base)}/s (${formatRate(low)} – ${atLeast ? '?' : formatRate(high)})`),
    same(`${formatRate(rung.safePerCore)}/s`),
    choices.base ? saySets(choices.base.sets) : (impossible ?? same('–')),
    same(choices.base ? `${money(choices.base)} (${formatDollars(choices.base.dollarsPerMonth)})` : '–'),
    same(choices.base ? `${money(choices.low)} – ${money(choices.high)}` : '–'),
    same(perMillionOrders === undefined ? '–' : formatWon(perMillionOrders, prices)),
  ];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** What the figures rest on. */
export function notesOf(plan: Plan): Text[] {
  const { prices, measured, headroom, rungs } = plan;
  const { averageOfPeak, databaseGiB } = prices.assume;
  const notes: Text[] = [
    {
      ko: `한계 부하는 ${measured.machine}에서 ${measured.measuredAt.slice(0, 10)}에 쟀습니다. 부하 발생기도 같은 코어를 썼으므로 실제로는 이보다 더 버팁니다.`,
      en: `Knees were measured on ${measured.machine} on ${measured.measuredAt.slice(0, 10)}. The load generator shared those cores, so the truth is rather more.`,
    },
    {
      ko: `한계 부하의 ${percent(headroom)}를 비워 두고, 역할마다 기계 한 대를 잃어도 버팁니다(N+1). 적은 값과 많은 값은 한계 부하 구간의 양 끝에서 나옵니다.`,
      en: `${percent(headroom)} of the knee stays free, and every role holds with one machine lost (N+1). Low and high come from the ends of the knee's interval.`,
    },
    {
      ko: `주문 백만 건당 비용은 한 달 평균 부하가 최고 부하의 ${percent(averageOfPeak)}라고 보고 나눈 값입니다. 데이터베이스 기계마다 저장 공간 ${databaseGiB} GiB를 셉니다.`,
      en: `Cost of a million orders takes a month's average load as ${percent(averageOfPeak)} of the peak. Each database machine has ${databaseGiB} GiB of storage.`,
    },
    {
      ko: `가격: ${prices.name.ko}, ${prices.asOf}, 1달러 ${prices.wonPerDollar}원. deploy/prices.yml에서 고칩니다.`,
      en: `Prices: ${prices.name.en}, ${prices.asOf}, ${prices.wonPerDollar} won a dollar. They are edited in deploy/prices.yml.`,
    },
  ];
  const refusals = new Map<string, { text: Text; names: Text[] }>();
  for (const { capacity, measured: each } of rungs) {
    if (!capacity.refused) continue;
    const known = refusals.get(capacity.refused.en) ?? { text: capacity.refused, names: [] };
    known.names.push(each.label);
    refusals.set(capacity.refused.en, known);
  }
  for (const { text, names } of refusals.values()) {
    const isAll = names.length === rungs.length;
    notes.push({
      ko: `확장 법칙(USL)을 쓰지 않음${isAll ? '' : ` (${names.map(({ ko }) => ko).join(', ')})`}: ${text.ko}. 코어가 늘면 그만큼 더 버틴다고 세었으므로 비용은 이보다 적지 않습니다.`,
      en: `No law of scaling${isAll ? '' : ` (${names.map(({ en }) => en).join(', ')})`}: ${text.en}. Each further core is counted as one more of the measured, so it costs no less than this.`,
    });
  }
  for (const { capacity, measured: each } of rungs) {
    if (capacity.law) notes.push(sayLaw(each.label, capacity));
  }
  if (rungs.some(({ databaseShareIsAssumed }) => databaseShareIsAssumed)) {
    notes.push({
      ko: `어떤 단계는 API와 Postgres의 CPU를 따로 재지 못해 Postgres의 몫을 ${percent(prices.assume.databaseShare)}로 보았습니다.`,
      en: `Where the CPU of API and Postgres was not measured apart, Postgres is taken for ${percent(prices.assume.databaseShare)} of it.`,
    });
  }
  return notes;
}
