/** Per endpoint: where the time goes, and what changed. */

import { formatCount, formatMs, formatShare } from '../format.ts';
import type { Report } from '../report.ts';
import { type Endpoint, failedShare, type Group } from '../run.ts';
import { waitedMs } from '../run-figures.ts';
import { type EndpointRow, endpointDots, endpointLatency } from './chart/endpoint-dots.ts';
import { classOf } from './chart/marks.ts';
import { both, html, type Markup } from './markup.ts';
import { swatch } from './summary-table.ts';

/** Rows of the table, all groups together: enough for every test of a few dozen routes. */
const TABLE_ROWS_MAX = 600;
const DRAWN_LINES_MAX = 48;

/** Undefined when no run knows its endpoints. */
export function endpointSection(report: Report): Markup | undefined {
  const rows = rowsOf(report.groups);
  if (rows.length === 0) return undefined;
  const drawn = rows.slice(0, Math.max(1, Math.floor(DRAWN_LINES_MAX / report.groups.length)));
  const listed = rows.slice(0, Math.max(3, Math.floor(TABLE_ROWS_MAX / report.groups.length)));
  const dropped =
    rows.length -
    listed.length +
    Math.max(...report.groups.flatMap((group) => group.runs.map((run) => run.endpointsDropped)));
  return html`<div class="card figure-card">${endpointDots(drawn)}<details><summary>${both({ ko: `표로 보기 (${listed.length}개)`, en: `As a table (${listed.length})` })}</summary><div class="scroll">${table(listed)}</div>${
    dropped > 0 &&
    html`<p class="method">${both({ ko: `요청이 적은 ${formatCount(dropped)}개는 싣지 않았습니다.`, en: `${formatCount(dropped)} more with fewer requests are not listed.` })}</p>`
  }</details></div>`;
}

/** By name over all groups, busiest first. Repeats show their first run. */
function rowsOf(groups: readonly Group[]): EndpointRow[] {
  const byName = new Map<string, EndpointRow>();
  groups.forEach((group, index) => {
    const [run] = group.runs;
    for (const endpoint of run?.endpoints ?? []) {
      const row = byName.get(endpoint.name) ?? { name: endpoint.name, of: [] };
      row.of.push({
        index,
        label: group.label,
        endpoint,
        floorMs: (run?.stepMs ?? 1) / 2,
        waitedMs: run ? waitedMs(run) : 0,
      });
      byName.set(endpoint.name, row);
    }
  });
  const size = (row: EndpointRow): number => row.of.reduce((sum, { endpoint }) => sum + endpoint.attempted, 0);
  return [...byName.values()].sort((a, b) => size(b) - size(a));
}

function table(rows: readonly EndpointRow[]): Markup {
  const hasServer = rows.some((row) => row.of.some(({ endpoint }) => endpoint.serverTime));
  return html`<table class="plain"><thead><tr><th>${both({ ko: '주소', en: 'endpoint' })}</th><th></th><th class="n">${both({ ko: '요청', en: 'requests' })}</th><th class="n">${both({ ko: '오류', en: 'errors' })}</th><th class="n">p50</th><th class="n">p95</th><th class="n">p99</th>${
    hasServer &&
    html`<th class="n">${both({ ko: '서버 (평균)', en: 'server (mean)' })}</th><th class="n">${both({ ko: '그 밖의 대기 (평균)', en: 'waiting elsewhere (mean)' })}</th>`
  }</tr></thead><tbody>${rows.map((row) =>
    row.of.map(({ index, label, endpoint, waitedMs }, i) => {
      return html`<tr class="${classOf(index)}${i === 0 && ' first'}"><td>${i === 0 && html`<code>${row.name}</code>`}</td><td><span class="swatch-name">${swatch(index)}${both(label)}</span></td><td class="n">${formatCount(endpoint.attempted)}</td><td class="n">${formatShare(failedShare(endpoint))}</td>${[
        0.5, 0.95, 0.99,
      ].map(
        (p) => html`<td class="n">${latencyCell(endpoint, p, waitedMs)}</td>`,
      )}${hasServer && serverCells(endpoint)}</tr>`;
    }),
  )}</tbody></table>`;
}

function latencyCell(endpoint: Endpoint, p: number, waitedMs: number): string {
  const found = endpointLatency(endpoint, p, waitedMs);
  return found ? `${found.atLeast ? '≥ ' : ''}${formatMs(found.ms)}` : '–';
}

/** Means, because they subtract exactly; percentiles of two distributions do not. */
function serverCells(endpoint: Endpoint): Markup {
  const { latency, serverTime } = endpoint;
  if (!latency || !serverTime) return html`<td class="n">–</td><td class="n">–</td>`;
  return html`<td class="n">${formatMs(serverTime.mean)}</td><td class="n">${formatMs(Math.max(0, latency.mean - serverTime.mean))}</td>`;
}
