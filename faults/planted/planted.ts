import { fileURLToPath } from 'node:url';

/** A fault of Matjip's own, put into a copy of its text while it is loaded; the files stay as they are. */
export interface Planted {
  /** Below the clone. */
  readonly file: string;
  /** What stands there, once each, and what stands there instead. */
  readonly changes: readonly (readonly [right: string, wrong: string])[];
  /** The scenario that must find it. */
  readonly foundBy: string;
}

/** An event's topic without its store. */
const BY_ORDER_ALONE = `(typeof event === 'string' ? event.replace(/^order \\S+ /, 'order ') : event)`;

/** Each completes "it …". */
export const PLANTED = {
  'acknowledges before the commit': {
    file: 'src/platform/db/transaction.ts',
    changes: [
      [
        `return answered(client.query('COMMIT'));`,
        `client.query('COMMIT').catch(() => {});
      return Promise.resolve({ command: 'COMMIT' });`,
      ],
    ],
    foundBy: 'commit-cut',
  },
  'takes no lock on the store that it sells from': {
    file: 'src/store/lock-stores.ts',
    changes: [[`\${wait ? 'FOR UPDATE' : 'FOR UPDATE SKIP LOCKED'}`, '']],
    foundBy: 'hundred-portions',
  },
  'returns the portions of a cancelled order twice': {
    file: 'src/order/cancel-order.ts',
    changes: [
      [
        'const back = portionsReturned ? await returnPortions(tx, ref, order.day) : [];',
        'if (portionsReturned) await returnPortions(tx, ref, order.day);\n        const back = portionsReturned ? await returnPortions(tx, ref, order.day) : [];',
      ],
    ],
    foundBy: 'taps',
  },
  'addresses a stream by the order alone': {
    file: 'src/platform/live/topics.ts',
    changes: [
      ['emitter.on(event, listener);', `emitter.on(${BY_ORDER_ALONE}, listener);`],
      ['of emitter.listeners(event)', `of emitter.listeners(${BY_ORDER_ALONE})`],
    ],
    foundBy: 'live',
  },
  'drops an event of a stream': {
    file: 'src/order/order-stream.ts',
    changes: [
      [
        'if (event.seq <= sentSeq || stream.closed) return;',
        'if (event.seq <= sentSeq || stream.closed) return;\n    if (event.seq === 3) return void (sentSeq = event.seq);',
      ],
    ],
    foundBy: 'live',
  },
} as const satisfies Readonly<Record<string, Planted>>;

export type PlantedName = keyof typeof PLANTED;

export const plantedNames = Object.keys(PLANTED) as PlantedName[];

/** In the environment of a process that is to have it; see `plant.ts`. */
export const PLANTED_VARIABLE = 'MATJIP_PLANTED';

/** @returns what a process' environment needs so that the fault is in it, and in all that it starts */
export function plantedEnv(name: PlantedName | undefined): Record<string, string> {
  if (!name) return {};
  const hook = fileURLToPath(new URL('plant.ts', import.meta.url));
  return { [PLANTED_VARIABLE]: name, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${hook}`.trim() };
}
