export { createBrandSource } from './brands.ts';
export { createCatchUp } from './catch-up.ts';
export { forgetHours } from './forget-hours.ts';
export { createMemoryCounts } from './memory-counts.ts';
export type { RankingCounts } from './ports.ts';
export { type Counting, createCounting } from './ranking-job.ts';
export { createRankingSource } from './ranking-source.ts';
export { createRedisCounts } from './redis-counts.ts';
export { rankingRoutes } from './routes.ts';
