/** The reader's own measurement in the form in which it is told in an interview (docs/guide/interview.md), as Markdown. */
import { groupLoad, noiseOf } from './compare.ts';
import { FIGURE_KEYS, FIGURES, type FigureKey, type GroupFigures, spreadOf } from './figures.ts';
import { formatRate, formatSpread } from './format.ts';
import { plain } from './markdown.ts';
import { sayDelta } from './page/summary-table.ts';
import type { Report } from './report.ts';
import type { Text } from './run.ts';

const WORDS = {
  title: { ko: '면접에서 말하기', en: 'To be told in an interview' },
  why: { ko: '왜', en: 'Why' },
  whyYours: {
    ko: '___ (무엇이 느리거나 틀렸나, 누가 그것을 느꼈나. "편해서"는 까닭이 아닙니다)',
    en: '___ (what was slow or wrong, and who felt it; "convenient" is no reason)',
  },
  tried: { ko: '해 본 것', en: 'Tried' },
  result: { ko: '결과', en: 'Result' },
  learned: { ko: '배운 것', en: 'Learned' },
  learnedYours: {
    ko: '___ (예상과 달랐던 것. 다음에는 무엇을 먼저 하겠나)',
    en: '___ (what was not as you expected, and what you would do first next time)',
  },
  regret: { ko: '아쉬운 것', en: 'Regret' },
  regretYours: {
    ko: '___ (치른 값, 아직 못 한 것)',
    en: '___ (what it cost, and what is still to be done)',
  },
} satisfies Record<string, Text>;

/**
 * Fills in what was measured: what was tried, each difference that is no chance, what went wrong at a group, and what the measurement
 * itself leaves open. What only a person can know stays a blank with the question beside it.
 */
export function renderInterview(report: Report, language: keyof Text): string {
  const say = (text: Text): string => plain(text[language]);
  const { verdict, figures, checks } = report;
  const part = (label: Text, lines: readonly string[]): string[] => [
    `**${label[language]}.**`,
    '',
    ...lines.map((line) => `- ${line}`),
    '',
  ];
  return [
    `# ${WORDS.title[language]}`,
    '',
    ...part(WORDS.why, [WORDS.whyYours[language]]),
    ...part(
      WORDS.tried,
      figures.map((group) => `${say(group.label)}: ${say(sayLoad(group))}`),
    ),
    ...part(WORDS.result, [say(verdict.sentence), ...figures.slice(1).flatMap((group) => gainsOf(report, group, say))]),
    ...part(WORDS.learned, [
      ...verdict.alarms.map((alarm) => say(alarm.text)),
      ...verdict.details.map(say),
      WORDS.learnedYours[language],
    ]),
    ...part(WORDS.regret, [
      ...checks
        .filter(({ level }) => level === 'warn' || level === 'stop')
        .map(({ title, detail }) => `${say(title)}: ${say(detail)}`),
      ...(isNoiseKnown(figures) ? [] : [say(ONE_RUN)]),
      WORDS.regretYours[language],
    ]),
  ].join('\n');
}

const ONE_RUN: Text = {
  ko: '한 번씩만 재서 우연이 얼마나 큰지 모릅니다. 세 번씩 재면 압니다.',
  en: 'Each was measured once, so nobody knows how large chance is; three repeats would tell.',
};

const isNoiseKnown = (figures: readonly GroupFigures[]): boolean =>
  FIGURE_KEYS.some((key) => noiseOf(figures, key) !== undefined);

function sayLoad(group: GroupFigures): Text {
  const runs = group.runs.length;
  const load = groupLoad(group);
  const offered = load > 0 ? formatRate(load) : '–';
  return {
    ko: `초당 ${offered}건을 보내 ${runs}번 쟀다`,
    en: `${offered} requests a second, ${runs === 1 ? 'one run' : `${runs} runs`}`,
  };
}

/** Of one group against the first: the figures that differ by more than chance. */
function gainsOf(report: Report, group: GroupFigures, say: (text: Text) => string): string[] {
  const [base] = report.figures;
  const comparisons = report.comparisons.get(group.key) ?? {};
  const told = FIGURE_KEYS.flatMap((key: FigureKey) => {
    const comparison = comparisons[key];
    const [from, to] = [base && spreadOf(base, key), spreadOf(group, key)];
    if (!comparison || comparison.meaning === 'none' || !from || !to) return [];
    const change = `${formatSpread(key, from)} → ${formatSpread(key, to)}`;
    return [`${say(FIGURES[key].label)} ${plain(change)} (${say(sayDelta(key, comparison))})`];
  });
  return told.length > 0 ? [`${say(group.label)}: ${told.join('; ')}`] : [];
}
