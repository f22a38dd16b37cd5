/** The section of small panels: every group on the same axes. */

import { formatCount } from '../format.ts';
import type { Report } from '../report.ts';
import type { Group, Period, Run, Text } from '../run.ts';
import { type Box, responsive } from './chart/frame.ts';
import { classOf } from './chart/marks.ts';
import { logDomain } from './chart/scale.ts';
import {
  drawnPeriods,
  errorPanel,
  latencyPanel,
  PHONE_WIDTH,
  panelBox,
  ratePanel,
  timeAxes,
} from './chart/timeline.ts';
import { truthPanel } from './chart/truth-panel.ts';
import { both, html, type Markup, type Part } from './markup.ts';
import { swatch } from './summary-table.ts';

/** Kinds of errors with a pattern of their own; the rest is drawn together. */
const KINDS_DRAWN = 4;
/** More rows than this are a wall; the table has all of them. */
export const ROWS_MAX = 24;

interface Row {
  group: Group;
  index: number;
  run: Run;
  periods: Period[];
}

export function overTime(report: Report): Markup | undefined {
  const rows = report.groups.slice(0, ROWS_MAX).flatMap((group, index): Row[] => {
    const [run] = group.runs;
    return run && run.periods.length > 0
      ? [{ group, index, run, periods: drawnPeriods(run, report.groups.length) }]
      : [];
  });
  if (rows.length === 0) return undefined;
  const kinds = commonKinds(rows.map((row) => row.run));
  const axes = timeAxes(
    rows.map((row) => row.periods),
    latencyDomain(rows),
  );
  const hasErrors = kinds.length > 0;
  // A browser or a web socket has no requests of its own: an empty panel would say that there were none.
  const asks = (periods: readonly Period[]): boolean =>
    periods.some((period) => period.attempted + period.answered > 0);
  const waits = (periods: readonly Period[]): boolean => periods.some((period) => period.latency !== undefined);
  const hasRequests = rows.some(({ periods }) => asks(periods));
  const hasLatency = rows.some(({ periods }) => waits(periods));
  const users = new Map(rows.flatMap(({ run, periods }) => (run.manifest ? [] : [[run, usersOf(periods)] as const])));
  const userAxes = timeAxes([...users.values()], latencyDomain(rows));
  const hasTruth = rows.some(({ run }) => run.truth?.seconds);
  const columns = [hasRequests, hasLatency, users.size > 0, hasErrors, hasTruth].filter(Boolean).length;
  const paper = panelBox(Math.max(1, columns));
  const drawn = (draw: (box: Box) => Markup): Markup =>
    paper.width > PHONE_WIDTH ? responsive((width) => draw({ ...paper, width }), paper.width) : draw(paper);
  return html`${keyOf(hasRequests, hasLatency, kinds, rows)}<div class="rows">${rows.map(
    ({ group, index, run, periods }) => {
      const { seconds } = axes;
      const truth =
        truthPanel(index, run, seconds, paper) && drawn((box) => truthPanel(index, run, seconds, box) ?? NONE);
      const ownUsers = users.get(run);
      return html`<div class="card ${classOf(index)}"><div class="row-head">${swatch(index)}<h3>${both(group.label)}</h3>${
        group.runs.length > 1 &&
        html`<span class="muted">${both({ ko: `${group.runs.length}회 중 1회차`, en: `run 1 of ${group.runs.length}` })}</span>`
      }</div><div class="panels">${hasRequests && panel({ ko: '초당 요청', en: 'requests per second' }, asks(periods) ? drawn((box) => ratePanel(index, periods, axes, box)) : NONE)}${
        hasLatency &&
        panel(
          { ko: '지연', en: 'latency' },
          waits(periods) ? drawn((box) => latencyPanel(index, periods, axes, box)) : NONE,
        )
      }${
        ownUsers &&
        panel(
          { ko: '초당 사용자 (시작, 끝까지)', en: 'users per second (began, came through)' },
          drawn((box) => ratePanel(index, ownUsers, userAxes, box, USERS)),
        )
      }${
        hasErrors &&
        panel(
          { ko: `오류 ${sumOf(run)}건 (초당)`, en: `${sumOf(run)} errors (per second)` },
          drawn((box) => errorPanel(periods, kinds, axes, box)),
        )
      }${truth && panel(truthCaption(run), truth)}</div></div>`;
    },
  )}</div>`;
}

/** Beside others that have some: a place that stays empty keeps the columns. */
const NONE = html`<p class="muted">${both({ ko: '이 결과에는 없습니다', en: 'not in this result' })}</p>`;

/** What the two lines of a panel of users are. */
const USERS: readonly [Text, Text] = [
  { ko: '시작한 사용자', en: 'users who began' },
  { ko: '끝까지 한 사용자', en: 'users who came through' },
];

/** Users drawn as requests are: began, came through. Our own rehearsals know their users by heart and leave them out. */
const usersOf = (periods: readonly Period[]): Period[] =>
  periods.map(({ users, latency: _latency, ...period }) => ({
    ...period,
    attempted: users?.created ?? 0,
    answered: users?.completed ?? 0,
    good: users?.completed ?? 0,
    unanswered: 0,
    errors: {},
  }));

function truthCaption(run: Run): Text {
  const peak = run.truth?.loadsPerSecondMax;
  return {
    ko: `낡은 응답${peak === undefined ? '' : ` · 적재 최대 ${formatCount(peak)}/s`}`,
    en: `stale answers${peak === undefined ? '' : ` · loads up to ${formatCount(peak)}/s`}`,
  };
}

const panel = (caption: Text, drawing: Part): Markup =>
  html`<figure><figcaption>${both(caption)}</figcaption>${drawing}</figure>`;

const sumOf = (run: Run): string =>
  formatCount(Object.values(run.totals.errors).reduce((sum, count) => sum + count, 0));

function latencyDomain(rows: readonly Row[]): readonly [number, number] {
  const values = rows.flatMap(({ run, periods }) =>
    periods.flatMap(({ latency }) =>
      latency ? [Math.max(run.stepMs / 2, latency.p50 ?? 0), latency.p99 ?? latency.max] : [],
    ),
  );
  return logDomain(values);
}

/** The most frequent kinds over all runs, in one order for all panels. */
export function commonKinds(runs: readonly Run[]): string[] {
  const counts = new Map<string, number>();
  for (const run of runs) {
    for (const [kind, count] of Object.entries(run.totals.errors)) counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, KINDS_DRAWN)
    .map(([kind]) => kind);
}

function keyOf(hasRequests: boolean, hasLatency: boolean, kinds: readonly string[], rows: readonly Row[]): Markup {
  const [attempted, answered]: readonly [Text, Text] = hasRequests
    ? [
        { ko: '보낸 요청', en: 'attempted' },
        { ko: '답 받은 요청, 칠은 올바른 것', en: 'answered, filled: good' },
      ]
    : USERS;
  const line = (className: string, label: Text, part: 'run r1' | ''): Markup =>
    html`<span><svg class="${part}" width="26" height="10" viewBox="0 0 26 10" aria-hidden="true"><path class="${className}" d="M1 5H25"/></svg>${both(label)}</span>`;
  const hasLost = rows.some((row) => row.periods.some((period) => period.unanswered > 0));
  const hasTruth = rows.some((row) => row.run.truth?.seconds);
  const hasWarmup = rows.some((row) => row.periods.some((period) => period.warmup));
  return html`<div class="swatches">${line('line attempted', attempted, 'run r1')}${line('line thin', answered, 'run r1')}${
    hasLatency &&
    html`${line('line p99', { ko: 'p99', en: 'p99' }, 'run r1')}${line('line p95', { ko: 'p95', en: 'p95' }, 'run r1')}${line('line p50', { ko: 'p50', en: 'p50' }, 'run r1')}`
  }${
    hasWarmup &&
    html`<span><svg width="26" height="12" viewBox="0 0 26 12" aria-hidden="true"><rect class="warmup" width="26" height="12"/></svg>${both({ ko: '예열, 수치에서 뺌', en: 'warm-up, cut from all figures' })}</span>`
  }${hasLost && html`<span><svg width="14" height="10" viewBox="0 0 14 10" aria-hidden="true"><path class="cross" d="M4 2l6 6m0 -6l-6 6"/></svg>${both({ ko: '답을 못 받은 요청이 있음', en: 'some requests unanswered' })}</span>`}${kinds.map(
    (kind, i) =>
      html`<span><svg width="14" height="12" viewBox="0 0 14 12" aria-hidden="true"><rect class="kind k${i}" x="1" y="1" width="12" height="10"/></svg><code>${kind}</code></span>`,
  )}${hasTruth && html`<span><svg width="14" height="10" viewBox="0 0 14 10" aria-hidden="true"><path class="change" d="M7 9l-4 -8h8Z"/></svg>${both({ ko: '메뉴가 바뀜', en: 'menu changed' })}</span><span><svg width="10" height="12" viewBox="0 0 10 12" aria-hidden="true"><path class="load" d="M5 12V2"/></svg>${both({ ko: 'DB에서 다시 읽음', en: 'loaded from the database' })}</span>`}</div>`;
}
