/** Everything that a report says, computed once and before anything is drawn. */
import { type Comparison, compare } from './compare.ts';
import { FIGURE_KEYS, type FigureKey, type GroupFigures } from './figures.ts';
import type { Group, Text } from './run.ts';
import { groupFigures } from './run-figures.ts';
import type { SavedReport } from './saved-report.ts';
import { checkThresholds, type Threshold, type ThresholdResult } from './thresholds.ts';
import { checkBaseline } from './validity/baseline.ts';
import type { Check } from './validity/check.ts';
import { checkValidity, unusable } from './validity/check-validity.ts';
import { judge, type Verdict } from './verdict/judge.ts';

export interface Report {
  title?: string;
  madeAt: Date;
  groups: Group[];
  /** In the order of `groups`; the first is what the others are compared with. */
  figures: GroupFigures[];
  /** Of each group but the first, against the first. */
  comparisons: Map<string, Partial<Record<FigureKey, Comparison>>>;
  checks: Check[];
  verdict: Verdict;
  /** An earlier report or result, and each group against its namesake there. */
  baseline: GroupFigures[];
  againstBaseline: Map<string, Partial<Record<FigureKey, Comparison>>>;
  thresholds: ThresholdResult[];
}

export function makeReport(
  groups: Group[],
  options: { title?: string; baseline?: GroupFigures[]; thresholds?: readonly Threshold[]; madeAt: Date },
): Report {
  const figures = groups.map(groupFigures);
  const { baseline = [], thresholds = [], madeAt } = options;
  const [base, ...others] = figures;
  const comparisons = new Map(others.map((other) => [other.key, base ? compareAll(base, other, figures) : {}]));
  const againstBaseline = compareWithBaseline(figures, baseline);
  const without = unusable(groups);
  return {
    ...(options.title !== undefined ? { title: options.title } : {}),
    madeAt,
    groups,
    figures,
    comparisons,
    checks: [...checkValidity(groups, figures), ...checkBaseline(baselinePairs(figures, baseline))],
    verdict: judge(groups, figures, without),
    baseline,
    againstBaseline,
    thresholds: checkThresholds(thresholds, figures, baseline, without),
  };
}

/** As given on the command line, the same in both languages; otherwise what it is, in the reader's. */
export const titleOf = ({ title, groups }: Report): Text =>
  title !== undefined
    ? { ko: title, en: title }
    : isRehearsal(groups)
      ? { ko: '맛집 리허설 보고서', en: 'Matjip rehearsal report' }
      : { ko: '부하 시험 보고서', en: 'Load test report' };

/** Our own rehearsal writes a manifest beside each result; a stranger's file has none. */
const isRehearsal = (groups: readonly Group[]): boolean =>
  groups.some((group) => group.runs.some((run) => run.manifest !== undefined));

/** The group of the same name; with one group on each side the names may differ. */
export function namesake(
  group: GroupFigures,
  baseline: readonly GroupFigures[],
  groups: number,
): GroupFigures | undefined {
  return (
    baseline.find((other) => other.key === group.key) ??
    (groups === 1 && baseline.length === 1 ? baseline[0] : undefined)
  );
}

const baselinePairs = (figures: readonly GroupFigures[], baseline: readonly GroupFigures[]) =>
  figures.flatMap((group) => {
    const before = namesake(group, baseline, figures.length);
    return before ? [[before, group] as const] : [];
  });

/** Each group against its namesake. All of these are asked at once, so they share the chance of a false alarm. */
export function compareWithBaseline(
  figures: readonly GroupFigures[],
  baseline: readonly GroupFigures[],
): Report['againstBaseline'] {
  const pairs = baselinePairs(figures, baseline);
  return new Map(pairs.map(([before, group]) => [group.key, compareAll(before, group, [before, group], pairs.length)]));
}

function compareAll(
  base: GroupFigures,
  other: GroupFigures,
  all: readonly GroupFigures[],
  asked = 1,
): Partial<Record<FigureKey, Comparison>> {
  return Object.fromEntries(
    FIGURE_KEYS.flatMap((key) => {
      const found = compare(base, other, key, all, asked);
      return found ? [[key, found]] : [];
    }),
  );
}

export function toSaved(report: Report): SavedReport {
  return {
    kind: 'matjip-report',
    version: 1,
    madeAt: report.madeAt.toISOString(),
    verdict: {
      tone: report.verdict.tone,
      sentence: report.verdict.sentence,
      details: report.verdict.details,
      alarms: report.verdict.alarms.map((alarm) => alarm.text),
    },
    groups: report.figures,
    checks: report.checks.map(({ code, level, detail }) => ({ code, level, detail })),
    comparisons: [...report.comparisons].map(([group, figures]) => ({ group, figures })),
    thresholds: report.thresholds,
  } as SavedReport;
}
