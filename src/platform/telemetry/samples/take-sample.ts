import type { Registry } from 'prom-client';

/** Counts that only grow, by the labels that tell them apart: a sample has what was added. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  matjip_request_seconds: ['class', 'le'],
  matjip_requests_refused_total: ['class'],
  matjip_problems_total: ['type'],
  matjip_cache_reads_total: ['place', 'tier', 'outcome'],
  matjip_intake_group_size: ['le'],
  matjip_intake_wait_seconds: ['le'],
  matjip_intake_commit_seconds: ['le'],
  process_cpu_user_seconds_total: [],
  process_cpu_system_seconds_total: [],
};

/** What is so at the moment, by what several processes come to. */
const PRESENT: Readonly<Record<string, { readonly labels: readonly string[]; readonly together: 'sum' | 'max' }>> = {
  matjip_overload_level: { labels: [], together: 'max' },
  matjip_standing_queue_seconds: { labels: [], together: 'max' },
  matjip_open_streams: { labels: [], together: 'sum' },
  matjip_jobs_due_seconds: { labels: ['pool'], together: 'max' },
  matjip_cache_tier_away: { labels: ['tier'], together: 'max' },
};

/** What one process did in a few seconds, or all of them together: by the metric's name and its labels, with bars between them. */
export interface Sample {
  /** The number of these seconds since 1970: samples of several processes of the same one belong together. */
  readonly slot: number;
  /** As if it had taken exactly the seconds of a slot; what is missing is 0. */
  readonly added: Readonly<Record<string, number>>;
  readonly present: Readonly<Record<string, number>>;
}

export const togetherOf = (series: string): 'sum' | 'max' => PRESENT[series.split('|', 1)[0]!]?.together ?? 'sum';

async function read(
  registry: Pick<Registry, 'getSingleMetric'>,
  name: string,
  labelNames: readonly string[],
): Promise<[string, number][]> {
  const metric = registry.getSingleMetric(name);
  if (!metric) throw new Error(`There is no metric ${name}.`);
  const { values } = await metric.get();
  return values.map(({ metricName, labels, value }: { metricName?: string; labels: object; value: number }) => {
    const said = labelNames.flatMap((label) => (label in labels ? String(labels[label as keyof object]) : []));
    return [[metricName ?? name, ...said].join('|'), value];
  });
}

/**
 * Reads what the metrics count anyway and says what was added since the last time: nothing is counted for it.
 * @returns for the slot that the last sample had, nothing: a timer may be early or late by more than the rest of a slot, and a
 * slot is one sample of a process. What was counted since comes with the next slot's.
 */
export function createSampler(
  registry: Pick<Registry, 'getSingleMetric'>,
  everyMs: number,
  now: () => number = () => performance.now(),
): (slot: number) => Promise<Sample | undefined> {
  let before: Record<string, number> = {};
  let beforeMs = now();
  let lastSlot: number | undefined;
  return async (slot) => {
    if (slot === lastSlot) return undefined;
    lastSlot = slot;
    const nowMs = now();
    const share = everyMs / Math.max(1, nowMs - beforeMs);
    const totals: Record<string, number> = {};
    const added: Record<string, number> = {};
    for (const [name, labels] of Object.entries(ADDED)) {
      for (const [series, value] of await read(registry, name, labels)) {
        totals[series] = value;
        const more = value - (before[series] ?? 0);
        if (more > 0) added[series] = more * share;
      }
    }
    const present: Record<string, number> = {};
    for (const [name, { labels }] of Object.entries(PRESENT)) {
      for (const [series, value] of await read(registry, name, labels)) present[series] = value;
    }
    before = totals;
    beforeMs = nowMs;
    return { slot, added, present };
  };
}
