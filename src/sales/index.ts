export { lockBooks } from './books.ts';
export { type Audited, auditDays, closeDays, rebuildDays } from './close.ts';
export { booksOfMonths } from './months.ts';
export { perOrderRollup, postDue, type Rollup, scheduledRollup } from './post.ts';
export { rebook } from './rebook.ts';
export { salesRoutes } from './routes.ts';
