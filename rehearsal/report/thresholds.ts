/** Thresholds: what must hold, so that a pipeline can stop a release. */
import { groupLoad, isSameLoad } from './compare.ts';
import { FIGURE_KEYS, FIGURES, type FigureKey, type GroupFigures, spreadOf } from './figures.ts';
import { formatFigure, formatRate } from './format.ts';
import type { Text } from './run.ts';

export interface Threshold {
  /** As written. */
  text: string;
  /** Only this group; undefined means every one. */
  group?: string;
  figure: FigureKey;
  operator: '<' | '<=' | '>' | '>=';
  limit: number;
  /** The limit is a factor of the baseline's figure. */
  isRelative: boolean;
}

export interface ThresholdResult {
  text: string;
  group: Text;
  ok: boolean;
  measured: string;
}

/** `p99<=100`, `event-cache:errorRate<=1%`, `knee>=2000`, `p99<=1.1x` (of the baseline). Throws a sentence when it cannot be read. */
export function parseThreshold(text: string): Threshold {
  const match = /^(?:(.+):)?\s*(\w+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(ms|s|%|x|×|\/s)?\s*$/.exec(text);
  const figure = FIGURE_KEYS.find((key) => key.toLowerCase() === match?.[2]?.toLowerCase());
  if (!match || !figure) {
    throw new Error(
      `"${text}" is no threshold: write one such as p99<=100, errorRate<=1% or event-cache:knee>=2000 (figures: ${FIGURE_KEYS.join(', ')})`,
    );
  }
  const [, group, , operator, number, unit] = match;
  const scale = unit === 's' ? 1000 : unit === '%' ? 0.01 : 1;
  return {
    text,
    ...(group !== undefined ? { group } : {}),
    figure,
    operator: operator as Threshold['operator'],
    limit: Number(number) * scale,
    isRelative: unit === 'x' || unit === '×',
  };
}

/**
 * Every result of a group has to hold, repeats included. What was not measured does not hold, and neither does "at least 10 s"
 * against any upper limit below it. Nothing holds of what is `unusable`: a load that was not sent proves nothing. Relative limits need a baseline group of the same name, or the only one,
 * and for what depends on the load the same load; what a machine's speed decides is not held against a baseline of another machine.
 */
export function checkThresholds(
  thresholds: readonly Threshold[],
  groups: readonly GroupFigures[],
  baseline: readonly GroupFigures[] = [],
  unusable: ReadonlySet<string> = new Set(),
): ThresholdResult[] {
  return thresholds.flatMap((threshold) => {
    const targets = groups.filter((group) => threshold.group === undefined || threshold.group === group.key);
    if (targets.length === 0) {
      const name = threshold.group ?? '–';
      return [{ text: threshold.text, group: { ko: name, en: name }, ok: false, measured: 'no such result' }];
    }
    return targets.map((group) => {
      const result = checkOne(threshold, group, baseline);
      return unusable.has(group.key) ? { ...result, ok: false, measured: `${result.measured}, no conclusion` } : result;
    });
  });
}

function checkOne(threshold: Threshold, group: GroupFigures, baseline: readonly GroupFigures[]): ThresholdResult {
  const { figure, text } = threshold;
  const spread = spreadOf(group, figure);
  if (!spread) return { text, group: group.label, ok: false, measured: 'not measured' };
  let { limit } = threshold;
  if (threshold.isRelative) {
    const own = baseline.find((other) => other.key === group.key) ?? (baseline.length === 1 ? baseline[0] : undefined);
    const before = own ? spreadOf(own, figure) : undefined;
    if (!own && baseline.length > 0) {
      const names = baseline.map(({ key }) => key).join(', ');
      return { text, group: group.label, ok: false, measured: `the baseline has ${names}, and no ${group.key}` };
    }
    if (!own || !before) return { text, group: group.label, ok: false, measured: 'no baseline' };
    const [then, now] = [own.origin?.machine, group.origin?.machine];
    if (FIGURES[figure].scale === 'log' && then !== undefined && now !== undefined && then !== now) {
      return {
        text,
        group: group.label,
        ok: false,
        measured: `not comparable: measured on ${now}, baseline on ${then}`,
      };
    }
    if (FIGURES[figure].needsEqualLoad && !isSameLoad(own, group)) {
      const [then, now] = [own, group].map((each) => `${formatRate(groupLoad(each))}/s`);
      return { text, group: group.label, ok: false, measured: `not comparable: ${now}, baseline ${then}` };
    }
    limit *= before.middle;
  }
  const isUpper = threshold.operator.startsWith('<');
  const worst = isUpper ? spread.high : spread.low;
  const isBound = group.runs.some((run) => run.figures[figure]?.atLeast === true);
  // A latency "at least 10 s" can be anything above, a knee "below 10/s" anything below.
  const isBelow = group.runs.some((run) => run.figures[figure]?.isBelow === true);
  const isUnknown = (isBound && isUpper && FIGURES[figure].better === 'lower') || (isBelow && !isUpper);
  const holds = { '<': worst < limit, '<=': worst <= limit, '>': worst > limit, '>=': worst >= limit }[
    threshold.operator
  ];
  return { text, group: group.label, ok: holds && !isUnknown, measured: formatFigure(figure, worst, isBound) };
}
