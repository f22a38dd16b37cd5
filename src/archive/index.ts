export { ArchiveError, monthsIn, readRows, verifyMonth } from './files.ts';
export { listMonths, type Month, type MonthHere, readMonth } from './months.ts';
export { restoreMonth } from './restore-month.ts';
export { type ArchiveDeps, writeMonth } from './write-month.ts';
