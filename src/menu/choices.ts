/** Whether a group can still be chosen from: as many options can be had as must be taken. */
export const canChoose = (min: number, options: Iterable<{ readonly soldOut: boolean }>): boolean => {
  let available = 0;
  for (const option of options) if (!option.soldOut) available += 1;
  return available >= min;
};
