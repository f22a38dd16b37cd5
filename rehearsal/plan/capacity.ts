/** How many cores a rate needs: by the law of scaling where the data carry it, otherwise in proportion, and said. */

import { formatRate } from '../report/format.ts';
import type { Text } from '../report/run.ts';
import {
  fitScalingLaw,
  isRefused,
  MARGIN_SHARE_MAX,
  POINTS_MIN,
  R_SQUARED_MIN,
  type Refusal,
  type ScalingLaw,
} from '../stats/usl.ts';
import type { MeasuredRung } from './measured.ts';

export interface Capacity {
  /** Absent: each further core is counted as one measured core. */
  readonly law?: ScalingLaw;
  /** Of what the law counts, in cores: 1, or a fraction where the smallest size of the series is one. */
  readonly unit?: number;
  /** The law is not asked for more cores than these, as they are too far from what was measured; from there on they count as these do on average. */
  readonly reach?: number;
  /** Why there is no law. */
  readonly refused?: Text;
  /** A configuration that a fit did not see: what it predicted ÷ what was measured. */
  readonly checked?: Checked;
  /**
   * The cores that carry a rate, whole machines not yet counted.
   * @param kneePerSecond of the measured machine, what is kept free already taken off
   * @returns undefined when no number of cores does
   */
  coresFor(perSecond: number, kneePerSecond: number): number | undefined;
}

export interface Checked {
  readonly cores: number;
  readonly predicted: number;
  readonly measured: number;
}

/** A law is no prophet: past so many times the largest size that was measured it is not asked, however narrow its interval. */
const REACH_TIMES = 2;

export function capacityOf({ cores, scaling = [] }: Pick<MeasuredRung, 'cores' | 'scaling'>): Capacity {
  // The law counts whole things: cores, or the small nodes that a series of fractions was measured with.
  const unit = Math.min(1, ...scaling.map((point) => point.cores).filter((size) => size > 0));
  const points = scaling.map(({ cores: size, perSecond }) => ({ n: size / unit, perSecond }));
  const law = fitScalingLaw(points);
  if (isRefused(law)) {
    return { refused: sayRefusal(law), coresFor: (perSecond, knee) => (perSecond / knee) * cores };
  }
  const checked = checkAgainstUnseen(points, unit);
  const largest = Math.max(...points.map(({ n }) => n));
  const isSure = (n: number): boolean => law.at(n).margin <= MARGIN_SHARE_MAX * law.at(n).perSecond;
  const last = Math.floor(Math.min(largest * REACH_TIMES, law.peakAt));
  let reach = Math.min(last, Math.floor(largest));
  while (reach < last && isSure(reach + 1)) reach += 1;
  // The peak lies within what was measured, or so near that it can be told.
  const isToThePeak = law.peakAt < reach + 1;
  const carried = (n: number): number =>
    n <= reach ? law.at(n).perSecond : law.at(reach).perSecond * (isToThePeak ? 1 : n / reach);
  return {
    law,
    unit,
    ...(!isToThePeak && { reach: reach * unit }),
    ...(checked && { checked }),
    coresFor(perSecond, knee) {
      // The curve gives the shape, the rung's own knee the height.
      const wanted = (perSecond / knee) * carried(cores / unit);
      for (let n = 1; n <= reach; n++) if (law.at(n).perSecond >= wanted) return n * unit;
      return isToThePeak ? undefined : (wanted / carried(reach)) * reach * unit;
    },
  };
}

/** Fits again without the largest configuration and holds the prediction against it. */
function checkAgainstUnseen(points: readonly { n: number; perSecond: number }[], unit: number): Checked | undefined {
  const most = Math.max(...points.map(({ n }) => n));
  const law = fitScalingLaw(points.filter(({ n }) => n !== most));
  if (isRefused(law)) return undefined;
  const largest = points.filter(({ n }) => n === most).map(({ perSecond }) => perSecond);
  const measured = largest.reduce((sum, rate) => sum + rate, 0) / largest.length;
  return { cores: most * unit, predicted: law.at(most).perSecond, measured };
}

/** The law of a rung and how well it foretold, or why there is none. */
export function sayLaw(label: Text, { law, unit = 1, reach, checked, refused }: Capacity): Text {
  if (!law) {
    const why = refused ?? { ko: '', en: '' };
    return {
      ko: `${label.ko}: 확장 법칙(USL)을 쓰지 않음. ${why.ko}.`,
      en: `${label.en}: no law of scaling (USL): ${why.en}.`,
    };
  }
  const { alpha, beta, gamma, rSquared, peakAt, leftOut } = law;
  const small = unit === 1 ? undefined : Number(unit.toPrecision(3));
  const of =
    small === undefined
      ? { ko: '', en: '' }
      : { ko: `, 단위는 코어 ${small}개`, en: `, counted in ${small} of a core` };
  const without = leftOut.map((name) => (name === 'alpha' ? 'α' : 'β')).join(', ');
  const none = without
    ? {
        ko: `(${without}는 0과 다르다고 할 수 없어 뺐습니다)`,
        en: ` (${without} not shown to differ from 0, and left out)`,
      }
    : { ko: '', en: '' };
  const peak = Number.isFinite(peakAt) ? formatCores(Math.floor(peakAt) * unit) : '∞';
  const far =
    reach === undefined
      ? { ko: '', en: '' }
      : {
          ko: ` 코어 ${formatCores(reach)}개보다 멀리는 묻지 않고, 그 뒤는 거기까지의 평균대로 셌습니다.`,
          en: ` Beyond ${sayCores(reach)} it is not asked; there they count as those do on average.`,
        };
  const check = checked
    ? {
        ko: ` 맞춤이 보지 못한 코어 ${formatCores(checked.cores)}개: 예측 ÷ 측정 ${(checked.predicted / checked.measured).toFixed(2)}.`,
        en: ` ${sayCores(checked.cores)}, which it did not see: predicted ÷ measured ${(checked.predicted / checked.measured).toFixed(2)}.`,
      }
    : { ko: '', en: '' };
  const numbers = `α ${alpha.toFixed(4)}, β ${beta.toFixed(6)}, γ ${gamma.toPrecision(4)}, R² ${rSquared.toFixed(3)}`;
  return {
    ko: `${label.ko}: 확장 법칙(USL) ${numbers}${none.ko}, 꼭대기 코어 ${peak}개${of.ko}.${check.ko}${far.ko}`,
    en: `${label.en}: law of scaling (USL) ${numbers}${none.en}, peak at ${peak} cores${of.en}.${check.en}${far.en}`,
  };
}

const sayCores = (cores: number): string =>
  `${formatCores(cores)} ${cores < 1 ? 'of a core' : cores === 1 ? 'core' : 'cores'}`;
const formatCores = (cores: number): string => String(Number(cores.toPrecision(4)));

/** Each size of a series with what it carried, the middle of its looks, and the law. */
export function sayScaling(label: Text, series: NonNullable<MeasuredRung['scaling']>): Text[] {
  const sizes = [...new Set(series.map(({ cores }) => cores))].sort((a, b) => a - b);
  const rows = sizes.map((size): Text => {
    const rates = series.filter(({ cores }) => cores === size).map(({ perSecond }) => perSecond);
    const told = `${formatRate(rates.reduce((sum, rate) => sum + rate, 0) / rates.length)}/s`;
    const each = rates.length > 1 ? ` (${rates.map((rate) => formatRate(rate)).join(', ')})` : '';
    return { ko: `코어 ${formatCores(size)}개: ${told}${each}`, en: `${sayCores(size)}: ${told}${each}` };
  });
  return [...rows, sayLaw(label, capacityOf({ cores: Math.max(...sizes), scaling: series }))];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** The reason, as a person would say it. */
export function sayRefusal(refusal: Refusal): Text {
  switch (refusal.kind) {
    case 'few':
      return {
        ko: `코어 수가 서로 다른 측정이 ${POINTS_MIN}개 이상 있어야 합니다. 지금은 ${refusal.distinct}개입니다`,
        en: `at least ${POINTS_MIN} different numbers of cores are needed, and there are ${refusal.distinct}`,
      };
    case 'value': {
      const { n, perSecond } = refusal.point;
      return {
        ko: `코어 ${n}개에서 초당 ${perSecond}건이라는 점은 쓸 수 없습니다. 코어는 1개 이상, 처리량은 0보다 커야 합니다`,
        en: `${perSecond}/s on ${n} cores is no point of it: at least 1 core and a rate above 0 are needed`,
      };
    }
    case 'negative': {
      const value = refusal.value.toPrecision(2);
      return {
        ko: `${refusal.name} 계수가 음수(${value})로 나옵니다. 코어보다 처리량이 더 빨리 늘었다는 뜻이니 가장 작은 쪽 측정을 다시 보십시오`,
        en: `${refusal.name} comes out negative (${value}): the rate grew faster than the cores, so look at the smallest configurations again`,
      };
    }
    case 'unlike':
      return {
        ko: `점들이 곡선을 따르지 않습니다(R² ${refusal.rSquared.toFixed(2)}, ${R_SQUARED_MIN} 이상이어야 함)`,
        en: `the points do not follow the curve (R² ${refusal.rSquared.toFixed(2)}, at least ${R_SQUARED_MIN} is needed)`,
      };
    case 'wide':
      return {
        ko: `예측 구간이 너무 넓습니다(코어 ${refusal.n}개에서 ±${percent(refusal.share)}, ±${percent(MARGIN_SHARE_MAX)}까지)`,
        en: `its interval is too wide (±${percent(refusal.share)} at ${refusal.n} cores, at most ±${percent(MARGIN_SHARE_MAX)} decides anything)`,
      };
    case 'unsolved':
      return { ko: '최소제곱 해가 나오지 않습니다', en: 'least squares find no solution' };
  }
}
