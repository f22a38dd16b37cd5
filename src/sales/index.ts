export { type Audited, auditDays, closeDays, rebuildDays } from './close.ts';
export { booksOfMonths } from './months.ts';
export { perOrderRollup, postDue, type Rollup, scheduledRollup } from './post.ts';
export { salesRoutes } from './routes.ts';
