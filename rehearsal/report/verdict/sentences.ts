/** The verdict's sentences. Names come first in Korean so that no particle has to fit a foreign name. */
import { type Comparison, groupLoad, isExplainedByLoad } from '../compare.ts';
import { FIGURES, type FigureKey, type GroupFigures, spreadOf } from '../figures.ts';
import {
  formatCount,
  formatFigure,
  formatMs,
  formatRate,
  formatShare,
  formatSpread,
  formatTimes,
  timesText,
} from '../format.ts';
import { type Group, isAllWarmup, isFailingBeyondRequests, isUsersOnly, type Run, type Text } from '../run.ts';

/** `flawed`: better in the figure, and not to be had: wrong answers, failures, a pause. `loads`: a difference that the load may have made. */
export type Tone = 'better' | 'worse' | 'none' | 'invalid' | 'plain' | 'flawed' | 'loads';

export interface Sentence {
  tone: Tone;
  sentence: Text;
}

/** The group that the verdict speaks about, in the figure that decided. */
export interface Found {
  figure: FigureKey;
  other: GroupFigures;
  comparison: Comparison;
}

export function invalid(bad: GroupFigures, groups: readonly Group[]): Sentence {
  const run = groups.find((group) => group.key === bad.key)?.runs[0];
  if (run && isAllWarmup(run)) {
    const [cut, whole] = [formatMs(run.warmupS * 1000), formatMs(run.wholeS * 1000)];
    return {
      tone: 'invalid',
      sentence: {
        ko: `${bad.label.ko}에서는 아무것도 측정되지 않았습니다. ${whole}짜리 시험에서 예열 ${cut}를 뺐습니다.`,
        en: `Nothing was measured of ${bad.label.en}: it took ${whole}, and the first ${cut} were cut as its warm-up.`,
      },
    };
  }
  const isEmpty = (run?.totals.answered ?? 0) === 0;
  return {
    tone: 'invalid',
    sentence: isEmpty
      ? {
          ko: `${bad.label.ko}에서는 아무것도 측정되지 않았습니다. 응답이 하나도 없습니다.`,
          en: `Nothing was measured of ${bad.label.en}: not one request was answered.`,
        }
      : {
          ko: `결론을 내릴 수 없습니다. ${bad.label.ko}에서 부하 발생기가 병목이었습니다.`,
          en: `No conclusion: the load generator was the bottleneck in ${bad.label.en}.`,
        },
  };
}

/** Users, and how many of them came through: what every engine counts. */
function usersOnly(run: Run): Sentence {
  const { created = 0, completed = 0, failed = 0 } = run.users ?? {};
  const length = formatMs(run.wholeS * 1000);
  const lost = created - completed - failed;
  const open =
    lost > 0
      ? { ko: `, ${formatCount(lost)}명은 끝나지 않음`, en: `, ${formatCount(lost)} did not end` }
      : { ko: '', en: '' };
  return {
    tone: 'plain',
    sentence: {
      ko: `${length} 동안 사용자 ${formatCount(created)}명 가운데 ${formatCount(completed)}명이 끝까지 했고 ${formatCount(failed)}명이 실패했습니다${open.ko}.`,
      en: `Of ${formatCount(created)} users in ${length}, ${formatCount(completed)} came through and ${formatCount(failed)} failed${open.en}.`,
    },
  };
}

/** By the highest percentile that the file has: some have no p99, and a few none at all. */
function waitOf(group: GroupFigures): Text | undefined {
  for (const [key, of] of [
    ['p99', '99'],
    ['p95', '95'],
    ['p50', '50'],
  ] as const) {
    const spread = spreadOf(group, key);
    if (!spread) continue;
    const wait = formatFigure(key, spread.middle);
    return {
      ko: `100건 중 ${of}건의 대기는 ${wait} ${spread.atLeast ? '이상' : '이하'}입니다`,
      en: `${of} of 100 waited ${spread.atLeast ? 'up to, or beyond,' : 'at most'} ${wait}`,
    };
  }
  return undefined;
}

export function single(group: GroupFigures, run: Run | undefined): Sentence {
  if (run && isUsersOnly(run)) return usersOnly(run);
  const load = formatRate(groupLoad(group));
  const errors = spreadOf(group, 'errorRate');
  const good = formatShare(1 - (errors?.middle ?? 0));
  const wait = waitOf(group);
  const knee = run?.knee?.ratePerSecond;
  const kneeText = knee
    ? {
        ko: ` 초당 ${formatRate(knee)}건까지 약속을 지킵니다.`,
        en: ` It keeps its promise up to ${formatRate(knee)} requests per second.`,
      }
    : { ko: '', en: '' };
  const users = spreadOf(group, 'failedUsers')?.middle ?? 0;
  const failing =
    users > 0 && run && isFailingBeyondRequests(run)
      ? { ko: `사용자의 ${formatShare(users)}가 실패했습니다. `, en: `${formatShare(users)} of the users failed. ` }
      : { ko: '', en: '' };
  return {
    tone: 'plain',
    sentence: {
      ko: `${failing.ko}초당 ${load}건의 요청에 ${good}를 제대로 답했${wait ? `고, ${wait.ko}` : '습니다'}.${kneeText.ko}`,
      en: `${failing.en}Of ${load} requests per second, ${good} were answered as they should be${wait ? `; ${wait.en}` : ''}.${kneeText.en}`,
    },
  };
}

export function incomparable(base: GroupFigures, others: readonly GroupFigures[]): Sentence {
  const other = others[0] ?? base;
  const [a, b] = [formatRate(groupLoad(base)), formatRate(groupLoad(other))];
  return {
    tone: 'none',
    sentence: {
      ko: `비교할 수 없습니다. ${base.label.ko}에는 초당 ${a}건, ${other.label.ko}에는 ${b}건의 부하를 주었습니다.`,
      en: `Not comparable: ${base.label.en} was offered ${a} requests per second and ${other.label.en} ${b}.`,
    },
  };
}

/** Where a side has no requests, nothing but users can be held against each other: that as few failed says nothing about the rest. */
export function usersAlone(
  base: GroupFigures,
  other: GroupFigures,
  withoutRequests: readonly GroupFigures[],
): Sentence {
  const failed = (group: GroupFigures): Text => {
    const of = group.runs.reduce((sum, run) => sum + (run.figures.failedUsers?.of ?? 0), 0);
    const share = formatFigure('failedUsers', spreadOf(group, 'failedUsers')?.middle ?? 0);
    return {
      ko: `${group.label.ko} 사용자 ${formatCount(of)}명 중 ${share}`,
      en: `${share} of the ${formatCount(of)} users of ${group.label.en}`,
    };
  };
  const [a, b] = [failed(base), failed(other)];
  const without = {
    ko: withoutRequests.map(({ label }) => label.ko),
    en: withoutRequests.map(({ label }) => label.en),
  };
  return {
    tone: 'none',
    sentence: {
      ko: `요청으로는 견줄 수 없습니다. 요청을 세지 않은 결과: ${without.ko.join(', ')}. 실패한 사용자는 ${a.ko}, ${b.ko}이고 차이가 드러나지 않았습니다.`,
      en: `Not comparable by requests, for there are none in ${without.en.join(' and ')}. Of the users, ${a.en} failed and ${b.en}, and no difference is shown.`,
    },
  };
}

export function compared(
  base: GroupFigures,
  found: Found,
  groups: readonly Group[],
  wrong: ReadonlySet<string>,
  others: number,
): Sentence {
  const { figure, other, comparison } = found;
  const from = spreadOf(base, figure);
  const to = spreadOf(other, figure);
  const [a, b] = [from ? formatSpread(figure, from) : '–', to ? formatSpread(figure, to) : '–'];
  if (comparison.meaning === 'none') return noDifference(base, other, figure, comparison, others);
  const isWrong = wrong.has(other.key);
  const truth = groups.find((group) => group.key === other.key)?.runs[0]?.truth;
  // The factor is a bound when the larger of the two figures is one.
  const isBound = (comparison.size >= 1 ? to?.atLeast : from?.atLeast) === true;
  const times = comparison.isFactor ? timesText(comparison.size, isBound) : undefined;
  const isBetter = comparison.meaning === 'better';
  const right = isWrong ? fault(isBetter) : rightness(figure === 'staleShare' ? undefined : truth);
  const sentence = phrase(figure, isBetter, {
    base: base.label,
    other: other.label,
    a,
    b,
    times,
    load: formatRate(groupLoad(base)),
    otherLoad: comparison.load === 'equal' ? undefined : formatRate(groupLoad(other)),
    isExplained: isExplainedByLoad(comparison),
  });
  return {
    tone: isWrong && isBetter ? 'flawed' : isExplainedByLoad(comparison) ? 'loads' : comparison.meaning,
    sentence: { ko: `${sentence.ko}${right.ko}.`, en: `${capital(sentence.en)}${right.en}.` },
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

interface Words {
  base: Text;
  other: Text;
  a: string;
  b: string;
  times: Text | undefined;
  load: string;
  /** Where it is another. */
  otherLoad: string | undefined;
  isExplained: boolean;
}

function phrase(figure: FigureKey, isBetter: boolean, words: Words): Text {
  const { base, other, a, b, times, load, otherLoad, isExplained } = words;
  const { label, better, needsEqualLoad } = FIGURES[figure];
  if (figure === 'knee' && isBetter && times) {
    return {
      ko: `${other.ko}: 같은 기계로 감당하는 요청이 ${base.ko}의 ${times.ko} (${a} → ${b})`,
      en: `${other.en} lets the same machine carry ${times.en} the requests of ${base.en} (${a} → ${b})`,
    };
  }
  const falls = (better === 'lower') === isBetter;
  if (otherLoad !== undefined) {
    const [ko, en] = falls ? ['낮음', 'lower'] : ['높음', 'higher'];
    const why = isExplained
      ? { ko: '. 부하가 달라 생긴 차이일 수 있습니다', en: ', which the load alone may have made' }
      : isBetter
        ? { ko: '. 부하가 더 많았는데도 그렇습니다', en: ', although it was offered more' }
        : { ko: '. 부하가 더 적었는데도 그렇습니다', en: ', although it was offered less' };
    return {
      ko: `${label.ko} ${base.ko} ${a}(초당 ${load}건), ${other.ko} ${b}(초당 ${otherLoad}건): ${times ? `${times.ko} ` : ''}${ko}${why.ko}`,
      en: `the ${label.en} was ${a} for ${base.en} at ${load} requests per second and ${b} for ${other.en} at ${otherLoad}${times ? ` (${times.en} ${en})` : ''}${why.en}`,
    };
  }
  const at = needsEqualLoad
    ? { ko: `초당 ${load}건에서 `, en: `At ${load} requests per second, ` }
    : { ko: '', en: '' };
  const [ko, en] = falls ? ['낮음', 'lower'] : ['높음', 'higher'];
  return {
    ko: `${other.ko}: ${at.ko}${label.ko} ${a} → ${b}, ${base.ko}보다 ${times ? `${times.ko} ` : ''}${ko}`,
    en: `${at.en}${other.en} ${falls ? 'cuts' : 'raises'} the ${label.en} of ${base.en} from ${a} to ${b}${times ? ` (${times.en} ${en})` : ''}`,
  };
}

const fault = (isBetter: boolean): Text =>
  isBetter
    ? { ko: '. 그러나 아래의 문제가 있습니다', en: ', but with the fault named below' }
    : { ko: '. 게다가 아래의 문제가 있습니다', en: ', and has the fault named below' };

function rightness(truth: Run['truth']): Text {
  if (!truth) return { ko: '', en: '' };
  if (truth.staleShare === 0) return { ko: '. 낡은 답은 없습니다', en: ', and no answer was stale' };
  const [share, age] = [formatShare(truth.staleShare), formatFigure('oldestAgeMs', truth.oldestAgeMs)];
  return { ko: `. 낡은 답은 ${share}, 길어야 ${age}`, en: `, with ${share} stale answers, the oldest ${age} behind` };
}

function noDifference(
  base: GroupFigures,
  other: GroupFigures,
  figure: FigureKey,
  comparison: Comparison,
  others: number,
): Sentence {
  const name = FIGURES[figure].label;
  const size =
    FIGURES[figure].scale === 'log' ? formatTimes(comparison.size) : formatFigure(figure, Math.abs(comparison.size));
  const why = comparison.isOpen
    ? { ko: '한쪽은 한계값만 알아 어느 쪽이 나은지 모릅니다', en: 'one of them is known as a bound only' }
    : comparison.basis === 'interval'
      ? { ko: '두 구간이 서로 만납니다', en: 'their intervals meet' }
      : comparison.basis === 'repeats'
        ? { ko: '같은 것을 다시 돌려도 이만큼은 달라집니다', en: 'two runs of the same thing differ as much' }
        : { ko: '한 번씩 돌려서는 이런 차이를 말할 수 없습니다', en: 'one run of each cannot show that' };
  const who =
    others === 1
      ? { ko: `${base.label.ko}, ${other.label.ko}`, en: `${base.label.en} and ${other.label.en}` }
      : { ko: '모든 결과', en: 'all of them' };
  return {
    tone: 'none',
    sentence: {
      ko: `차이가 드러나지 않았습니다. ${who.ko}: ${name.ko} ${size}, ${why.ko}.`,
      en: `No difference shown between ${who.en}: ${name.en} ${size}, and ${why.en}.`,
    },
  };
}
