import { parseArgs } from 'node:util';
import { findRungs, LADDER_NAMES, type LadderName, type PlacedRung } from '../ladder/ladders.ts';

export interface RehearseOptions {
  readonly rungs: readonly PlacedRung[];
  /** Orders that the crowd's store has taken before, where a rung of the strategy ladder is measured: enough that indexes matter. */
  readonly history: number;
  /** Of the measured part, in seconds; the warm-up comes before it. Artillery tells only ten seconds apart, so less is nothing. */
  readonly durationS: number;
  readonly warmupS: number;
  /** Requests per second, the same at every rung. */
  readonly rate: number;
  readonly repeat: number;
  readonly out: string;
  readonly seed: string;
  /** Milliseconds between two changes of the menu. */
  readonly changeEveryMs: number;
  /** Whether the highest load that each rung bears is looked for as well. */
  readonly knee: boolean;
  /** Rounds of that search; those of all rungs take turns. */
  readonly kneeRounds: number;
  /** Whether loads of up to five times the knee are offered as well. */
  readonly fullHouse: boolean;
  /** Whether the series for the law of scaling is measured, and no ladder. */
  readonly scaling: boolean;
  /** Whether results that are there already are measured again. */
  readonly fresh: boolean;
  readonly lang: 'ko' | 'en';
}

export class UsageError extends Error {}

export const USAGE = `matjip rehearse: the same crowd at each rung of the ladder, and a report of what each rung bought

  --ladder cache    which ladder: cache, strategy or all
  --rungs a,b       these rungs, in this order, instead of a whole ladder
  --history 100000  orders that the store has taken before, for rungs of the strategy ladder, 0 to 10000000
  --duration 40s    the measured part of each rung, 10s to 1h
  --rate 60         requests per second, the same at every rung, 1 to 2000
  --warmup 5s       before it, and in no figure, 1s to 10m
  --repeat 1        runs of each rung, 1 to 20; from 2 on the report knows the noise
  --changes 1s      time between two changes of prices and sold-out flags, 0.1s to 60s
  --knee-rounds 3   rounds of the search for the highest load that each rung bears, taken in turns by all rungs, 1 to 20
  --no-knee         leave out the search for the highest load that each rung bears
  --no-full-house   leave out the loads of 0.5 to 5 times the knee
  --scaling         no ladder, but what 1 to 8 nodes of an eighth of a core carry, for the law of scaling of matjip plan; five minutes.
                    The kernel must let this user make control groups (Linux, mostly root)
  --fresh           measure again what is there already
  --seed matjip     another word, another crowd
  --out artillery   folder of the results; the report is report.html in it, or one for each of two ladders
  --lang en         language of the report and this output: en or ko
`;

const seconds = (name: string, text: string, min: number, max: number): number => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const value = match ? Number(match[1]) * { ms: 0.001, s: 1, m: 60, h: 3_600 }[match[2] ?? 's']! : Number.NaN;
  if (!(value >= min && value <= max))
    throw new UsageError(`--${name} ${text}: a time from ${min}s to ${max}s is needed.`);
  return value;
};

const whole = (name: string, text: string, min: number, max: number): number => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new UsageError(`--${name} ${text}: a whole number from ${min} to ${max} is needed.`);
  }
  return value;
};

/** @returns undefined when only the help is asked for. @throws UsageError in one line */
export function readOptions(args: readonly string[]): RehearseOptions | undefined {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        ladder: { type: 'string', default: 'cache' },
        history: { type: 'string', default: '100000' },
        rungs: { type: 'string' },
        duration: { type: 'string', default: '40s' },
        warmup: { type: 'string', default: '5s' },
        rate: { type: 'string', default: '60' },
        repeat: { type: 'string', default: '1' },
        changes: { type: 'string', default: '1s' },
        'knee-rounds': { type: 'string', default: '3' },
        'no-knee': { type: 'boolean', default: false },
        'no-full-house': { type: 'boolean', default: false },
        scaling: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        seed: { type: 'string', default: 'matjip' },
        out: { type: 'string', default: 'artillery' },
        lang: { type: 'string', default: 'en' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    // Node explains an option at length; the first line says it.
    throw new UsageError((error as Error).message.replace(/\n[\s\S]*/, ''));
  }
  if (values.help) return undefined;
  const text = (name: string) => values[name] as string;
  const lang = text('lang');
  if (lang !== 'ko' && lang !== 'en') throw new UsageError(`--lang ${lang}: en or ko is needed.`);
  const ladder = text('ladder') as LadderName;
  if (!LADDER_NAMES.includes(ladder)) throw new UsageError(`--ladder ${ladder}: cache, strategy or all is needed.`);
  let rungs: PlacedRung[];
  try {
    rungs = findRungs(values.rungs === undefined ? undefined : text('rungs').split(',').filter(Boolean), ladder);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const scaling = values.scaling === true;
  if (scaling && (values.rungs !== undefined || ladder !== 'cache')) {
    throw new UsageError('--scaling: is a measurement of its own, without --ladder and --rungs.');
  }
  if (rungs.length === 0) throw new UsageError('--rungs: at least one rung is needed.');
  return {
    rungs,
    history:
      scaling || rungs.some((placed) => placed.ladder.name === 'strategy')
        ? whole('history', text('history'), 0, 10_000_000)
        : 0,
    durationS: seconds('duration', text('duration'), 10, 3_600),
    warmupS: seconds('warmup', text('warmup'), 1, 600),
    rate: whole('rate', text('rate'), 1, 2_000),
    repeat: whole('repeat', text('repeat'), 1, 20),
    out: text('out'),
    seed: text('seed'),
    changeEveryMs: seconds('changes', text('changes'), 0.1, 60) * 1000,
    knee: !values['no-knee'],
    kneeRounds: whole('knee-rounds', text('knee-rounds'), 1, 20),
    fullHouse: !values['no-full-house'],
    scaling,
    fresh: values.fresh === true,
    lang,
  };
}
