/** What the verdict rests on: the noise floor, and where the ladder stops paying. */
import { compare, noiseOf } from '../compare.ts';
import { FIGURES, type FigureKey, type GroupFigures, spreadOf } from '../figures.ts';
import { formatFigure, formatRate, formatShare } from '../format.ts';
import { type Group, ladderOf, type Text } from '../run.ts';

/** How much a figure moves when nothing is changed, or that nobody knows because nothing was repeated. */
export function noiseDetail(figures: readonly GroupFigures[], figure: FigureKey | undefined): Text[] {
  if (figures.every((group) => group.runs.length < 2)) {
    return [
      {
        ko: '한 번만 돌려 흔들림을 모릅니다. 다시 돌리면 다르게 나올 수 있습니다. 세 번씩 돌리면 알 수 있습니다.',
        en: 'Run only once, so the noise is unknown: another run may come out differently. Three runs of each would tell.',
      },
    ];
  }
  const key = figure && noiseOf(figures, figure) ? figure : 'p99';
  const noise = noiseOf(figures, key);
  if (noise?.scale !== 'log') return [];
  const percent = formatShare(Math.expm1(noise.deviation));
  const name = FIGURES[key].label;
  return [
    {
      ko: `흔들림: 같은 것을 다시 돌렸을 때 ${name.ko}의 차이는 ${percent}쯤입니다(표준편차).`,
      en: `Noise floor: repeats of the same thing differ in ${name.en} by about ${percent} (standard deviation).`,
    },
  ];
}

/**
 * Where climbing stops paying: the last step with a shown gain over the one below. A step that carries less than one further down is no gain,
 * whatever else it does better: who stays down there has more.
 */
export function ladderDetail(
  groups: readonly Group[],
  figures: readonly GroupFigures[],
  wrong: ReadonlySet<string>,
  deciding: readonly FigureKey[],
): Text[] {
  const steps = new Set(ladderOf(groups).map((group) => group.key));
  if (steps.size === 0) return [];
  const climbed = figures.filter((group) => steps.has(group.key) && !wrong.has(group.key));
  let last: GroupFigures | undefined;
  const idle: Text[] = [];
  for (let i = 1; i < climbed.length; i++) {
    const [below, step] = [climbed[i - 1], climbed[i]];
    if (!below || !step) continue;
    const best = mostCarried(climbed.slice(0, i));
    const gains = deciding.some((key) => compare(below, step, key, figures, deciding.length)?.meaning === 'better');
    if (best && isApartBelow(best, step)) idle.push(carriesLess(best, step));
    else if (gains) last = step;
    else idle.push(boughtNothing(below, step));
  }
  if (!last)
    return [
      {
        ko: '올바르게 답한 단계 가운데 아래 단계보다 나아진 것이 없습니다.',
        en: 'Of the steps that answered rightly, none gained over the one below.',
      },
      ...idle,
    ];
  const isTop = last === climbed.at(-1);
  return [
    isTop
      ? {
          ko: `사다리는 맨 위 ${last.label.ko}까지 값을 합니다.`,
          en: `The ladder pays up to its top, ${last.label.en}.`,
        }
      : {
          ko: `사다리는 ${last.label.ko}에서 멈춥니다. 그 위의 올바른 단계에서 더 나아진 것이 드러나지 않았습니다.`,
          en: `The ladder stops at ${last.label.en}: no right step above it is shown to be a gain.`,
        },
    ...idle,
  ];
}

const kneeOf = (group: GroupFigures): number => spreadOf(group, 'knee')?.middle ?? 0;

/**
 * Whether the whole interval of a step's knee lies below the other's. The highest of several is high by luck as well, so the intervals must
 * not meet, where for two that were chosen beforehand less will do.
 */
function isApartBelow(best: GroupFigures, step: GroupFigures): boolean {
  const [from, to] = [best, step].map((group) => group.runs.find((run) => run.figures.knee)?.figures.knee);
  return from?.low !== undefined && to?.high !== undefined && to.high < from.low;
}

const mostCarried = (groups: readonly GroupFigures[]): GroupFigures | undefined =>
  groups.toSorted((a, b) => kneeOf(b) - kneeOf(a))[0];

function carriesLess(below: GroupFigures, step: GroupFigures): Text {
  const change = [below, step].map((group) => formatFigure('knee', kneeOf(group))).join(' → ');
  const why = costOfStep(below, step);
  return {
    ko: `${step.label.ko}: ${below.label.ko}보다 덜 버팁니다(${change}). ${why.ko}.`,
    en: `${step.label.en} carries less than ${below.label.en} (${change}): ${why.en}.`,
  };
}

/** Beyond this a request costs another amount of work. */
const SAME_WORK = 1.1;

/** That a step is not shown to buy anything, and what its cost of a request says about why. */
function boughtNothing(below: GroupFigures, step: GroupFigures): Text {
  const why = costOfStep(below, step);
  return {
    ko: `${step.label.ko}: ${below.label.ko}보다 나아진 것이 드러나지 않았습니다. ${why.ko}.`,
    en: `${step.label.en} is not shown to buy anything over ${below.label.en}: ${why.en}.`,
  };
}

/** What a request costs on a step, beside what it cost below. */
function costOfStep(below: GroupFigures, step: GroupFigures): Text {
  const of = (group: GroupFigures, key: FigureKey) => spreadOf(group, key)?.middle;
  const [cpu, statements] = (['cpuMs', 'statementsPerRequest'] as const).map((key) => {
    const [from, to] = [of(below, key), of(step, key)];
    return from && to ? { from, to, ratio: to / from } : undefined;
  });
  const why = !cpu
    ? { ko: '요청당 비용은 재지 못했습니다', en: 'what a request costs was not measured' }
    : cpu.ratio > SAME_WORK
      ? { ko: '요청 하나에 CPU가 더 듭니다', en: 'a request costs more CPU' }
      : cpu.ratio < 1 / SAME_WORK
        ? { ko: '요청은 싸졌지만 흔들림을 넘지 못했습니다', en: 'a request costs less, and not enough to show' }
        : { ko: '요청 하나에 드는 일이 같습니다', en: 'a request costs the same work' };
  const numbers = [
    cpu && `CPU ${formatFigure('cpuMs', cpu.from)} → ${formatFigure('cpuMs', cpu.to)}`,
    statements &&
      `SQL ${formatFigure('statementsPerRequest', statements.from)} → ${formatFigure('statementsPerRequest', statements.to)}`,
  ].filter(Boolean);
  const told = numbers.length > 0 ? ` (${numbers.join(', ')})` : '';
  return { ko: why.ko + told, en: why.en + told };
}

/** At which loads the work of a request was measured: a tenth of what a rung bears would show its idle seconds. */
export function workDetail(figures: readonly GroupFigures[]): Text[] {
  const loads = figures.flatMap(({ label, runs }) => {
    const at = runs.find((run) => run.figures.cpuMs?.perSecond ?? run.figures.statementsPerRequest?.perSecond);
    const perSecond = at?.figures.cpuMs?.perSecond ?? at?.figures.statementsPerRequest?.perSecond;
    return perSecond === undefined ? [] : [{ label, rate: `${formatRate(perSecond)}/s` }];
  });
  if (loads.length === 0) return [];
  const listed = (language: keyof Text) => loads.map(({ label, rate }) => `${label[language]} ${rate}`).join(', ');
  return [
    {
      ko: `요청 하나의 CPU, 문장, 바이트, 읽기는 저마다 한계의 절반에서 쟀습니다: ${listed('ko')}.`,
      en: `CPU, statements, bytes and reads of a request are measured at half of each knee: ${listed('en')}.`,
    },
  ];
}
