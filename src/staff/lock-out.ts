/** Of passwords and PINs that are tried. */
export interface TryBounds {
  /** Wrong ones in a row after which none is looked at for a while. */
  readonly failuresMax: number;
  /** Of the first such while; each further failure doubles it. */
  readonly lockFirstS: number;
  readonly lockMaxS: number;
}

/** @returns seconds for which the next try is not looked at; 0: it is */
export function lockAfter(failures: number, { failuresMax, lockFirstS, lockMaxS }: TryBounds): number {
  const over = failures - failuresMax;
  return over < 0 ? 0 : Math.min(lockMaxS, lockFirstS * 2 ** over);
}
