/** How many cores a rate needs: by the law of scaling where the data carry it, otherwise in proportion, and said. */

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
  /** Why there is no law. */
  readonly refused?: Text;
  /** A configuration that a fit did not see: what it predicted ÷ what was measured. */
  readonly checked?: { readonly cores: number; readonly predicted: number; readonly measured: number };
  /**
   * The cores that carry a rate, whole machines not yet counted.
   * @param kneePerSecond of the measured machine, what is kept free already taken off
   * @returns undefined when no number of cores does
   */
  coresFor(perSecond: number, kneePerSecond: number): number | undefined;
}

/** More than any machine list holds; past it "add machines" is no plan. */
const CORES_MAX = 20_000;

export function capacityOf({ cores, scaling = [] }: MeasuredRung): Capacity {
  const points = scaling.map(({ cores: n, perSecond }) => ({ n, perSecond }));
  const law = fitScalingLaw(points);
  if (isRefused(law)) {
    return { refused: sayRefusal(law), coresFor: (perSecond, knee) => (perSecond / knee) * cores };
  }
  const checked = checkAgainstUnseen(points);
  return {
    law,
    ...(checked && { checked }),
    coresFor(perSecond, knee) {
      // The curve gives the shape, the rung's own knee the height.
      const wanted = (perSecond / knee) * law.at(cores).perSecond;
      const last = Math.min(CORES_MAX, Math.floor(law.peakAt));
      for (let n = 1; n <= last; n++) {
        const { perSecond: carried, margin } = law.at(n);
        if (margin > MARGIN_SHARE_MAX * carried) return undefined;
        if (carried >= wanted) return n;
      }
      return undefined;
    },
  };
}

/** Fits again without the largest configuration and holds the prediction against it. */
function checkAgainstUnseen(points: readonly { n: number; perSecond: number }[]): Capacity['checked'] {
  const cores = Math.max(...points.map(({ n }) => n));
  const law = fitScalingLaw(points.filter(({ n }) => n !== cores));
  if (isRefused(law)) return undefined;
  const largest = points.filter(({ n }) => n === cores).map(({ perSecond }) => perSecond);
  const measured = largest.reduce((sum, rate) => sum + rate, 0) / largest.length;
  return { cores, predicted: law.at(cores).perSecond, measured };
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
