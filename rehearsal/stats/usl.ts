/**
 * The Universal Scalability Law: what n cores (or machines, or users) carry, when some of the work cannot be shared (contention α) and
 * some is spent on keeping copies alike (coherency β): X(n) = γn / (1 + α(n−1) + βn(n−1)).
 * N. J. Gunther, Guerrilla Capacity Planning (Springer, 2007), chapter 4; fitted by nonlinear least squares as the R package usl does.
 */
import { criticalT } from './student.ts';

export interface ScalingPoint {
  /** Cores; at least 1. */
  readonly n: number;
  readonly perSecond: number;
}

export interface ScalingLaw {
  readonly alpha: number;
  readonly beta: number;
  /** What one carries. */
  readonly gamma: number;
  /** Standard errors of the three. */
  readonly errors: { readonly alpha: number; readonly beta: number; readonly gamma: number };
  readonly rSquared: number;
  /** Coefficients that the data do not tell from none: they came out below zero with zero in their 95 % interval, and the rest was fitted anew. */
  readonly leftOut: readonly Shared[];
  /** Where more no longer carry more: √((1−α)/β), Infinity without coherency cost. */
  readonly peakAt: number;
  /** The expected rate of n, and half the width of its 95 % interval. */
  at(n: number): { readonly perSecond: number; readonly margin: number };
}

/** What sharing costs: contention and coherency. Without both the law is proportion, without the second it is Amdahl's. */
export type Shared = 'alpha' | 'beta';

/** Why the data cannot carry the law. It is refused then, and never bent until it fits. */
export type Refusal =
  | { readonly kind: 'few'; readonly distinct: number }
  | { readonly kind: 'value'; readonly point: ScalingPoint }
  | { readonly kind: 'negative'; readonly name: 'alpha' | 'beta' | 'gamma'; readonly value: number }
  | { readonly kind: 'unlike'; readonly rSquared: number }
  | { readonly kind: 'wide'; readonly n: number; readonly share: number }
  | { readonly kind: 'unsolved' };

/** Three coefficients, and as many measurements again to say how far they can be trusted. */
export const POINTS_MIN = 6;
/** Below this the curve is not the data's. */
export const R_SQUARED_MIN = 0.9;
/** Half the width of an interval, as a share of the rate, beyond which a prediction decides nothing. */
export const MARGIN_SHARE_MAX = 0.25;
const CONFIDENCE = 0.95;
const STEPS_MAX = 200;
/** Rounding of exactly proportional data gives coefficients of this size and either sign; one in ten million is none. */
const ZERO = 1e-7;

const NAMES = ['alpha', 'beta', 'gamma'] as const;
type Triple = [number, number, number];

const rateOf = ([alpha, beta, gamma]: Triple, n: number): number =>
  (gamma * n) / (1 + alpha * (n - 1) + beta * n * (n - 1));

function gradientOf([alpha, beta, gamma]: Triple, n: number): Triple {
  const below = 1 + alpha * (n - 1) + beta * n * (n - 1);
  const rate = (gamma * n) / below;
  return [(-rate * (n - 1)) / below, (-rate * n * (n - 1)) / below, n / below];
}

/** Fits the law to at least {@link POINTS_MIN} different n, or says why it cannot. */
export function fitScalingLaw(points: readonly ScalingPoint[]): ScalingLaw | Refusal {
  const wrong = points.find(({ n, perSecond }) => !(n >= 1 && perSecond > 0 && Number.isFinite(n * perSecond)));
  if (wrong) return { kind: 'value', point: wrong };
  const distinct = new Set(points.map(({ n }) => n)).size;
  if (distinct < POINTS_MIN) return { kind: 'few', distinct };
  const leftOut: Shared[] = [];
  let solved = solve(points, leftOut);
  for (;;) {
    if (!solved) return { kind: 'unsolved' };
    const below = NAMES.flatMap((name, index) => {
      const value = solved!.coefficients[index]!;
      const error = Math.sqrt(Math.max(0, solved!.covariance[index]![index]!));
      return value < -ZERO ? [{ name, value, high: value + criticalT(1 - CONFIDENCE, solved!.freedom) * error }] : [];
    });
    const [lowest] = below.sort((x, y) => x.high - y.high);
    if (!lowest) break;
    // A law of fewer costs is a law of the same kind (the models are nested); one that is surely below zero is none.
    if (lowest.name === 'gamma' || lowest.high < 0) return { kind: 'negative', name: lowest.name, value: lowest.value };
    leftOut.push(lowest.name);
    solved = solve(points, leftOut);
  }
  const { coefficients, covariance } = solved;
  const rSquared = 1 - solved.squares / squaresAroundMean(points);
  if (!(rSquared >= R_SQUARED_MIN)) return { kind: 'unlike', rSquared };
  const t = criticalT(1 - CONFIDENCE, solved.freedom);
  const at = (n: number) => {
    const gradient = gradientOf(coefficients, n);
    const variance = gradient.reduce((sum, g, i) => sum + g * dot(covariance[i]!, gradient), 0);
    return { perSecond: rateOf(coefficients, n), margin: t * Math.sqrt(Math.max(0, variance)) };
  };
  const last = Math.max(...points.map(({ n }) => n));
  const { perSecond, margin } = at(last);
  if (margin > MARGIN_SHARE_MAX * perSecond) return { kind: 'wide', n: last, share: margin / perSecond };
  const [alpha, beta, gamma] = coefficients.map((value) => Math.max(0, value)) as Triple;
  const [ea, eb, eg] = covariance.map((row, i) => Math.sqrt(Math.max(0, row[i]!)));
  return {
    alpha,
    beta,
    gamma,
    errors: { alpha: ea!, beta: eb!, gamma: eg! },
    rSquared,
    leftOut,
    peakAt: beta > ZERO ? Math.sqrt(Math.max(0, 1 - alpha) / beta) : Number.POSITIVE_INFINITY,
    at,
  };
}

export const isRefused = (law: ScalingLaw | Refusal): law is Refusal => 'kind' in law;

/**
 * Levenberg and Marquardt's method from the start that Gunther's linear form gives: n/X = a + b(n−1) + cn(n−1) with γ = 1/a, α = b/a
 * and β = c/a. What is left out stays zero: its row and column are those of the unit matrix.
 */
function solve(points: readonly ScalingPoint[], leftOut: readonly Shared[]) {
  const isFree = NAMES.map((name) => name === 'gamma' || !leftOut.includes(name));
  const freedom = points.length - isFree.filter(Boolean).length;
  const only = (matrix: readonly Triple[]): Triple[] =>
    matrix.map((row, i) => row.map((x, j) => (isFree[i] && isFree[j] ? x : i === j ? 1 : 0)) as Triple);
  const free = (values: Triple): Triple => values.map((x, i) => (isFree[i] ? x : 0)) as Triple;
  const design = points.map(({ n }): Triple => [1, n - 1, n * (n - 1)]);
  const start = solveThree(
    normal(design),
    cross(
      design,
      points.map(({ n, perSecond }) => n / perSecond),
    ),
  );
  if (!start || start[0] === 0) return undefined;
  let at = free([start[1] / start[0], start[2] / start[0], 1 / start[0]]);
  let squares = squaresOf(points, at);
  let damping = 1e-3;
  for (let step = 0; step < STEPS_MAX && damping < 1e12; step++) {
    const gradients = points.map(({ n }) => gradientOf(at, n));
    const matrix = only(normal(gradients));
    const damped = matrix.map((row, i) => row.map((x, j) => (i === j ? x * (1 + damping) : x))) as Triple[];
    const shift = solveThree(
      damped,
      free(
        cross(
          gradients,
          points.map(({ n, perSecond }) => perSecond - rateOf(at, n)),
        ),
      ),
    );
    if (!shift) return undefined;
    const next = at.map((value, i) => value + shift[i]!) as Triple;
    const nextSquares = squaresOf(points, next);
    if (nextSquares <= squares) {
      const gained = squares - nextSquares;
      [at, squares, damping] = [next, nextSquares, damping / 10];
      if (gained <= 1e-14 * squares) break;
    } else damping *= 10;
  }
  const spread = squares / freedom;
  const matrix = only(normal(points.map(({ n }) => gradientOf(at, n))));
  const columns = [0, 1, 2].map((i) =>
    solveThree(matrix, [0, 1, 2].map((j) => (i === j && isFree[i] ? spread : 0)) as Triple),
  );
  if (!Number.isFinite(squares) || columns.some((column) => column === undefined)) return undefined;
  return { coefficients: at, squares, covariance: columns as Triple[], freedom };
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const squaresOf = (points: readonly ScalingPoint[], at: Triple): number =>
  points.reduce((sum, { n, perSecond }) => sum + (perSecond - rateOf(at, n)) ** 2, 0);

function squaresAroundMean(points: readonly ScalingPoint[]): number {
  const mean = points.reduce((sum, { perSecond }) => sum + perSecond, 0) / points.length;
  return points.reduce((sum, { perSecond }) => sum + (perSecond - mean) ** 2, 0);
}

const normal = (rows: readonly Triple[]): Triple[] =>
  [0, 1, 2].map((i) => [0, 1, 2].map((j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)) as Triple);
const cross = (rows: readonly Triple[], values: readonly number[]): Triple =>
  [0, 1, 2].map((i) => rows.reduce((sum, row, k) => sum + row[i]! * values[k]!, 0)) as Triple;

/** Cramer's rule on rows and columns scaled alike: coefficients here differ by a factor of a million. */
function solveThree(matrix: readonly Triple[], right: Triple): Triple | undefined {
  const scale = matrix.map((row, i) => 1 / Math.sqrt(row[i]!));
  const m = matrix.map((row, i) => row.map((x, j) => x * scale[i]! * scale[j]!));
  const r = right.map((x, i) => x * scale[i]!);
  const whole = determinant(m);
  if (!(Math.abs(whole) > 1e-14)) return undefined;
  return [0, 1, 2].map((k) => {
    const replaced = m.map((row, i) => row.map((x, j) => (j === k ? r[i]! : x)));
    return (determinant(replaced) / whole) * scale[k]!;
  }) as Triple;
}

const determinant = (m: readonly (readonly number[])[]): number =>
  m[0]![0]! * (m[1]![1]! * m[2]![2]! - m[1]![2]! * m[2]![1]!) -
  m[0]![1]! * (m[1]![0]! * m[2]![2]! - m[1]![2]! * m[2]![0]!) +
  m[0]![2]! * (m[1]![0]! * m[2]![1]! - m[1]![1]! * m[2]![0]!);
