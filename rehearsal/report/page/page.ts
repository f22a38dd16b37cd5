/** The whole report as one HTML file that needs nothing else: no network, no fonts, no other file. */
import { FIGURES, spreadOf } from '../figures.ts';
import { formatSpread } from '../format.ts';
import { namesake, type Report, titleOf } from '../report.ts';
import { ladderOf, type Text } from '../run.ts';
import type { Level } from '../validity/check.ts';
import { fastWrongChart } from './chart/fast-wrong.ts';
import { type ForestPanel, type ForestRow, forestPanels } from './chart/forest.ts';
import { fullHouseChart, fullHouseTable } from './chart/full-house.ts';
import { kneeChart } from './chart/knee.ts';
import { spectrumChart } from './chart/spectrum.ts';
import { countedSection } from './counted.ts';
import { endpointSection } from './endpoints.ts';
import { both, html, type Markup, type Part } from './markup.ts';
import { overTime } from './over-time.ts';
import { pageFrame } from './page-frame.ts';
import { METHOD, provenance } from './provenance.ts';
import { styleSheet } from './style.ts';
import { sayDelta, summaryTables, swatch } from './summary-table.ts';

const TONES: Record<Report['verdict']['tone'], Text> = {
  better: { ko: '차이가 드러남', en: 'A difference is shown' },
  worse: { ko: '나빠짐', en: 'Worse' },
  none: { ko: '드러난 차이 없음', en: 'No difference shown' },
  invalid: { ko: '결론을 낼 수 없음', en: 'No conclusion' },
  plain: { ko: '측정 결과', en: 'One result' },
  flawed: { ko: '나아졌지만 문제가 있음', en: 'Better, with a fault' },
  loads: { ko: '부하가 달랐음', en: 'A difference, at unequal loads' },
};
const ICONS: Record<Level, string> = { ok: '✓', note: 'i', warn: '!', stop: '×' };

export const renderPage = (report: Report, language: keyof Text): string =>
  pageFrame({
    language,
    title: titleOf(report),
    style: styleSheet(report.groups.length),
    brand: `${report.madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    main: body(report),
    footer: {
      ko: 'matjip report가 만들었습니다. 파일 하나로 열리며 어디에도 연결하지 않습니다.',
      en: 'Made by matjip report. One file, opens offline, connects to nothing.',
    },
    patterns: patterns(),
  });

function fullHouse(report: Report): Markup | undefined {
  const chart = fullHouseChart(report.groups);
  return chart && html`<div class="card figure-card">${chart}${fullHouseTable(report.groups)}</div>`;
}

function body(report: Report): Part {
  const forEver = new Set(
    report.groups.filter((group) => group.runs.some((run) => run.truth?.wrongForEver)).map((group) => group.key),
  );
  const isLadder = ladderOf(report.groups).length > 0;
  const summaryTitle = isLadder
    ? { ko: '단계마다 얻은 것', en: 'What each step bought' }
    : { ko: '나란히 보기', en: 'Side by side' };
  return [
    verdictCard(report),
    key(report),
    thresholdTable(report),
    section('bought', summaryTitle, summaryLead(report), summaryTables(report)),
    section(
      'believed',
      { ko: '믿어도 되는가', en: 'Can this be believed?' },
      { ko: '결과를 보기 전에 따져 볼 것들입니다.', en: 'What to ask before reading on.' },
      checks(report),
    ),
    pair(
      section(
        'wrong',
        { ko: '얼마나 빠르고, 얼마나 틀렸나', en: 'How fast, and how wrong' },
        {
          ko: '읽는 동안 값과 품절을 바꾸어 가며 모든 응답을 그 순간의 사실과 견주었습니다.',
          en: 'While the crowd read, prices and sold-out flags changed; every answer was checked against the truth of its moment.',
        },
        card(fastWrongChart(report.figures, forEver)),
      ),
      section(
        'carry',
        { ko: '어디까지 버티나', en: 'How much it can carry' },
        {
          ko: '부하를 올려 가며 약속을 지키는 가장 높은 부하(한계)를 찾았습니다. 큰 표식이 한계, 가로금이 그 구간입니다.',
          en: 'Load was raised until the promise broke. The large mark is the knee, the highest load that keeps it, and the bar its interval.',
        },
        card(kneeChart(report.groups)),
      ),
    ),
    section(
      'full-house',
      { ko: '자리가 다 찼을 때', en: 'Full house' },
      {
        ko: '한계의 0.5배에서 5배까지 주었을 때, 쓸모 있는(맞고 1초 안에 온) 응답이 한계에 견주어 얼마나 되는지입니다.',
        en: 'Useful answers (right, and within a second) at 0.5 to 5 times the knee, as a share of the knee.',
      },
      fullHouse(report),
    ),
    section(
      'waited',
      { ko: '기다린 시간', en: 'How long they waited' },
      {
        ko: '오른쪽으로 갈수록 드문, 그러나 붐비는 날에는 누군가 꼭 만나는 대기입니다.',
        en: 'Further right is rarer, and on a busy day somebody always meets it.',
      },
      card(spectrumChart(report.groups)),
    ),
    section(
      'shown',
      { ko: '무엇이 드러났나', en: 'What is shown' },
      {
        ko: '채운 표식은 흔들림을 넘는 차이, 빈 표식은 넘지 못한 차이입니다. 띠나 구간 안의 것은 우연일 수 있습니다.',
        en: 'Filled marks exceed the noise, hollow ones do not. What lies within the band or whose interval meets 1 may be chance.',
      },
      card(forest(report)),
    ),
    section(
      'over-time',
      { ko: '시간에 따라', en: 'Over time' },
      { ko: '모든 칸의 축이 같습니다.', en: 'All panels share their axes.' },
      overTime(report),
    ),
    section(
      'endpoints',
      { ko: '주소별', en: 'By endpoint' },
      { ko: '세로금은 중앙값, 표식은 p99입니다.', en: 'The bar is the median, the mark the p99.' },
      endpointSection(report),
    ),
    section('files', { ko: '파일에 적힌 대로', en: 'As the files have it' }, undefined, countedSection(report)),
    section(
      'baseline',
      { ko: '기준과 견주기', en: 'Against the baseline' },
      { ko: '이전에 저장한 결과와의 차이입니다.', en: 'Differences from the result given as the baseline.' },
      baselineTable(report),
    ),
    section('origin', { ko: '출처', en: 'Where this comes from' }, undefined, provenance(report)),
    section(
      'method',
      { ko: '읽는 법', en: 'How to read this' },
      undefined,
      html`<ul class="method">${METHOD.map((text) => html`<li>${both(text)}</li>`)}</ul>`,
    ),
  ];
}

/** Two sections side by side where the page is wide enough; one alone takes its place. */
function pair(...sections: readonly Part[]): Part {
  const present = sections.filter((part) => part !== undefined);
  return present.length === 2 ? html`<div class="sections">${present}</div>` : present;
}

/** A section exists when it has something to show; its id is an address (`report.html#carry`). */
function section(id: string, title: Text, lead: Text | undefined, content: Markup | undefined): Part {
  if (!content || content.text === '') return undefined;
  return html`<section id="${id}"><h2>${both(title)}</h2>${lead && html`<p class="lead-in">${both(lead)}</p>`}${content}</section>`;
}

const card = (content: Markup | undefined): Markup | undefined =>
  content && content.text !== '' ? html`<div class="card figure-card">${content}</div>` : undefined;

function verdictCard(report: Report): Markup {
  const { verdict } = report;
  return html`<div class="card verdict"><span class="tone ${verdict.tone}">${both(TONES[verdict.tone])}</span><p class="sentence">${both(verdict.sentence)}</p>${
    verdict.alarms.length > 0 &&
    html`<ul class="alarms">${verdict.alarms.map((alarm) => html`<li>${both(alarm.text)}</li>`)}</ul>`
  }${verdict.details.length > 0 && html`<ul>${verdict.details.map((detail) => html`<li>${both(detail)}</li>`)}</ul>`}</div>`;
}

/** Who is who; pressing one dims the others everywhere. */
function key(report: Report): Part {
  if (report.groups.length < 2) return undefined;
  return html`<nav class="key" aria-label="legend">${report.groups.map(
    (group, i) =>
      html`<button type="button" value="${i}" aria-pressed="false">${swatch(i)}<span>${both(group.label)}</span></button>`,
  )}</nav>`;
}

function summaryLead(report: Report): Text | undefined {
  const base = report.groups[0];
  if (!base || report.groups.length < 2) return undefined;
  return {
    ko: `수치 아래는 ${base.label.ko} 대비입니다. * 흔들림을 넘는 차이가 드러나지 않았습니다.`,
    en: `Below each figure: against ${base.label.en}. * No difference beyond the noise is shown.`,
  };
}

function checks(report: Report): Markup {
  const order: readonly Level[] = ['stop', 'warn', 'note', 'ok'];
  const sorted = order.flatMap((level) => report.checks.filter((check) => check.level === level));
  return html`<div class="card"><ul class="checks">${sorted.map(
    ({ level, title, detail }) =>
      html`<li><span class="icon ${level}" aria-label="${level}">${ICONS[level]}</span><div><b>${both(title)}</b><p>${both(detail)}</p></div></li>`,
  )}</ul></div>`;
}

function forest(report: Report): Markup | undefined {
  const base = report.figures[0];
  if (!base) return undefined;
  const panels = (['knee', 'p99', 'p50', 'cpuMs'] as const).flatMap((figure): ForestPanel[] => {
    const rows = report.figures.flatMap((group, index): ForestRow[] => {
      const comparison = report.comparisons.get(group.key)?.[figure];
      return comparison?.isFactor && comparison.load === 'equal' ? [{ index, label: group.label, comparison }] : [];
    });
    return rows.length > 0 ? [{ figure, rows }] : [];
  });
  return forestPanels(panels, base.label);
}

function thresholdTable(report: Report): Part {
  if (report.thresholds.length === 0) return undefined;
  return html`<section><h2>${both({ ko: '기준값', en: 'Thresholds' })}</h2><div class="card scroll"><table class="plain"><tbody>${report.thresholds.map(
    ({ text, group, ok, measured }) =>
      html`<tr><td><span class="icon ${ok ? 'ok' : 'stop'}">${ok ? '✓' : '×'}</span></td><td><code>${text}</code></td><td>${both(group)}</td><td class="n">${measured}</td><td>${both(ok ? { ko: '지킴', en: 'kept' } : { ko: '어김', en: 'missed' })}</td></tr>`,
  )}</tbody></table></div></section>`;
}

function baselineTable(report: Report): Markup | undefined {
  const rows = report.figures.flatMap((group) => {
    const before = namesake(group, report.baseline, report.figures.length);
    const found = report.againstBaseline.get(group.key);
    if (!before || !found) return [];
    return Object.entries(found).map(([name, comparison]) => {
      const figure = name as keyof typeof FIGURES;
      const [from, to] = [spreadOf(before, figure), spreadOf(group, figure)];
      return html`<tr><td>${both(group.label)}</td><td>${both(FIGURES[figure].label)}</td><td class="n">${from && formatSpread(figure, from)}</td><td class="n">${to && formatSpread(figure, to)}</td><td><span class="delta ${comparison.meaning}">${both(sayDelta(figure, comparison))}</span></td></tr>`;
    });
  });
  if (rows.length === 0) return undefined;
  return html`<div class="card scroll"><table class="plain"><thead><tr><th></th><th></th><th class="n">${both({ ko: '기준', en: 'baseline' })}</th><th class="n">${both({ ko: '지금', en: 'now' })}</th><th></th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Hatchings, so that kinds of errors and the warm-up are told apart on a grey printer. */
function patterns(): Markup {
  return html`<svg width="0" height="0" aria-hidden="true"><defs><pattern id="hatch-warmup" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" stroke="var(--line)" stroke-width="3"/></pattern><pattern id="hatch-1" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="var(--card)"/><path d="M0 0V5" stroke="var(--bad)" stroke-width="4"/></pattern><pattern id="hatch-2" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" fill="var(--card)"/><circle cx="2" cy="2" r="1.2" fill="var(--bad)"/></pattern><pattern id="hatch-3" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" fill="var(--card)"/><path d="M0 2H4" stroke="var(--bad)" stroke-width="1.4"/></pattern></defs></svg>`;
}
