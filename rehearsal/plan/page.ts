/** The plan as one HTML file that needs nothing else, in the report's clothes. */
import { responsive, shorten, svg, xAxis } from '../report/page/chart/frame.ts';
import { classOf, place } from '../report/page/chart/marks.ts';
import { linear } from '../report/page/chart/scale.ts';
import { both, bothSvg, html, type Markup } from '../report/page/markup.ts';
import { pageFrame } from '../report/page/page-frame.ts';
import { styleSheet } from '../report/page/style.ts';
import type { Text } from '../report/run.ts';
import { formatWon, wonOf } from './money.ts';
import type { Plan } from './plan.ts';
import { COLUMNS, cellsOf, notesOf } from './rows.ts';
import { titleOf } from './write-text.ts';

const OWN = `.bill td:nth-child(4){white-space:normal;min-width:230px}.bill tr.best td{background:var(--ideal)}.scroll table.bill td{white-space:normal}
.cost{fill:var(--c)}.range-bar{stroke:var(--ink);stroke-width:1.5;fill:none}`;

export function renderPage(plan: Plan, language: keyof Text): string {
  const chart = costChart(plan);
  return pageFrame({
    language,
    title: titleOf(plan),
    style: styleSheet(plan.rungs.length) + OWN,
    brand: html`${both(plan.prices.name)}, ${plan.prices.asOf}`,
    main: html`
<div class="card verdict"><p class="sentence">${both(plan.advice)}</p></div>
${chart && html`<section><h2>${both({ ko: '한 달에 드는 돈', en: 'The bill of a month' })}</h2><p class="lead-in">${both({ ko: '막대는 가장 그럴듯한 값, 가는 금은 한계 부하 구간의 양 끝에서 나온 값입니다. 금이 겹치는 단계 사이에는 어느 쪽이 싼지 드러나지 않았습니다.', en: 'The bar is the likeliest, the thin line what the ends of the interval of the knee come to. Where lines overlap, neither rung is shown to be cheaper.' })}</p><div class="card figure-card">${chart}</div></section>`}
<section><h2>${both({ ko: '단계마다', en: 'Rung by rung' })}</h2>${table(plan)}</section>
<section><h2>${both({ ko: '무엇에 기대고 있나', en: 'What this rests on' })}</h2><div class="card"><ul class="method">${notesOf(plan).map((note) => html`<li>${both(note)}</li>`)}</ul></div></section>
`,
    footer: {
      ko: 'matjip plan이 만들었습니다. 파일 하나로 열리며 어디에도 연결하지 않습니다.',
      en: 'Made by matjip plan. One file, opens offline, connects to nothing.',
    },
  });
}

function table(plan: Plan): Markup {
  return html`<div class="card scroll"><table class="plain bill"><thead><tr>${COLUMNS.map((column) => html`<th>${both(column)}</th>`)}</tr></thead><tbody>${plan.rungs.map(
    (rung) =>
      html`<tr${rung === plan.best && html` class="best"`}>${cellsOf(rung, plan).map((cell) => html`<td>${both(cell)}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

const ROW = 34;

function costChart(plan: Plan): Markup | undefined {
  const rungs = plan.rungs.filter(({ choices }) => choices.base);
  if (rungs.length === 0) return undefined;
  return responsive((width) => {
    const left = width > 500 ? 190 : 110;
    const box = { width, height: rungs.length * ROW + 44, left, right: width > 500 ? 110 : 14, top: 6, bottom: 38 };
    const most = Math.max(
      ...rungs.map(({ choices: { base, high } }) => (high ?? base)!.dollarsPerMonth * plan.prices.wonPerDollar),
    );
    const x = linear(most, [box.left, width - box.right], width > 500 ? 4 : 2);
    const rows = rungs.map((rung, index) => {
      const { low, base, high } = rung.choices;
      const y = box.top + index * ROW;
      const at = (dollars: number): string => place(x(wonOf(dollars, plan.prices)));
      const { label } = rung.measured;
      const lines =
        low &&
        high &&
        html`<path class="range-bar" d="M${at(low.dollarsPerMonth)} ${y + 14}H${at(high.dollarsPerMonth)}M${at(low.dollarsPerMonth)} ${y + 10}v8M${at(high.dollarsPerMonth)} ${y + 10}v8"/>`;
      const room = width > 500 ? 26 : 14;
      const value =
        width > 500 &&
        html`<text class="figure" x="${place(x((high ?? base)!.dollarsPerMonth * plan.prices.wonPerDollar) + 8)}" y="${y + 18}">${formatWon(base!.dollarsPerMonth, plan.prices)}</text>`;
      return html`<g class="${classOf(index)}"><text class="name" x="${box.left - 8}" y="${y + 18}" text-anchor="end"><title>${label.ko} / ${label.en}</title>${bothSvg({ ko: shorten(label.ko, room), en: shorten(label.en, room) })}</text><rect class="cost" x="${box.left}" y="${y + 5}" width="${place(Math.max(1, x(wonOf(base!.dollarsPerMonth, plan.prices)) - box.left))}" height="18" rx="3"/>${lines}${value}</g>`;
    });
    const ticks = x.ticks.map((tick) => ({
      at: x(tick),
      label: tick === 0 ? '0' : `₩${tick.toLocaleString('en-US')}`,
    }));
    return svg(
      box,
      { ko: '단계마다 한 달에 드는 돈', en: 'the bill of a month, rung by rung' },
      html`${xAxis(box, ticks, undefined, true)}${rows}`,
    );
  }, 900);
}
