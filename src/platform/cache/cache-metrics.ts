import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { CacheCounts } from './cache.ts';
import type { BreakerEvents, BreakingTier } from './circuit-breaker.ts';

export interface TierCounts extends BreakerEvents {
  /** Whose being away the gauge shows. */
  watch(tier: BreakingTier): void;
}

export interface CacheMetrics {
  /** What one place's reads of one tier come to: `memory` is this process, `none` no cache at all. */
  place(name: string, tier: string): CacheCounts;
  tier(name: string): TierCounts;
}

const OUTCOMES = ['hit', 'stale', 'miss', 'blank'] as const;

/** Hits, misses and loads of every place, answers and failures of the second tier. */
export function createCacheMetrics(registry: Registry): CacheMetrics {
  const registers = [registry];
  const places: { place: string; tier: string; counts: CacheCounts }[] = [];
  const tiers = new Map<string, BreakingTier>();

  // A hit only adds one to a number; the counters are made of the numbers when somebody asks.
  new Counter({
    name: 'matjip_cache_reads_total',
    help: 'Reads by place, tier and outcome',
    labelNames: ['place', 'tier', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const { place, tier, counts } of places) {
        for (const outcome of OUTCOMES) this.inc({ place, tier, outcome }, counts[outcome]);
      }
    },
  });
  const load = new Histogram({
    name: 'matjip_cache_load_seconds',
    help: 'Loads from the database by place',
    labelNames: ['place', 'result'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const answer = new Histogram({
    name: 'matjip_cache_tier_seconds',
    help: 'Answers of the second tier by command',
    labelNames: ['tier', 'command'],
    buckets: [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05],
    registers,
  });
  const failures = new Counter({
    name: 'matjip_cache_tier_failures_total',
    help: 'Commands of the second tier that failed, by reason; spared ones were not sent because it was away',
    labelNames: ['tier', 'reason'],
    registers,
  });
  new Gauge({
    name: 'matjip_cache_tier_away',
    help: '1 while the second tier does not answer, to any of several processes',
    labelNames: ['tier'],
    aggregator: 'max',
    registers,
    collect() {
      for (const [name, tier] of tiers) this.set({ tier: name }, tier.isAway ? 1 : 0);
    },
  });

  return {
    place(name, tier) {
      const counts: CacheCounts = {
        hit: 0,
        stale: 0,
        miss: 0,
        blank: 0,
        loaded: (tookMs, failed) => load.observe({ place: name, result: failed ? 'failed' : 'ok' }, tookMs / 1000),
      };
      places.push({ place: name, tier, counts });
      return counts;
    },
    tier: (name) => ({
      answered: (command, tookMs) => answer.observe({ tier: name, command }, tookMs / 1000),
      failed: (reason) => failures.inc({ tier: name, reason }),
      spared: () => failures.inc({ tier: name, reason: 'spared' }),
      watch: (tier) => tiers.set(name, tier),
    }),
  };
}
