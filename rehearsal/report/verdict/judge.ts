/** One sentence that says what the measurement shows, no more than it shows, and what else must be known. */
import { compare, isExplainedByLoad } from '../compare.ts';
import { FIGURES, type FigureKey, type GroupFigures, spreadOf } from '../figures.ts';
import { type Group, isUsersOnly, type Text } from '../run.ts';
import { type Alarm, findAlarms } from './alarms.ts';
import { ladderDetail, noiseDetail, workDetail } from './details.ts';
import { compared, type Found, incomparable, invalid, type Sentence, single, usersAlone } from './sentences.ts';

export interface Verdict extends Sentence {
  /** What the sentence rests on, and where the ladder stops. */
  details: Text[];
  alarms: Alarm[];
  /** The group that the sentence is about, and the figure that decided. */
  about?: { group: string; figure: FigureKey };
}

/** What decides, in this order, as far as it was measured: how much a step can carry, then how fast, then how cheaply, then how rightly. */
const DECIDING: readonly FigureKey[] = [
  'knee',
  'p99',
  'p95',
  'p50',
  'cpuMs',
  'goodPerSecond',
  'errorRate',
  'failedUsers',
  'staleShare',
];

export function judge(
  groups: readonly Group[],
  figures: readonly GroupFigures[],
  unusable: ReadonlySet<string>,
): Verdict {
  const alarms = findAlarms(groups);
  const [base, ...others] = figures;
  if (!base)
    return { tone: 'invalid', sentence: { ko: '결과가 없습니다.', en: 'There is no result.' }, details: [], alarms };
  const bad = figures.find((group) => unusable.has(group.key));
  if (bad) return { ...invalid(bad, groups), details: [], alarms };
  if (others.length === 0)
    return { ...single(base, groups[0]?.runs[0]), details: noiseDetail(figures, undefined), alarms };

  const wrong = new Set(alarms.map((alarm) => alarm.group));
  const found = decide(base, others, figures, fairGroups(groups, wrong));
  const details = [
    ...noiseDetail(figures, found?.figure),
    ...ladderDetail(groups, figures, wrong, GAINS),
    ...workDetail(figures),
  ];
  if (!found) return { ...incomparable(base, others), details, alarms };
  const hasNoRequests = (key: string): boolean =>
    groups.some((group) => group.key === key && group.runs.every(isUsersOnly));
  const withoutRequests = [base, found.other].filter(({ key }) => hasNoRequests(key));
  if (found.figure === 'failedUsers' && found.comparison.meaning === 'none' && withoutRequests.length > 0) {
    return { ...usersAlone(base, found.other, withoutRequests), details, alarms };
  }
  return {
    ...compared(base, found, groups, wrong, others.length),
    details,
    alarms,
    about: { group: found.other.key, figure: found.figure },
  };
}

/** What a step of the ladder can gain: speed, cost, or being right. */
const GAINS: readonly FigureKey[] = [...DECIDING, 'oldestAgeMs'];

/**
 * The group to speak about: of those that answer rightly, the one that gains most in the first figure that shows a gain. Where
 * nobody is shown to gain, the one that loses most in the first figure that shows a loss.
 */
function decide(
  base: GroupFigures,
  others: readonly GroupFigures[],
  all: readonly GroupFigures[],
  fair: ReadonlySet<string>,
): Found | undefined {
  const right = others.filter((group) => fair.has(group.key));
  const candidates = right.length > 0 ? right : others;
  let loser: Found | undefined;
  let explained: Found | undefined;
  let fallback: Found | undefined;
  const measured = DECIDING.filter((figure) => candidates.some((other) => compare(base, other, figure, all)));
  for (const figure of measured) {
    const found = candidates.flatMap((other): Found[] => {
      const comparison = compare(base, other, figure, all, measured.length);
      return comparison ? [{ figure, other, comparison }] : [];
    });
    const gain = ({ comparison }: Found): number =>
      FIGURES[figure].better === 'higher' ? comparison.size : -comparison.size;
    const ranked = found.toSorted((a, b) => gain(b) - gain(a));
    // The largest difference may be chance, and a smaller one not.
    const differing = ranked.filter(({ comparison }) => comparison.meaning !== 'none');
    const shown = differing.filter(({ comparison }) => !isExplainedByLoad(comparison));
    const [best] = shown;
    const isForAll = shown.length === found.length;
    if (best && (best.comparison.meaning === 'better' || isForAll)) return leastStale(best, found, all);
    loser ??= shown.at(-1);
    explained ??= differing[0];
    fallback ??= ranked[0];
  }
  return loser ?? explained ?? fallback;
}

/** Of those that are as good as the best beyond telling apart, the one with the fewest stale answers, and of these the best. */
function leastStale(best: Found, found: readonly Found[], all: readonly GroupFigures[]): Found {
  const stale = ({ other }: Found): number => spreadOf(other, 'staleShare')?.middle ?? 0;
  const level = found.filter(
    (other) => other === best || compare(best.other, other.other, best.figure, all)?.meaning === 'none',
  );
  return level.reduce((chosen, next) => (stale(next) < stale(chosen) ? next : chosen), best);
}

/** Groups whose answers are right, and were put to the test where others were: a menu that never changes proves nothing. */
function fairGroups(groups: readonly Group[], wrong: ReadonlySet<string>): Set<string> {
  const isTested = (group: Group): boolean => group.runs.some((run) => (run.truth?.changes?.length ?? 0) > 0);
  const needsTest = groups.some(isTested);
  const isBlank = (group: Group): boolean => group.runs.some((run) => run.truth?.changes?.length === 0);
  const fair = groups.filter((group) => !wrong.has(group.key) && !(needsTest && isBlank(group)));
  return new Set(fair.map((group) => group.key));
}
