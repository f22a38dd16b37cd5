import { REHEARSAL_MIX } from '../crowd/guests.ts';
import { openPhones } from '../crowd/run-phones.ts';
import type { FullHouse } from '../stats/sidecar.ts';

/** Loads in multiples of the knee: with room, full, and past all bounds. */
const MULTIPLES = [0.5, 1, 2, 5];
const LOAD_S = 4;
/** More than this the generator cannot offer beside a server. */
const OFFERED_MAX = 20_000;
/** So many phones can be busy at once before requests find nobody to send them: five seconds of a load, within these bounds. */
const PHONES = { min: 500, max: 6_000 };
/** With opening the phones and the last answers; for telling how long a rehearsal will take. */
export const FULL_HOUSE_TAKES_S = 28;

/**
 * What happens past the knee: useful answers (right and within a second of the planned moment), refusals, and how soon those came.
 * @param knee requests a second
 */
export async function offerFullHouse(options: {
  readonly url: string;
  readonly storeId: string;
  readonly seed: string;
  readonly knee: number;
  readonly progress: (what: string) => void;
  readonly signal: AbortSignal;
}): Promise<FullHouse> {
  const { url, storeId, seed, knee, progress, signal } = options;
  const loads = MULTIPLES.map((multiple) => ({ multiple, rate: Math.round(multiple * knee) })).filter(
    ({ rate }) => rate >= 1 && rate <= OFFERED_MAX,
  );
  const most = Math.max(1, ...loads.map(({ rate }) => rate));
  const phones = Math.min(PHONES.max, Math.max(PHONES.min, most * 5));
  const crowd = await openPhones({ url, storeId, phones, seed: `${seed}/full` });
  const steps: FullHouse['steps'] = [];
  try {
    for (const { multiple, rate } of loads) {
      signal.throwIfAborted();
      progress(`full house: ${multiple} × the knee, ${rate} requests a second`);
      const load = await crowd.offer({ rate, durationS: LOAD_S, mix: REHEARSAL_MIX, retry: 'never' });
      const { total, kinds, refusals, refusalMs } = load;
      steps.push({
        multiple,
        offeredPerSecond: rate,
        usefulPerSecond: total.useful / LOAD_S,
        usefulOrdersPerSecond: kinds.order.useful / LOAD_S,
        refusedPerSecond: refusals / LOAD_S,
        ...(refusalMs.p50 !== null && { refusalP50Ms: refusalMs.p50 }),
        ...(refusalMs.p99 !== null && { refusalP99Ms: refusalMs.p99 }),
        generatorLimited: load.generator.cpuShare > 0.9 || total.nobody > 0.01 * total.planned,
      });
    }
  } finally {
    await crowd.close();
  }
  return { kind: 'matjip-full-house', version: 1, kneePerSecond: knee, usefulMs: 1_000, steps };
}
