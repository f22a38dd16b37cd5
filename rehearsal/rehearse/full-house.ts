import { REHEARSAL_MIX } from '../crowd/guests.ts';
import { openPhones } from '../crowd/run-phones.ts';
import type { Usefulness } from '../crowd/usefulness.ts';
import type { FullHouse, Work } from '../results/index.ts';
import type { DatabaseReads } from '../truth/database-reads.ts';
import { watchUsage } from './process-usage.ts';
import type { RehearsedServer } from './server.ts';
import { untilSettled } from './settle.ts';

/** Loads in multiples of the knee: with room, full, and past all bounds. */
const MULTIPLES = [0.5, 1, 2, 5];
/** At this multiple what a request costs is measured: far from idle, and nothing is refused. */
const WORK_AT = 0.5;
const LOAD_S = 4;
/** The order jobs that a load leaves are its work too; one that never ends is cut off. */
const REST = { quietS: 1, mostS: 5 };
/** More than this the generator cannot offer beside a server. */
const OFFERED_MAX = 20_000;
/** So many phones can be busy at once before requests find nobody to send them: five seconds of a load, within these bounds. */
const PHONES = { min: 500, max: 6_000 };
/** With opening the phones and the last answers; for telling how long a rehearsal will take. */
export const FULL_HOUSE_TAKES_S = 34;

/**
 * What happens past the knee: useful answers (right and within a second of the planned moment), refusals, and how soon those came.
 * Before that, at half the knee, what a request costs.
 * @param knee requests a second
 */
export async function offerFullHouse(options: {
  readonly server: RehearsedServer;
  readonly reads: DatabaseReads;
  readonly storeId: string;
  readonly seed: string;
  readonly knee: number;
  readonly progress: (what: string) => void;
  readonly signal: AbortSignal;
}): Promise<FullHouse> {
  const { server, reads, storeId, seed, knee, progress, signal } = options;
  const loads = MULTIPLES.map((multiple) => ({ multiple, rate: Math.round(multiple * knee) })).filter(
    ({ rate }) => rate >= 1 && rate <= OFFERED_MAX,
  );
  const most = Math.max(1, ...loads.map(({ rate }) => rate));
  const phones = Math.min(PHONES.max, Math.max(PHONES.min, most * 5));
  const crowd = await openPhones({ url: server.url, storeId, phones, seed: `${seed}/full` });
  const steps: FullHouse['steps'] = [];
  let work: Work | undefined;
  try {
    for (const { multiple, rate } of loads) {
      signal.throwIfAborted();
      progress(`full house: ${multiple} × the knee, ${rate} requests a second`);
      const offer = () => crowd.offer({ rate, durationS: LOAD_S, mix: REHEARSAL_MIX, retry: 'never' });
      let load: Usefulness;
      if (multiple === WORK_AT) ({ load, work } = await measureWork(server, reads, rate, offer, signal));
      else load = await offer();
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
  return { kind: 'matjip-full-house', version: 1, kneePerSecond: knee, usefulMs: 1_000, ...(work && { work }), steps };
}

/** Offers a load to a server at rest, and counts what it used until it was at rest again. */
async function measureWork(
  server: RehearsedServer,
  reads: DatabaseReads,
  rate: number,
  offer: () => Promise<Usefulness>,
  signal: AbortSignal,
): Promise<{ load: Usefulness; work: Work }> {
  const count = async () => ({ ...(await reads.work()), reads: await reads.count() });
  await untilSettled(server, signal, REST);
  const before = await count();
  const usage = watchUsage(server);
  const load = await offer();
  await untilSettled(server, signal, REST);
  const used = usage.end();
  const after = await count();
  const { useful, late, refused, wrong } = load.total;
  const work: Work = {
    offeredPerSecond: rate,
    requests: useful + late + refused + wrong,
    ...(used && { cpuSeconds: used.serverS, databaseCpuSeconds: used.databaseS }),
    databaseReads: after.reads - before.reads,
    databaseStatements: after.statements - before.statements,
    databaseBytes: after.bytes - before.bytes,
  };
  return { load, work };
}
