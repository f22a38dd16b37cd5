/** What a peak costs at each rung, and what to spend the next won on. Everything is computed here, before anything is written. */
import { formatCount } from '../report/format.ts';
import type { Text } from '../report/run.ts';
import { adviceOf } from './advice.ts';
import { capacityOf } from './capacity.ts';
import { type Choice, chooseMachines, MACHINES_MAX, type Need } from './choose-machines.ts';
import type { Measured, MeasuredRung } from './measured.ts';
import type { PlannedRung } from './planned-rung.ts';
import type { Prices } from './prices.ts';

export interface Plan {
  readonly peak: number;
  readonly headroom: number;
  readonly prices: Prices;
  readonly measured: Measured;
  readonly rungs: readonly PlannedRung[];
  /** The cheapest of those that answer rightly; undefined when none holds the peak. */
  readonly best?: PlannedRung;
  readonly advice: Text;
}

/** @param peak requests a second to hold */
export function makePlan(peak: number, measured: Measured, prices: Prices): Plan {
  const { headroom } = prices.assume;
  const rungs = inOrder(measured.rungs).map((rung) => planRung(peak, rung, prices));
  const [best] = rungs
    .filter(({ measured: { wrong }, choices }) => choices.base && !wrong)
    // For the same money the one that carries more.
    .sort(
      (a, b) =>
        a.choices.base!.dollarsPerMonth - b.choices.base!.dollarsPerMonth ||
        b.measured.knee.base - a.measured.knee.base,
    );
  return {
    peak,
    headroom,
    prices,
    measured,
    rungs,
    ...(best && { best }),
    advice: adviceOf(peak, rungs, best, prices),
  };
}

/** The strategy ladder first, each from the bottom; variants without a place last. */
const inOrder = (rungs: readonly MeasuredRung[]): MeasuredRung[] => {
  const place = ({ ladder, step }: MeasuredRung) => (ladder === 'strategy' ? 0 : 1_000) + (step ?? 500);
  return rungs.toSorted((a, b) => place(a) - place(b));
};

function planRung(peak: number, rung: MeasuredRung, prices: Prices): PlannedRung {
  const { headroom, averageOfPeak } = prices.assume;
  const { cpuMs, knee, cores } = rung;
  const measuredShare =
    cpuMs && cpuMs.api + cpuMs.database > 0 ? cpuMs.database / (cpuMs.api + cpuMs.database) : undefined;
  const databaseShare = measuredShare ?? prices.assume.databaseShare;
  const capacity = capacityOf(rung);
  const needAt = (kneePerSecond: number): Need | undefined => {
    const all = capacity.coresFor(peak, kneePerSecond * (1 - headroom));
    if (all === undefined) return undefined;
    const redis = rung.switches.CACHE === 'tiered';
    return { apiCores: all * (1 - databaseShare), databaseCores: all * databaseShare, redis };
  };
  const choiceAt = (kneePerSecond: number): Choice | undefined => {
    const need = needAt(kneePerSecond);
    return need && chooseMachines(need, prices);
  };
  const need = needAt(knee.base);
  const [low, base, high] = [choiceAt(knee.high), choiceAt(knee.base), choiceAt(knee.low)];
  const ordersPerMonth =
    peak * averageOfPeak * (rung.ordersShare ?? prices.assume.ordersShare) * prices.hoursPerMonth * 3_600;
  return {
    measured: rung,
    capacity,
    safePerCore: (knee.base * (1 - headroom)) / cores,
    databaseShare,
    databaseShareIsAssumed: measuredShare === undefined,
    ...(need && { need }),
    choices: { ...(low && { low }), ...(base && { base }), ...(high && { high }) },
    ...(base
      ? { perMillionOrders: (base.dollarsPerMonth / ordersPerMonth) * 1e6 }
      : { impossible: whyNot(need, prices) }),
  };
}

function whyNot(need: Need | undefined, { machines }: Prices): Text {
  if (!need) {
    return {
      ko: '이 단계는 코어를 더해도 거기까지 늘지 않습니다(확장 법칙의 꼭대기 아래)',
      en: 'more cores do not carry that much: the law of scaling has its peak below it, or cannot say so far ahead',
    };
  }
  const largest = Math.max(...machines.map(({ cores }) => cores));
  const cores = formatCount(Math.ceil(need.databaseCores));
  return need.databaseCores > largest
    ? {
        ko: `Postgres 한 대에 코어 ${cores}개가 필요한데 가격표의 가장 큰 기계가 ${largest}개입니다`,
        en: `its one Postgres needs ${cores} cores, and the largest machine of the list has ${largest}`,
      }
    : {
        ko: `API 기계가 ${MACHINES_MAX}대로도 모자랍니다(코어 ${formatCount(Math.ceil(need.apiCores))}개)`,
        en: `more than ${MACHINES_MAX} API machines would be needed (${formatCount(Math.ceil(need.apiCores))} cores)`,
      };
}
