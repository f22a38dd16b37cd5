/** Student's t: how far a mean of a few runs may lie from the truth by chance. */

/**
 * The share of the t distribution within ±t, for a whole number of degrees of freedom: the closed forms for odd and even degrees
 * (Abramowitz and Stegun, 26.7.3 and 26.7.4), exact to rounding.
 */
export function shareWithin(t: number, degrees: number): number {
  const theta = Math.atan(t / Math.sqrt(degrees));
  const cos = Math.cos(theta);
  const odd = degrees % 2 === 1;
  let term = odd ? cos : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= (cos * cos * (k - 1)) / k;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (theta + Math.sin(theta) * sum) : Math.sin(theta) * sum;
}

/** The t beyond which, on both sides together, only a share `alpha` lies by chance. */
export function criticalT(alpha: number, degrees: number): number {
  let low = 0;
  let high = 1e6;
  for (let i = 0; i < 200 && high - low > 1e-9 * high; i++) {
    const middle = (low + high) / 2;
    if (shareWithin(middle, degrees) < 1 - alpha) low = middle;
    else high = middle;
  }
  return high;
}
