/** Are two shares of counted things different? Fisher's exact test (R. A. Fisher, 1922): right for few and for many. */

/** Beyond this many failures in all the tail is summed from a bounded window around what was seen; the rest adds nothing. */
const TERMS_MAX = 20_000;

/**
 * The chance of counts at least as unlikely as these if both sides failed equally often (two-sided, the sum of all tables that are no
 * likelier). 1 where there is nothing to tell.
 * @param a failures among the `n` of one side
 * @param b failures among the `m` of the other
 */
export function fisherExact(a: number, n: number, b: number, m: number): number {
  const [failures, all] = [a + b, n + m];
  if (n <= 0 || m <= 0 || failures <= 0 || failures >= all) return 1;
  const lowest = Math.max(0, failures - m);
  const highest = Math.min(failures, n);
  const logOf = (k: number): number => logChoose(n, k) + logChoose(m, failures - k) - logChoose(all, failures);
  const seen = logOf(a);
  // Tables as likely as this one count, whatever rounding says.
  const limit = seen + 1e-7;
  let sum = 0;
  const half = TERMS_MAX / 2;
  const centre = Math.round((failures * n) / all);
  const from = Math.max(lowest, Math.min(a, centre) - half);
  const to = Math.min(highest, Math.max(a, centre) + half);
  for (let k = from; k <= to; k++) {
    const log = logOf(k);
    if (log <= limit) sum += Math.exp(log);
  }
  return Math.min(1, sum);
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/** Of small numbers exact, of large ones by Stirling's series, right to twelve digits. */
function logFactorial(n: number): number {
  if (n < SMALL.length) return SMALL[n] ?? 0;
  const inverse = 1 / n;
  return (
    n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260
  );
}

const SMALL: number[] = [0];
for (let n = 1; n < 256; n++) SMALL.push((SMALL[n - 1] ?? 0) + Math.log(n));
