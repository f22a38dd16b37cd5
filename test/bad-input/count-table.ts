import { CLASS_NAMES, CLASSES } from './classes.ts';
import type { Proof } from './prove-bad-input.ts';

const BEGIN = '<!-- bad input: begin -->';
const END = '<!-- bad input: end -->';

/** What stands between the marks, made by the long run. */
export function countTable({ counts, operations, others, heard, unavailable }: Proof, seed: number): string {
  const sum = (what: 'tried' | 'refused') => CLASS_NAMES.reduce((all, name) => all + counts[name][what], 0);
  const rows = CLASS_NAMES.map(
    (name) => `| ${name} | ${CLASSES[name]} | ${counts[name].tried} | ${counts[name].refused} |`,
  );
  return [
    `Seed ${seed}, ${operations} routes, ${sum('tried')} requests, of which ${sum('refused')} were refused; the rest were harmless and were answered.`,
    `A look at another store's order took ${(others.besideBadP99 / others.besideGoodP99).toFixed(1)} times as long beside them (p99) as beside as many harmless requests; of ${heard.asked} looks ${heard.busy} were told that it is busy, and ${unavailable.told} answers said that the database is not there and were asked once more.`,
    '',
    '| class | what is tried | tried | refused |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The page with another table in it. */
export function withCounts(page: string, table: string): string {
  const [before, rest] = page.split(BEGIN);
  const [, behind] = rest?.split(END) ?? [];
  if (behind === undefined) throw new Error('docs/security.md has no place for the counts.');
  return `${before}${BEGIN}\n${table}\n${END}${behind}`;
}

/** The classes that the page lists, in its order. */
export const classesOn = (page: string): string[] =>
  [...(page.split(BEGIN)[1]?.split(END)[0] ?? '').matchAll(/^\| (\S[^|]*?) \| [^|]* \| \d+ \| \d+ \|$/gm)].map(
    ([, name]) => name!,
  );
