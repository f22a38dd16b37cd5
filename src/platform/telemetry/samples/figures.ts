import type { OpsMinute, OpsPoint } from '../../../contract/index.ts';
import { REQUEST_CLASSES } from '../../http/request/request-class.ts';

type Sums = Readonly<Record<string, number>>;

/**
 * A percentile of a histogram, between the bounds of its count by a straight line, as `histogram_quantile` of Prometheus does.
 * @param series its name and labels @param share such as 0.99
 * @returns milliseconds, at most the last bound; null: nothing was counted
 */
export function percentileMs(added: Sums, series: string, share: number): number | null {
  const buckets = bucketsOf(added, series);
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return null;
  let below = { boundS: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= share * total) {
      if (!Number.isFinite(bucket.boundS)) return below.boundS * 1_000;
      const inside = (share * total - below.count) / (bucket.count - below.count || 1);
      return 1_000 * (below.boundS + inside * (bucket.boundS - below.boundS));
    }
    below = bucket;
  }
  return null;
}

/** Counts up to each bound; one to which nothing was added is missing in a sample, which is right: those below it are 0 too. */
function bucketsOf(added: Sums, series: string): { boundS: number; count: number }[] {
  const [name, ...labels] = series.split('|');
  const prefix = `${[`${name}_bucket`, ...labels].join('|')}|`;
  return Object.entries(added)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, count]) => {
      const le = key.slice(prefix.length);
      return { boundS: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), count };
    })
    .sort((a, b) => a.boundS - b.boundS);
}

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
const roundMs = (value: number | null): number | null => (value === null ? null : round(value, 1));

/** Labels and sums of all series of a metric. */
function seriesOf(added: Sums, name: string): { labels: string[]; value: number }[] {
  return Object.entries(added).flatMap(([key, value]) => {
    const [own, ...labels] = key.split('|');
    return own === name ? [{ labels, value }] : [];
  });
}

const sumOf = (added: Sums, name: string): number => seriesOf(added, name).reduce((sum, { value }) => sum + value, 0);

/** What a time of `seconds` came to. */
export function minuteOf(added: Sums, seconds: number): OpsMinute {
  const rate = (count: number | undefined): number => round((count ?? 0) / Math.max(1, seconds));
  const at = (series: string, share: number) => roundMs(percentileMs(added, series, share));
  const groups = added.matjip_intake_group_size_count ?? 0;
  const orders = added.matjip_intake_group_size_sum ?? 0;
  return {
    seconds,
    classes: REQUEST_CLASSES.map((name) => ({
      class: name,
      perSecond: rate(added[`matjip_request_seconds_count|${name}`]),
      p50Ms: at(`matjip_request_seconds|${name}`, 0.5),
      p99Ms: at(`matjip_request_seconds|${name}`, 0.99),
      refusedPerSecond: rate(added[`matjip_requests_refused_total|${name}`]),
    })),
    cache: cacheOf(added, rate),
    intake: {
      ordersPerSecond: rate(orders),
      groupSize: groups > 0 ? round(orders / groups) : null,
      waitP50Ms: at('matjip_intake_wait_seconds', 0.5),
      waitP99Ms: at('matjip_intake_wait_seconds', 0.99),
      commitP50Ms: at('matjip_intake_commit_seconds', 0.5),
      commitP99Ms: at('matjip_intake_commit_seconds', 0.99),
    },
    problems: seriesOf(added, 'matjip_problems_total')
      .map(({ labels: [type], value }) => ({ type: type!, perSecond: rate(value) }))
      .sort((a, b) => b.perSecond - a.perSecond),
  };
}

function cacheOf(added: Sums, rate: (count: number) => number): OpsMinute['cache'] {
  const places = new Map<string, Record<string, number>>();
  for (const { labels, value } of seriesOf(added, 'matjip_cache_reads_total')) {
    const [place, tier, outcome] = labels;
    const key = `${place}|${tier}`;
    places.set(key, { ...places.get(key), [outcome!]: value });
  }
  return [...places].map(([key, { hit = 0, stale = 0, miss = 0, blank = 0 }]) => {
    const [place, tier] = key.split('|') as [string, string];
    const reads = hit + stale + miss + blank;
    return {
      place,
      tier,
      perSecond: rate(reads),
      hitRatio: round((hit + stale) / reads, 4),
      staleRatio: round(stale / reads, 4),
    };
  });
}

/** The part of a chart that a few seconds are. */
export function pointOf(
  { atMs, processes, added, present }: { atMs: number; processes: number; added: Sums; present: Sums },
  seconds: number,
): OpsPoint {
  const answered = (...classes: string[]) =>
    classes.reduce((sum, name) => sum + (added[`matjip_request_seconds_count|${name}`] ?? 0), 0);
  const ORDERS = ['order', 'admitted-order', 'replay'];
  const all = sumOf(added, 'matjip_request_seconds_count');
  const [menus, orders, status] = [answered('menu'), answered(...ORDERS), answered('status')];
  const groups = added.matjip_intake_group_size_count ?? 0;
  const due = Object.entries(present).flatMap(([key, value]) =>
    key.startsWith('matjip_jobs_due_seconds|') ? [value] : [],
  );
  return {
    at: new Date(atMs).toISOString(),
    processes,
    menus: round(menus / seconds),
    orders: round(orders / seconds),
    status: round(status / seconds),
    others: round((all - menus - orders - status) / seconds),
    refused: round(sumOf(added, 'matjip_requests_refused_total') / seconds),
    menuP99Ms: roundMs(percentileMs(added, 'matjip_request_seconds|menu', 0.99)),
    orderP99Ms: roundMs(percentileMs(added, 'matjip_request_seconds|order', 0.99)),
    groupSize: groups > 0 ? round((added.matjip_intake_group_size_sum ?? 0) / groups) : null,
    level: round(present.matjip_overload_level ?? 0, 3),
    standingMs: round(1_000 * (present.matjip_standing_queue_seconds ?? 0), 1),
    streams: present.matjip_open_streams ?? 0,
    dueS: round(Math.max(0, ...due), 1),
    cores: round(
      ((added.process_cpu_user_seconds_total ?? 0) + (added.process_cpu_system_seconds_total ?? 0)) / seconds,
    ),
  };
}
