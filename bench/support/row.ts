/** One line of the bench: two measurements of the same run and their ratio. Only the ratio means anything elsewhere. */
export interface BenchRow {
  readonly what: string;
  readonly ours: string;
  readonly baseline: string;
  readonly ratio: number;
  /** The least (or, where smaller is better, the greatest) ratio that DESIGN §10 asks for. */
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
}

export const perSecond = (name: string, value: number): string => `${name} ${Math.round(value).toLocaleString('en')}/s`;

export function printRow(row: BenchRow): void {
  const goal =
    row.goal === undefined ? '' : 'atLeast' in row.goal ? `goal ≥ ${row.goal.atLeast}` : `goal ≤ ${row.goal.atMost}`;
  const met =
    row.goal === undefined || ('atLeast' in row.goal ? row.ratio >= row.goal.atLeast : row.ratio <= row.goal.atMost);
  console.log(
    `${row.what.padEnd(44)} ${row.ours.padEnd(34)} ${row.baseline.padEnd(38)} × ${row.ratio.toFixed(2).padStart(7)}  ${goal}${met ? '' : '  MISSED'}`,
  );
}

/** The middle of several runs: these machines are shared, and one run may meet a noisy neighbour. */
export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
