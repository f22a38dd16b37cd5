import { registerHooks } from 'node:module';
import { PLANTED, type Planted } from '../../faults/planted/planted.ts';
import type { runStory } from './run-story.ts';

type Fault = Omit<Planted, 'foundBy'>;

/** Each completes "it …". Those that `npm run faults` plants, and more that only this finds. */
export const PLANTED_HERE = {
  'acknowledges before the commit': PLANTED['acknowledges before the commit'],
  'takes no lock on the store that it sells from': PLANTED['takes no lock on the store that it sells from'],
  'returns the portions of a cancelled order twice': PLANTED['returns the portions of a cancelled order twice'],
  'drops an event of a stream': {
    file: 'src/order/order-stream.ts',
    changes: [
      [
        'if (event.seq <= sentSeq || stream.closed) return;',
        'if (event.seq <= sentSeq || stream.closed) return;\n    if (event.seq === 2) return void (sentSeq = event.seq);',
      ],
    ],
  },
  'loses the place in the line of the last who joined together': {
    file: 'src/waitlist/join-line.ts',
    changes: [['insertParties(tx, joined)', 'insertParties(tx, joined.slice(0, Math.max(1, joined.length - 1)))']],
  },
  'lets who was passed stand where they stood': {
    file: 'src/waitlist/rules.ts',
    changes: [['[positions.at(-1)!, ...positions.slice(0, -1)]', '[positions.at(-1)!, ...positions.slice(1)]']],
  },
  'puts no job beside an order whose group has several': {
    file: 'src/composition/order-jobs.ts',
    changes: [['await addJobs(tx, jobs);', 'if (orders.length === 1) await addJobs(tx, jobs);']],
  },
  'works off a job again that is done, and a job that failed never': {
    file: 'src/platform/jobs/worker-pool.ts',
    changes: [['if (session === takenBy) outcomes.push(outcome);', 'outcomes.push({ job });']],
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type PlantedName = keyof typeof PLANTED_HERE;

const MARK = 'simulated';
const NONE = 'as it is';
/** They hold no rule that is simulated, and take long to load. */
const SHARED = /\/src\/(contract|config|platform\/(live|http|traces))\b/;

/** Maps whose bounds are reached by no story; at their full size making them takes longer than all else that a process does when it starts. */
const SMALLER: readonly Fault[] = [
  { file: 'src/platform/overload/rate-by-key.ts', changes: [['KEYS_MAX = 10_000', 'KEYS_MAX = 50']] },
  { file: 'src/waitlist/line/compare.ts', changes: [['STORES_MAX = 2_000', 'STORES_MAX = 5']] },
  { file: 'src/waitlist/line/memory-places.ts', changes: [['STORES_MAX = 2_000', 'STORES_MAX = 5']] },
];

/** The product's text in a world of its own, with a fault in it or as it is; the files stay as they are. */
export async function loadProduct(name?: PlantedName): Promise<{ readonly runStory: typeof runStory }> {
  const changes: readonly Fault[] = name === undefined ? SMALLER : [...SMALLER, PLANTED_HERE[name]];
  const mark = `?${new URLSearchParams({ [MARK]: name ?? NONE })}`;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const isOurs =
        resolved.url.startsWith('file:') && !/node_modules/.test(resolved.url) && !SHARED.test(resolved.url);
      const isMarked = context.parentURL?.endsWith(mark) && isOurs && !resolved.url.includes('?');
      return isMarked ? { ...resolved, url: `${resolved.url}${mark}` } : resolved;
    },
    load(url, context, next) {
      const loaded = next(url, context);
      const of = changes.filter(({ file }) => url.endsWith(`/${file}${mark}`));
      if (of.length === 0) return loaded;
      let text =
        typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
      for (const [right, wrong] of of.flatMap((each) => each.changes)) {
        if (!text.includes(right)) throw new Error(`${url} has changed: change it anew.`);
        text = text.replace(right, () => wrong);
      }
      return { ...loaded, source: text };
    },
  });
  try {
    return await import(`./run-story.ts${mark}`);
  } finally {
    hooks.deregister();
  }
}
