/**
 * A `Retry-After` in whole seconds from a range: those who are refused together do not come back together.
 * @param random from 0 to below 1
 */
export const spreadRetryAfterS = (fromS: number, toS: number, random: () => number = Math.random): number =>
  fromS + Math.floor(random() * (toS - fromS + 1));
