/** What the file itself says: Artillery's own statistics, codes and errors by endpoint, and everything else that it counted. */
import type { Summary } from '../../stats/summary.ts';
import { formatCount, formatMs } from '../format.ts';
import { CUSTOM } from '../read/custom.ts';
import type { Report } from '../report.ts';
import type { Group, Run, Text } from '../run.ts';
import { classOf } from './chart/marks.ts';
import { both, html, type Markup } from './markup.ts';
import { swatch } from './summary-table.ts';

const STATISTICS = ['min', 'mean', 'p50', 'p95', 'p99', 'max'] as const;
const ROWS_MAX = 200;

/** Core Web Vitals by the names that Artillery gives them, with what they mean; all but CLS are milliseconds. */
const VITALS: Record<string, Text> = {
  LCP: { ko: '가장 큰 내용이 그려질 때까지', en: 'largest contentful paint' },
  FCP: { ko: '첫 내용이 그려질 때까지', en: 'first contentful paint' },
  CLS: { ko: '화면이 밀린 정도(점수)', en: 'layout shift (a score)' },
  TTFB: { ko: '첫 바이트까지', en: 'time to first byte' },
  INP: { ko: '누른 뒤 다음 그림까지', en: 'interaction to next paint' },
  FID: { ko: '첫 입력의 지연', en: 'first input delay' },
};

/** What an engine without requests counted and measured, a line each, for a report in words. */
export const othersInWords = ({ others }: Run): string[] => [
  ...others.counters.map(([name, count]) => `${name} ${formatCount(count)}`),
  ...others.summaries.map(([name, summary]) => {
    const say = unitOf(name);
    const told = (['p50', 'p95', 'p99'] as const).flatMap((key) =>
      summary[key] === undefined ? [] : [`${key} ${say(summary[key])}`],
    );
    return `${name} ${told.length > 0 ? told.join(', ') : `max ${say(summary.max)}`}`;
  }),
];

/** Undefined where the files hold nothing of it. */
export function countedSection(report: Report): Markup | undefined {
  const parts = [ownTable(report.groups), codesTable(report.groups), othersTable(report.groups)];
  const found = parts.filter((part) => part !== undefined);
  return found.length > 0 ? html`<div class="counted">${found}</div>` : undefined;
}

const eachRun = <T>(groups: readonly Group[], of: (group: Group, run: Run, index: number) => T[]): T[] =>
  groups.flatMap((group, index) => group.runs.slice(0, 1).flatMap((run) => of(group, run, index)));

const nameCell = (group: Group, index: number): Markup =>
  html`<td><span class="swatch-name">${swatch(index)}${both(group.label)}</span></td>`;

/** In a report of one result the name on each line says nothing, and on a phone it would push the counts off the page. */
const nameIfMany = (groups: readonly Group[]) => ({
  head: groups.length > 1 && html`<th></th>`,
  cell: (group: Group, index: number) => groups.length > 1 && nameCell(group, index),
});

const statisticCells = (summary: Summary, say: (value: number) => string = formatMs): Markup =>
  html`${STATISTICS.map((key) => {
    const value = summary[key];
    return html`<td class="n">${value === undefined ? '–' : say(value)}</td>`;
  })}`;

/** Artillery's own times are milliseconds, and so is what a script calls a time. What else a script measured has a unit that nobody wrote down. */
const IS_TIME = /^(?:browser|http|socketio|vusers|websocket)\.|(?:time|duration|latency|delay|[._-]ms)$/i;
const unitOf = (name: string): ((value: number) => string) => {
  if (vitalOf(name) === 'CLS') return (value) => value.toFixed(3);
  if (IS_TIME.test(name) || /^(?:[A-Z]{3,7} |https?:|\/)/.test(name.replace(CUSTOM, ''))) return formatMs;
  return (value) => value.toLocaleString('en-US', { maximumFractionDigits: 3 });
};

const statisticHeads = html`${STATISTICS.map((key) => html`<th class="n">${key === 'p50' ? 'median' : key}</th>`)}`;

function ownTable(groups: readonly Group[]): Markup | undefined {
  const rows = eachRun(groups, (group, run, index) =>
    run.own ? [html`<tr class="${classOf(index)}">${nameCell(group, index)}${statisticCells(run.own)}</tr>`] : [],
  );
  if (rows.length === 0) return undefined;
  return html`<div class="card scroll"><h3>${both({ ko: 'Artillery가 적은 응답 시간', en: "Response time in Artillery's own words" })}</h3><table class="plain"><thead><tr><th></th>${statisticHeads}</tr></thead><tbody>${rows}</tbody></table><p class="method">${both(
    {
      ko: '답을 받은 요청만, 예열까지 넣은 파일의 값입니다. 위의 수치는 답이 없던 요청도 셉니다.',
      en: 'As the file has it: answered requests only, warm-up included. The figures above count what got no answer too.',
    },
  )}</p></div>`;
}

function codesTable(groups: readonly Group[]): Markup | undefined {
  const name = nameIfMany(groups);
  const rows = eachRun(groups, (group, run, index) => {
    const line = (endpoint: string, kind: string, count: number): Markup =>
      html`<tr class="${classOf(index)}">${name.cell(group, index)}<td><code>${endpoint}</code></td><td><code>${kind}</code></td><td class="n">${formatCount(count)}</td></tr>`;
    const all = { ...run.totals.codes, ...run.totals.errors };
    const total = Object.entries(all).map(([kind, count]) => line('*', kind, count));
    const single = run.endpoints.flatMap((endpoint) =>
      Object.entries(endpoint.errors).map(([kind, count]) => line(endpoint.name, kind, count)),
    );
    return [...total, ...single];
  });
  if (rows.length === 0) return undefined;
  return html`<div class="card scroll"><h3>${both({ ko: '응답 코드와 오류', en: 'Codes and errors' })}</h3><table class="plain"><thead><tr>${name.head}<th>${both({ ko: '주소 (* 모두)', en: 'endpoint (* all)' })}</th><th>${both({ ko: '종류', en: 'kind' })}</th><th class="n">${both({ ko: '개수', en: 'count' })}</th></tr></thead><tbody>${rows.slice(0, ROWS_MAX)}</tbody></table></div>`;
}

function othersTable(groups: readonly Group[]): Markup | undefined {
  const each = nameIfMany(groups);
  // Columns of statistics only where something was measured and not only counted.
  const isMeasured = groups.some(({ runs }) => (runs[0]?.others.summaries.length ?? 0) > 0);
  const empty = isMeasured && html`<td colspan="6"></td>`;
  const users = eachRun(groups, (group, run, index) =>
    Object.entries(run.users ?? {}).map(
      ([name, count]) =>
        html`<tr class="${classOf(index)}">${each.cell(group, index)}<td><code>vusers.${name}</code></td><td class="n">${formatCount(count)}</td>${empty}</tr>`,
    ),
  );
  const counters = eachRun(groups, (group, run, index) =>
    run.others.counters.map(
      ([name, count]) =>
        html`<tr class="${classOf(index)}">${each.cell(group, index)}<td><code>${name}</code></td><td class="n">${formatCount(count)}</td>${empty}</tr>`,
    ),
  );
  const summaries = eachRun(groups, (group, run, index) =>
    run.others.summaries.map(([name, summary]) => {
      const vital = vitalOf(name);
      return html`<tr class="${classOf(index)}">${each.cell(group, index)}<td><code>${name}</code>${vital && html`<br><span class="muted">${both(VITALS[vital] as Text)}</span>`}</td><td class="n">${summary.count > 0 ? formatCount(summary.count) : '–'}</td>${statisticCells(summary, unitOf(name))}</tr>`;
    }),
  );
  const rows = [...users, ...counters, ...summaries];
  if (rows.length === 0) return undefined;
  return html`<div class="card scroll"><h3>${both({ ko: '그 밖에 센 것', en: 'What else was counted' })}</h3><table class="plain"><thead><tr>${each.head}<th>${both({ ko: '이름', en: 'name' })}</th><th class="n">${both({ ko: '개수', en: 'count' })}</th>${isMeasured && statisticHeads}</tr></thead><tbody>${rows.slice(0, ROWS_MAX)}</tbody></table></div>`;
}

/** `browser.page.LCP.https://…` is a web vital of that page. */
const vitalOf = (name: string): string | undefined => {
  const found = /^browser\.page\.([A-Z]+)\./.exec(name)?.[1];
  return found !== undefined && Object.hasOwn(VITALS, found) ? found : undefined;
};
