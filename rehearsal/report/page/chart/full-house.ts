/** What happens past the knee: useful answers and refusals by multiples of it. */
import type { FullHouse } from '../../../results/index.ts';
import { formatMs, formatRate, formatShare } from '../../format.ts';
import type { Group } from '../../run.ts';
import { both, bothSvg, html, type Markup } from '../markup.ts';
import { type Box, responsive, shorten, svg, xAxis, yAxis } from './frame.ts';
import { classOf, dashOf, linePath, marker, type Point, place, spreadLabels } from './marks.ts';
import { linear, logarithmic } from './scale.ts';

interface House {
  index: number;
  group: Group;
  house: FullHouse;
}

const housesOf = (groups: readonly Group[]): House[] =>
  groups.flatMap((group, index): House[] => {
    const house = group.runs.find((run) => run.fullHouse)?.fullHouse;
    return house && house.steps.length > 0 && house.kneePerSecond > 0 ? [{ index, group, house }] : [];
  });

export function fullHouseChart(groups: readonly Group[]): Markup | undefined {
  const houses = housesOf(groups);
  return houses.length > 0 ? responsive((width) => draw(houses, width), 900) : undefined;
}

function draw(houses: readonly House[], width: number): Markup {
  const isWide = width > 500;
  const box: Box = { width, height: isWide ? 320 : 280, left: 52, right: isWide ? 190 : 92, top: 16, bottom: 40 };
  const multiples = [...new Set(houses.flatMap(({ house }) => house.steps.map(({ multiple }) => multiple)))].sort(
    (a, b) => a - b,
  );
  const shareOf = (house: FullHouse, useful: number): number => useful / house.kneePerSecond;
  const most = Math.max(
    1,
    ...houses.flatMap(({ house }) => house.steps.map((step) => shareOf(house, step.usefulPerSecond))),
  );
  const x = logarithmic(multiples[0]!, multiples.at(-1)!, [box.left + 8, width - box.right]);
  const y = linear(most, [box.height - box.bottom, box.top]);
  const ends = houses.map(({ house }) => y(shareOf(house, house.steps.at(-1)!.usefulPerSecond)));
  const labels = spreadLabels(ends, 17, box.top + 8, box.height - box.bottom - 4);
  const curves = houses.map(({ index, group, house }, i) => {
    const points = house.steps.map((step): Point => [x(step.multiple), y(shareOf(house, step.usefulPerSecond))]);
    const marks = house.steps.map((step, k) => marker(index, points[k]![0], points[k]![1], step.generatorLimited, 4));
    const { label } = group;
    const [lx, ly] = [width - box.right + 14, labels[i] ?? 0];
    return html`<g class="${classOf(index)}"><path class="line" stroke-dasharray="${dashOf(index)}" d="${linePath(points)}"/>${marks}<path class="lead" d="M${place(points.at(-1)![0] + 5)} ${place(ends[i]!)}L${place(lx - 4)} ${place(ly)}"/><text class="name" x="${place(lx)}" y="${place(ly + 4)}"><title>${label.ko} / ${label.en}</title>${bothSvg({ ko: shorten(label.ko, isWide ? 16 : 8), en: shorten(label.en, isWide ? 26 : 12) })}</text></g>`;
  });
  return svg(
    box,
    { ko: '한계를 넘었을 때 쓸모 있는 응답', en: 'useful answers past the knee' },
    html`${yAxis(box, y, (value) => formatShare(value))}${xAxis(
      box,
      multiples.map((multiple) => ({ at: x(multiple), label: `×${multiple}` })),
      {
        ko: '한계의 몇 배를 주었나 (빈 표식은 발생기가 모자람)',
        en: 'offered, in knees (hollow: the generator gave in)',
      },
      true,
    )}${curves}`,
  );
}

/** The highest load of each in figures: what a reader cannot read off the lines. */
export function fullHouseTable(groups: readonly Group[]): Markup {
  const rows = housesOf(groups).map(({ index, group, house }) => {
    const step = house.steps.at(-1)!;
    const { refusalP50Ms: p50, refusalP99Ms: p99 } = step;
    const soon = p50 === undefined || p99 === undefined ? '–' : `${formatMs(p50)} (p99 ${formatMs(p99)})`;
    return html`<tr class="${classOf(index)}"><td>${both(group.label)}</td><td class="n">×${step.multiple}, ${formatRate(step.offeredPerSecond)}/s</td><td class="n">${formatRate(step.usefulPerSecond)}/s</td><td class="n">${formatRate(step.usefulOrdersPerSecond)}/s</td><td class="n">${formatRate(step.refusedPerSecond)}/s</td><td class="n">${soon}</td></tr>`;
  });
  const heads = [
    { ko: '준 부하', en: 'offered' },
    { ko: '쓸모 있는 응답', en: 'useful answers' },
    { ko: '그 가운데 주문', en: 'orders among them' },
    { ko: '거절', en: 'refused' },
    { ko: '거절이 온 시간', en: 'a refusal came after' },
  ];
  return html`<div class="scroll"><table class="plain"><thead><tr><th></th>${heads.map((head) => html`<th class="n">${both(head)}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
