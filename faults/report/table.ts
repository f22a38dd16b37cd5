import type { ScenarioResult } from '../run-scenario.ts';
import { type Check, isHeld, type Scenario } from '../scenario.ts';
import type { KeptResult, Results } from './results-file.ts';

function number(value: number, unit: Check['unit']): string {
  if (value === Number.POSITIVE_INFINITY) return 'never';
  const digits = unit === '%' || unit === '×' ? 2 : 0;
  const text = value.toLocaleString('en', { maximumFractionDigits: digits });
  if (unit === undefined) return text;
  return unit === '×' ? `× ${text}` : `${text} ${unit}`;
}

const measuredOf = ({ measured, unit }: Check): string => number(measured, unit);

function criterionOf({ atMost, atLeast, unit }: Check): string {
  if (atMost !== undefined && atMost === atLeast) return `= ${number(atMost, unit)}`;
  const least = atLeast === undefined ? [] : [`≥ ${number(atLeast, unit)}`];
  const most = atMost === undefined ? [] : [atMost === 0 ? '0' : `≤ ${number(atMost, unit)}`];
  return [...least, ...most].join(', ');
}

/** For a terminal: a line for what was done, a line for each thing that was asked for. */
export function tableLines(scenario: Scenario, { checks, seed, seconds, tookMs, error }: ScenarioResult): string[] {
  const head = `${scenario.name}: ${scenario.fault} (seed ${seed}, ${seconds} s, took ${(tookMs / 1_000).toFixed(0)} s)`;
  const rows = checks.map((check) => {
    const mark = isHeld(check) ? 'ok    ' : 'BROKEN';
    const line = `  ${mark} ${check.what.padEnd(70)} ${measuredOf(check).padStart(12)}   ${criterionOf(check)}`;
    return check.example ? `${line}\n         ${check.example}` : line;
  });
  return [head, ...rows, ...(error ? [`  BROKEN ${error}`] : [])];
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function rowsOf(scenario: Scenario, kept: KeptResult | undefined): string[] {
  if (!kept) return [`| \`${scenario.name}\` | ${cell(scenario.fault)} | not run yet | | | |`];
  const { result, seeds } = kept;
  const ofSeeds = seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds from ${seeds[0]}`;
  const rows = result.checks.map((check) => [
    cell(check.what),
    criterionOf(check),
    measuredOf(check),
    isHeld(check) ? 'yes' : '**no**',
  ]);
  if (result.error) rows.push(['it came to its verdict', '', cell(result.error), '**no**']);
  return rows.map((row, place) => {
    const size = `${kept.at.slice(0, 10)}, ${result.seconds} s, ${ofSeeds}, ${kept.busy} at work`;
    const first = place === 0 ? [`\`${scenario.name}\``, `${cell(scenario.fault)} (${size})`] : ['', ''];
    return `| ${[...first, ...row].join(' | ')} |`;
  });
}

/** For the page: the same, with when, how long and by which seeds it was measured. */
export function markdownTable(scenarios: readonly Scenario[], results: Results): string {
  return [
    '| scenario | what is done in the middle of load | what is asked for | criterion | measured | held |',
    '|---|---|---|---|---|---|',
    ...scenarios.flatMap((scenario) => rowsOf(scenario, results.scenarios[scenario.name])),
  ].join('\n');
}
