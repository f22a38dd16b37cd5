import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PLANTED, type Planted, plantedNames } from '../planted/planted.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { findingsOf } from './findings.ts';
import { type KeptResult, type Results, readResults } from './results-file.ts';
import { markdownTable } from './table.ts';

const PAGE = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));

/** What stands between two marks is made by the command, everything else by people. */
function between(name: string, text: string, page: string): string {
  const [begin, end] = [`<!-- ${name}: made by npm run faults -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/reliability.md lacks its marks of ${name}.`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** The page with its results. */
export function renderPage(page: string, results: Results): string {
  const withTable = between('the table', markdownTable(SCENARIOS, results), page);
  const withPlanted = between('the planted faults', plantedTable(results), withTable);
  return between('the circumstances', circumstancesOf(results), withPlanted);
}

export function writePage(): void {
  writeFileSync(PAGE, renderPage(readFileSync(PAGE, 'utf8'), readResults()));
}

function plantedTable(results: Results): string {
  const rows = plantedNames.map((name) => {
    const { file, foundBy }: Planted = PLANTED[name];
    return `| it ${name} | \`${file}\` | \`${foundBy}\` | ${foundAs(results.planted[name])} |`;
  });
  const head = '| planted | in a copy of | scenario that must find it | found as |\n|---|---|---|---|';
  return [head, ...rows].join('\n');
}

function foundAs(kept: KeptResult | undefined): string {
  if (!kept) return 'not run yet';
  const [found] = findingsOf(kept.result);
  return found
    ? `${found.what}: ${found.measured} (${kept.at.slice(0, 10)}, seed ${kept.result.seed})`
    : '**not found**';
}

function circumstancesOf(results: Results): string {
  const all: KeptResult[] = [...Object.values(results.scenarios), ...Object.values(results.planted)];
  const groups = Map.groupBy(all, ({ machine, versions, commit }) => `${machine}; ${versions}; commit ${commit}`);
  return [...groups]
    .map(([where, kept]) => `- ${where}: ${[...new Set(kept.map(({ result }) => `\`${result.name}\``))].join(', ')}`)
    .join('\n');
}
