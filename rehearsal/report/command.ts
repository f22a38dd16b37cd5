/** `matjip report`: results in, one page out. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { GroupFigures } from './figures.ts';
import { renderInterview } from './interview.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPage } from './page/page.ts';
import { expandInputs, groupRuns, readRun } from './read/inputs.ts';
import { mergeRuns } from './read/merge-runs.ts';
import { Unreadable } from './read/unreadable.ts';
import { makeReport, type Report, toSaved } from './report.ts';
import type { Group, Run } from './run.ts';
import { groupFigures } from './run-figures.ts';
import { isSavedReport, readSavedGroups } from './saved-report.ts';
import { parseThreshold, type Threshold } from './thresholds.ts';
import { renderCsv } from './write-csv.ts';

const HELP = `matjip report RESULT.json… -o FILE.html

Turns results of load tests into one offline HTML page, side by side. A RESULT is

  FILE.json             what Artillery 1.x or 2.x wrote with -o, or matjip's own crowd.json
  -                     the same from the standard input; gzip, a byte order mark and JSON lines are understood
  FOLDER                its result.json (or crowd.json), with those of its repeat-N folders
  NAME=FILE,FILE…       a name, and files that are repeats of each other

The first is what the others are compared with.

  -o, --output FILE     the page
      --md FILE         the same as Markdown
      --csv FILE        requests, answers, latency, users and errors of each period
      --interview FILE  the same to be told: why, tried, result, learned, regret, with your numbers and blanks for the rest
      --merge           the results are files of one test (generators side by side): add them together
      --json FILE       the figures as JSON, to be given to --against later
      --against FILE    compare with an earlier --json, or with a result
      --threshold EXPR  'p99<=100', 'errorRate<=1%', 'NAME:knee>=2000', 'p99<=1.1x' (of --against); may be repeated.
                        Figures: p50 p95 p99 p999 errorRate failedUsers goodPerSecond knee cpuMs cpuApiMs cpuDatabaseMs
                        readsPerRequest statementsPerRequest databaseBytes loadsPerSecondMax staleShare oldestAgeMs blankShare
                        lost doubled. Latency in ms, rates per second, shares 0…1 or %.
      --warmup SECONDS  leave the first seconds out (a manifest.json beside the result says it too)
      --lang ko|en      the language of what is written and said (the page holds both and opens in it); default ko
      --title TEXT
  -h, --help

Exit code 0; 1 when a file cannot be read or a threshold is missed; 2 for a wrong command line.`;

/** What the command line asked for. */
interface Options {
  words: string[];
  output?: string;
  md?: string;
  json?: string;
  csv?: string;
  interview?: string;
  isMerged: boolean;
  against?: string;
  thresholds: Threshold[];
  warmupS?: number;
  language: 'ko' | 'en';
  title?: string;
}

/** Runs the command and answers its exit code: 0 done, 1 failed or a threshold missed, 2 wrong usage. */
export async function reportCommand(args: string[]): Promise<number> {
  let options: Options | 'help';
  try {
    options = parse(args);
  } catch (error) {
    console.error(`matjip report: ${firstLine(error as Error)} (--help shows how)`);
    return 2;
  }
  if (options === 'help') {
    console.log(HELP);
    return 0;
  }
  try {
    const groups = await readGroups(
      options.words,
      options.warmupS,
      options.isMerged ? (options.title ?? 'merged') : undefined,
    );
    keepInputs(groups, options);
    const baseline = options.against === undefined ? [] : await readBaseline(options.against, options.warmupS);
    const { title, thresholds } = options;
    const report = makeReport(groups, {
      ...(title !== undefined ? { title } : {}),
      baseline,
      thresholds,
      madeAt: new Date(),
    });
    await writeAll(report, options);
    return tell(report, options);
  } catch (error) {
    if (!(error instanceof Unreadable) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    console.error(`matjip report: ${(error as Error).message}`);
    return 1;
  }
}

/** Node explains an option at length; the first line says it. */
const firstLine = ({ message }: Error): string => message.replace(/\n[\s\S]*/, '');

function parse(args: string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o' },
      md: { type: 'string' },
      json: { type: 'string' },
      csv: { type: 'string' },
      interview: { type: 'string' },
      merge: { type: 'boolean', default: false },
      against: { type: 'string' },
      threshold: { type: 'string', multiple: true },
      warmup: { type: 'string' },
      lang: { type: 'string', default: 'ko' },
      title: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  const { output, md, json, csv, interview, against, title, lang } = values;
  if (positionals.length === 0) throw new Error('give at least one result');
  if (lang !== 'ko' && lang !== 'en') throw new Error(`--lang is ko or en, not ${lang}`);
  const warmupS = values.warmup === undefined ? undefined : Number(values.warmup);
  if (warmupS !== undefined && !(warmupS >= 0 && warmupS < 86_400)) throw new Error('--warmup is a number of seconds');
  const thresholds = (values.threshold ?? []).map(parseThreshold);
  const written = [output, md, json, csv, interview].filter((file) => file !== undefined);
  if (written.length === 0 && thresholds.length === 0) {
    throw new Error('say where to write: -o FILE.html, --md FILE, --csv FILE, --json FILE or --interview FILE');
  }
  return {
    words: positionals,
    thresholds,
    isMerged: values.merge,
    ...(csv !== undefined ? { csv } : {}),
    ...(interview !== undefined ? { interview } : {}),
    language: lang,
    ...(output !== undefined ? { output } : {}),
    ...(md !== undefined ? { md } : {}),
    ...(json !== undefined ? { json } : {}),
    ...(against !== undefined ? { against } : {}),
    ...(warmupS !== undefined ? { warmupS } : {}),
    ...(title !== undefined ? { title } : {}),
  };
}

/**
 * One file after the other: memory stays that of the largest.
 *
 * @param merged the name of what all results together are, where they are files of one test
 */
async function readGroups(words: readonly string[], warmupS: number | undefined, merged?: string): Promise<Group[]> {
  const inputs = expandInputs(words);
  const runs: Run[] = [];
  for (const input of inputs) runs.push(await readRun(input, warmupS));
  if (merged !== undefined) {
    const run = mergeRuns(runs, merged);
    return [{ key: run.group, label: run.label, runs: [run] }];
  }
  return groupRuns(inputs, runs);
}

/** A slip of the finger (`-o result.json`) must not cost a measurement. */
function keepInputs(groups: readonly Group[], { output, md, json, csv, interview, against }: Options): void {
  const read = groups.flatMap((group) => group.runs.map((run) => run.file));
  const inputs = new Set([...read, ...(against !== undefined ? [against] : [])].map((file) => resolve(file)));
  const lost = [output, md, json, csv, interview].find((file) => file !== undefined && inputs.has(resolve(file)));
  if (lost !== undefined) throw new Unreadable(lost, 'is one of the results; write the report elsewhere');
}

async function readBaseline(file: string, warmupS: number | undefined): Promise<GroupFigures[]> {
  if (await isSavedReport(file)) return readSavedGroups(file);
  return (await readGroups([file], warmupS)).map(groupFigures);
}

async function writeAll(report: Report, options: Options): Promise<void> {
  const files: [string | undefined, () => string][] = [
    [options.output, () => renderPage(report, options.language)],
    [options.md, () => renderMarkdown(report, options.language)],
    [options.csv, () => renderCsv(report)],
    [options.interview, () => renderInterview(report, options.language)],
    [options.json, () => `${JSON.stringify(toSaved(report), null, 1)}\n`],
  ];
  for (const [file, render] of files) {
    if (file === undefined) continue;
    await mkdir(dirname(resolve(file)), { recursive: true });
    await writeFile(file, render());
  }
}

function tell(report: Report, options: Options): number {
  const { language } = options;
  console.log(report.verdict.sentence[language]);
  for (const alarm of report.verdict.alarms) console.log(`! ${alarm.text[language]}`);
  for (const { text, group, ok, measured } of report.thresholds) {
    if (!ok) console.error(`missed: ${text} (${group[language]}: ${measured})`);
  }
  const { output, md, csv, json, interview } = options;
  const written = [output, md, csv, json, interview].filter((file) => file !== undefined);
  if (written.length > 0) console.log(written.map((file) => relative(process.cwd(), resolve(file)) || file).join('  '));
  return report.thresholds.every((threshold) => threshold.ok) ? 0 : 1;
}
