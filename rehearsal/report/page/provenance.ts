/** Where the figures come from: files, switches, machine, versions. */
import { formatCount } from '../format.ts';
import type { Report } from '../report.ts';
import type { Group, Run, Text } from '../run.ts';
import { shownPaths } from '../shown-paths.ts';
import { nameOf } from '../validity/check.ts';
import { classOf } from './chart/marks.ts';
import { both, html, type Markup } from './markup.ts';
import { swatch } from './summary-table.ts';

const SOURCES: Record<Run['source'], string> = {
  'artillery-1': 'Artillery 1.x',
  'artillery-2': 'Artillery 2.x',
  crowd: 'matjip crowd',
};

export function provenance(report: Report): Markup {
  const machines = new Set(
    report.groups.flatMap((group) => group.runs.flatMap((run) => (run.manifest ? [machineOf(run)] : []))),
  );
  const runs = report.groups.flatMap((group) => group.runs.map((run) => ({ group, run })));
  const paths = shownPaths(runs.map(({ run }) => run.file));
  return html`<div class="card">${[...machines].map((machine) => html`<p class="method">${machine}</p>`)}<div class="scroll"><table class="plain"><thead><tr><th></th>${hasSwitches(report) && html`<th>${both({ ko: '스위치', en: 'switches' })}</th>`}<th>${both({ ko: '발생기', en: 'generator' })}</th><th>${both({ ko: '시작', en: 'started' })}</th><th class="n">${both({ ko: '잰 시간', en: 'measured' })}</th><th class="n">${both({ ko: '요청', en: 'requests' })}</th></tr></thead><tbody>${report.groups.map(
    (group, index) =>
      html`<tr class="${classOf(index)}"><td><span class="swatch-name">${swatch(index)}${both(group.label)}</span></td>${groupCells(group, hasSwitches(report))}</tr>`,
  )}</tbody></table></div><details><summary>${both({ ko: '파일', en: 'Files' })}</summary><ul class="method">${runs.map(
    ({ group, run }, at) => html`<li>${both(nameOf(group, run))}: <code>${paths[at]}</code></li>`,
  )}</ul></details></div>`;
}

/** A stranger's file knows nothing of our switches. */
const hasSwitches = ({ groups }: Report): boolean =>
  groups.some((group) => group.runs.some((run) => Object.keys(run.manifest?.switches ?? {}).length > 0));

function groupCells(group: Group, withSwitches: boolean): Markup {
  const [run] = group.runs;
  if (!run) return html``;
  const sum = (of: (run: Run) => number): number => group.runs.reduce((total, one) => total + of(one), 0);
  const times = group.runs.length > 1 ? `${group.runs.length} × ` : '';
  const started = run.startMs > 0 ? new Date(run.startMs).toISOString().replace('T', ' ').slice(0, 16) : '–';
  return html`${withSwitches && html`<td><code>${switchesOf(run)}</code></td>`}<td>${SOURCES[run.source]}</td><td>${started}</td><td class="n">${times}${Math.round(run.spanS)} s${run.warmupS > 0 && ` (+${run.warmupS})`}</td><td class="n">${formatCount(sum((one) => one.totals.attempted))}</td>`;
}

const switchesOf = (run: Run): string =>
  Object.entries(run.manifest?.switches ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(' ') || '–';

function machineOf(run: Run): string {
  const { manifest } = run;
  if (!manifest) return '';
  const { machine, versions, seed } = manifest;
  const parts = [`${machine.model}, ${machine.cpus} CPU, ${machine.memoryGiB} GiB`, `Node ${machine.node}`];
  if (machine.postgres) parts.push(`PostgreSQL ${machine.postgres}`);
  for (const [name, version] of Object.entries(versions)) parts.push(`${name} ${version}`);
  parts.push(`seed ${seed}`);
  return parts.join(' · ');
}

export const METHOD: readonly Text[] = [
  {
    ko: '지연의 백분위는 답을 받지 못한 요청까지 셉니다. 그런 요청은 어떤 응답보다 느린 것으로 두므로, 얼어붙은 서버의 p99는 "≥ 제한 시간"으로 나옵니다.',
    en: 'Latency percentiles count requests that got no answer as slower than every answer, so the p99 of a frozen server reads "≥ time-out".',
  },
  {
    ko: '차이는 요청이 아니라 시험 전체를 단위로 봅니다. 같은 것을 반복한 시험들의 흔들림(A/A)을 모아 두고, 그것을 넘는 차이만 말합니다. 아무것도 다르지 않을 때 다르다고 할 확률은 한 수치에 대해 모든 결과를 통틀어 5 % 이하입니다.',
    en: 'Differences are judged on whole runs, never on requests. Repeats of the same thing (A/A) give the noise floor, and only what exceeds it is called: where nothing differs, a difference is called in at most 5 % of reports, all results of one figure together.',
  },
  {
    ko: '반복이 없으면 흔들림을 모르므로, 1.5배 이상이면서 구간의 80 %가 서로 겹치지 않는 차이만 말합니다. 백분위는 그 너머에 요청이 10건은 있어야 견줍니다.',
    en: 'Without repeats the noise is unknown: only differences of ×1.5 and more are called, and only when the middle 80 % of their periods do not overlap, of a percentile only with 10 requests beyond it.',
  },
  {
    ko: '초당 수치는 개수를 실제로 덮은 시간으로 나눈 것입니다. 처음과 끝의 잘린 구간은 짧은 만큼만 셉니다.',
    en: 'Rates are counts over the time really covered; partial first and last periods count for as long as they are.',
  },
  {
    ko: 'Artillery의 분포는 1 % 안에서 정확하고 시간은 밀리초 단위입니다. 이보다 작은 차이는 없는 것으로 봅니다. 스펙트럼의 흐린 부분에는 요청이 10건도 남지 않았습니다.',
    en: "Artillery's distributions are right within 1 % and its times are whole milliseconds: smaller differences count as none. Where the spectrum is pale, fewer than 10 requests are left.",
  },
];
