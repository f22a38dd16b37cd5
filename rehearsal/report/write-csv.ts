/** The time series of every run as CSV, for a spreadsheet or a program. */
import { stringify } from 'csv-stringify/sync';
import type { Report } from './report.ts';
import type { Period } from './run.ts';

const COLUMNS = [
  'result',
  'run',
  'at_s',
  'span_s',
  'warmup',
  'attempted',
  'answered',
  'good',
  'unanswered',
  'p50_ms',
  'p95_ms',
  'p99_ms',
  'max_ms',
  'users_created',
  'users_completed',
  'users_failed',
  'errors',
];

/** One line a period (RFC 4180); what a spreadsheet would take for a formula is defused, since names come from outside. */
export function renderCsv({ groups }: Report): string {
  const lines = groups.flatMap((group) =>
    group.runs.flatMap((run) => run.periods.map((period) => [group.key, run.repeat, ...cells(period)])),
  );
  return stringify([COLUMNS, ...lines], { escape_formulas: true });
}

function cells(period: Period): (string | number | undefined)[] {
  const { latency, users } = period;
  return [
    round(period.atS),
    round(period.spanS),
    period.warmup ? 1 : 0,
    period.attempted,
    period.answered,
    period.good,
    period.unanswered,
    round(latency?.p50),
    round(latency?.p95),
    round(latency?.p99),
    round(latency?.max),
    users?.created,
    users?.completed,
    users?.failed,
    Object.entries(period.errors)
      .map(([kind, count]) => `${kind}=${count}`)
      .join('; '),
  ];
}

const round = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.round(value * 1000) / 1000;
