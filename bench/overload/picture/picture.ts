import { type Box, yAxis } from '../../../rehearsal/report/page/chart/frame.ts';
import { linePath, marker, type Point, place, spreadLabels } from '../../../rehearsal/report/page/chart/marks.ts';
import { linear, logarithmic, type Scale } from '../../../rehearsal/report/page/chart/scale.ts';
import { html, type Markup, trusted } from '../../../rehearsal/report/page/markup.ts';
import { DARK, LIGHT } from '../../../rehearsal/report/page/style.ts';
import type { OverloadResult, Step } from '../rows.ts';
import { generatorLimit, ORDER_GOALS, ordersPerSecond, round, USEFUL_GOALS, usefulPerSecond } from '../rows.ts';
import type { MeasuredLoad } from '../stage.ts';
import { TEXTS, type Texts } from './texts.ts';

/** Letters of 20 of 640 are still 11 pixels high on a phone that is 360 wide. */
const STYLE = `svg{${LIGHT}}@media(prefers-color-scheme:dark){svg{${DARK}}}
text{fill:var(--ink);font:20px system-ui,-apple-system,"Apple SD Gothic Neo","Noto Sans KR","Malgun Gothic",sans-serif;font-variant-numeric:tabular-nums}
.paper{fill:var(--card);stroke:var(--line)}.head{font-weight:650;font-size:22px}.axis text,.note{fill:var(--muted)}.note{font-size:17px}
.grid{stroke:var(--grid)}.base{stroke:var(--line)}.goal{stroke:var(--ink);stroke-width:3}
.before{--c:var(--r2)}.after{--c:var(--r3)}.line{fill:none;stroke:var(--c);stroke-width:3.5;stroke-linejoin:round}
.mark{fill:var(--c);stroke:var(--card);stroke-width:1.5}.mark.hollow{fill:var(--card);stroke:var(--c);stroke-width:2.5}
.name{fill:var(--c);font-weight:650}.refused{fill:var(--c)}`;

const WIDTH = 640;
const PLOT = { width: WIDTH, left: 140, right: 52 };
const CHART_HEIGHT = 250;
const LINE = 28;

/** One measurement in the picture: its loads from low to high, and what they are held against. */
interface Curve {
  readonly name: 'before' | 'after';
  readonly result: OverloadResult;
  readonly steps: readonly Step[];
  readonly knee: MeasuredLoad;
}

/**
 * Useful answers and useful orders against offered load, each as a factor of its own knee, before and after a change, and
 * beneath them what was refused. It is meant for a page's `<img>`: it is light or dark as the reader is.
 * @returns an SVG document
 * @throws Error in one line when one of them lacks the load at its knee
 */
export function overloadPicture(before: OverloadResult, after: OverloadResult, language: keyof typeof TEXTS): string {
  const texts = TEXTS[language];
  const curves = [curveOf('before', before), curveOf('after', after)];
  const multiples = [...new Set(curves.flatMap(({ steps }) => steps.map(({ multiple }) => multiple)))];
  multiples.sort((one, other) => one - other);
  const x = logarithmic(multiples[0]!, multiples.at(-1)!, [PLOT.left + 20, WIDTH - PLOT.right]);
  const chartAt = (top: number) => ({ ...PLOT, top: top + 46, bottom: 0, height: top + CHART_HEIGHT });
  const useful = chart(chartAt(10), x, curves, texts, texts.useful, usefulPerSecond, USEFUL_GOALS);
  const orders = chart(chartAt(10 + CHART_HEIGHT + 20), x, curves, texts, texts.orders, ordersPerSecond, ORDER_GOALS);
  const tableTop = 10 + 2 * CHART_HEIGHT + 38;
  const table = refusalTable(tableTop, x, multiples, curves, texts);
  const notes = [...curves.map((curve) => texts.again(curve.name, againShare(curve.result))), texts.reading];
  const notesTop = tableTop + 10 * LINE + 18;
  const height = notesTop + notes.length * LINE + 4;
  const lines = notes.map(
    (note, index) => html`<text class="note" x="24" y="${notesTop + index * LINE}">${note}</text>`,
  );
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${texts.about}" lang="${language}"><style>${trusted(STYLE)}</style><rect class="paper" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="12"/>${useful}${orders}${table}${lines}</svg>\n`
    .text;
}

function curveOf(name: Curve['name'], result: OverloadResult): Curve {
  const steps = result.steps.filter(({ isAfter }) => !isAfter).sort((one, other) => one.multiple - other.multiple);
  const knee = steps.find(({ multiple }) => multiple === 1);
  if (!knee) throw new Error(`The measurement '${name}' lacks the load at the knee (1 ×).`);
  return { name, result, steps, knee: knee.load };
}

function chart(
  box: Box,
  x: Scale,
  curves: readonly Curve[],
  texts: Texts,
  head: string,
  figure: (load: MeasuredLoad) => number,
  goals: Readonly<Record<number, number>>,
): Markup {
  const factor = (curve: Curve, { load }: Step) => figure(load) / Math.max(figure(curve.knee), 1e-9);
  const highest = Math.max(1, ...curves.flatMap((curve) => curve.steps.map((step) => factor(curve, step))));
  const y = linear(highest, [box.height, box.top]);
  const measured = new Set(curves.flatMap(({ steps }) => steps.map(({ multiple }) => multiple)));
  const goalLines = Object.entries(goals).map(([multiple, goal]) => {
    if (!measured.has(Number(multiple))) return undefined;
    const [at, height] = [x(Number(multiple)), place(y(goal))];
    return html`<line class="goal" x1="${place(at - 16)}" x2="${place(at + 16)}" y1="${height}" y2="${height}"/>`;
  });
  const ends = curves.map((curve) => y(factor(curve, curve.steps.at(-1)!)) - 14);
  const labels = spreadLabels(ends, 24, box.top + 6, box.height - 8);
  const lines = curves.map((curve, index) => {
    const points = curve.steps.map((step): Point => [x(step.multiple), y(factor(curve, step))]);
    const marks = curve.steps.map(({ load }, at) =>
      marker(index, points[at]![0], points[at]![1], generatorLimit(load) !== undefined, 7),
    );
    const label = html`<text class="name" x="${WIDTH - PLOT.right - 14}" y="${place(labels[index]!)}" text-anchor="end">${texts[curve.name]}</text>`;
    return html`<g class="${curve.name}"><path class="line" stroke-dasharray="${index === 0 ? '9 6' : ''}" d="${linePath(points)}"/>${marks}${label}</g>`;
  });
  return html`<text class="head" x="24" y="${box.top - 18}">${head}</text>${yAxis(box, y, (value) => `${value} ×`)}${goalLines}${lines}`;
}

/** Under each load: which share of it was refused, how soon, and which share had no answer at all. */
function refusalTable(
  top: number,
  x: Scale,
  multiples: readonly number[],
  curves: readonly Curve[],
  texts: Texts,
): Markup {
  const cells = (line: number, name: string, kind: string, cell: (multiple: number) => string) => {
    const y = top + line * LINE;
    return html`<text class="${kind}" x="24" y="${y}">${name}</text>${multiples.map(
      (multiple) =>
        html`<text class="${kind}" x="${place(x(multiple))}" y="${y}" text-anchor="middle">${cell(multiple)}</text>`,
    )}`;
  };
  const loadOf = (curve: Curve, multiple: number) => curve.steps.find((step) => step.multiple === multiple)?.load;
  const base = top + 0.5;
  return html`<line class="base" x1="24" x2="${WIDTH - 24}" y1="${base}" y2="${base}"/>${cells(1, texts.load, 'head', (multiple) => `${multiple} ×`)}${curves.map(
    (curve, index) => {
      const line = 2 + index * 4;
      const of = (multiple: number, cell: (load: MeasuredLoad) => string) => {
        const load = loadOf(curve, multiple);
        return load ? cell(load) : '';
      };
      const share = (count: number, load: MeasuredLoad) => percent(count / Math.max(1, load.total.planned));
      return html`<g class="${curve.name}"><text class="name" x="24" y="${top + line * LINE + 4}">${texts[curve.name]} · ${texts.knee(round(curve.result.kneePerSecond))}</text>${cells(
        line + 1,
        texts.refused,
        'refused',
        (multiple) => of(multiple, (load) => share(load.total.refused, load)),
      )}${cells(line + 2, texts.refusalMs, 'refused', (multiple) =>
        of(multiple, ({ refusalMs }) => (refusalMs.p99 === null ? '–' : milliseconds(refusalMs.p99))),
      )}${cells(line + 3, texts.noAnswer, 'refused', (multiple) =>
        of(multiple, (load) => share(load.total.timeouts + load.total.nobody + load.total.broken, load)),
      )}</g>`;
    },
  )}`;
}

const milliseconds = (ms: number): string => (ms < 1_000 ? `${round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);

const percent = (share: number): string =>
  share === 0 ? '–' : share < 0.01 ? '< 1 %' : share > 0.99 && share < 1 ? '> 99 %' : `${Math.round(share * 100)} %`;

/** What was useful of the low load that came after the highest; undefined where it was not measured. */
function againShare({ steps }: OverloadResult): string | undefined {
  const again = steps.find(({ isAfter }) => isAfter);
  return again && percent(again.load.total.useful / Math.max(1, again.load.total.planned));
}
