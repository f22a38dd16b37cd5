/** `matjip plan`: a peak in, the cheapest machines of each rung out. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MEASURED, readMeasured } from './measured.ts';
import { renderPage } from './page.ts';
import { makePlan } from './plan.ts';
import { PlanError } from './plan-error.ts';
import { PRICES_FILE, readPrices } from './prices.ts';
import { toJson } from './write-json.ts';
import { renderMarkdown, renderTerminal } from './write-text.ts';

const HELP = `matjip plan --peak N

The cheapest machines that hold N requests a second at each rung, what they cost a month and a million orders, and what to spend
the next won on. It rests on what a rehearsal measured (npm run rehearse) and on the prices in deploy/prices.yml.

      --peak N          requests a second, 1 to 10,000,000
      --json            the plan as JSON instead of the table
      --md              the plan as Markdown instead of the table
      --html FILE       one offline page of the same
      --from FILE       a measured.json, or a rehearsal's folder of results
                        (default: artillery/ where something is measured, else the one that comes with Matjip)
      --prices FILE     another price list
      --headroom SHARE  of the knee that stays free, 0 to 0.9 (default: as in the price list)
      --lang en|ko      language of the output; default en
  -h, --help

Exit code 0; 1 when a file cannot be read or no rung holds the peak; 2 for a wrong command line.`;

const OK = 0;
const FAILED = 1;
const WRONG_USAGE = 2;
const PEAK_MAX = 10_000_000;
const KEPT = join(import.meta.dirname, '../../docs/rehearsal', MEASURED);
const RESULTS = 'artillery';

class UsageError extends Error {}

/** Runs the command and answers its exit code. */
export async function planCommand(args: string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (!options) {
      console.log(HELP);
      return OK;
    }
    const { peak, lang, html, headroom } = options;
    const listed = readPrices(options.prices ?? PRICES_FILE);
    const prices = headroom === undefined ? listed : { ...listed, assume: { ...listed.assume, headroom } };
    const plan = makePlan(peak, readMeasured(options.from ?? usual()), prices);
    if (html !== undefined) {
      await mkdir(dirname(resolve(html)), { recursive: true });
      await writeFile(html, renderPage(plan, lang));
    }
    if (options.json) console.log(JSON.stringify(toJson(plan), undefined, 2));
    else console.log(options.md ? renderMarkdown(plan, lang) : renderTerminal(plan, lang));
    return plan.best ? OK : FAILED;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`matjip plan: ${error.message} (--help shows how)`);
      return WRONG_USAGE;
    }
    if (!(error instanceof PlanError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    console.error(`matjip plan: ${(error as Error).message}`);
    return FAILED;
  }
}

/** What was measured here, or else what came with Matjip. */
const usual = (): string => (existsSync(join(RESULTS, MEASURED)) ? join(RESULTS, MEASURED) : KEPT);

function readOptions(args: string[]) {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        peak: { type: 'string' },
        json: { type: 'boolean' },
        md: { type: 'boolean' },
        html: { type: 'string' },
        from: { type: 'string' },
        prices: { type: 'string' },
        headroom: { type: 'string' },
        lang: { type: 'string', default: 'en' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    // Node explains an option at length; the first line says it.
    throw new UsageError((error as Error).message.replace(/\n[\s\S]*/, ''));
  }
  if (values.help) return undefined;
  const { lang } = values;
  if (lang !== 'ko' && lang !== 'en') throw new UsageError(`--lang ${lang}: en or ko is needed`);
  if (values.json && values.md) throw new UsageError('--json and --md: one of them at a time');
  if (values.peak === undefined) throw new UsageError('--peak N is needed: requests a second to hold');
  const text = (name: string) => values[name] as string | undefined;
  const headroom = text('headroom');
  const { html, from, prices } = { html: text('html'), from: text('from'), prices: text('prices') };
  return {
    peak: numberOf('peak', text('peak')!, 1, PEAK_MAX),
    lang: lang as 'ko' | 'en',
    json: values.json === true,
    md: values.md === true,
    ...(headroom !== undefined && { headroom: numberOf('headroom', headroom, 0, 0.9) }),
    ...(html !== undefined && { html }),
    ...(from !== undefined && { from }),
    ...(prices !== undefined && { prices }),
  };
}

function numberOf(name: string, text: string, min: number, max: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new UsageError(`--${name} ${text}: a number from ${min} to ${max.toLocaleString('en-US')} is needed`);
  }
  return value;
}
