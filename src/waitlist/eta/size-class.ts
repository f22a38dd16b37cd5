/** Parties of one class wait for the same tables: for two, for four, for more. */
export const SIZE_CLASSES = [2, 4, Number.POSITIVE_INFINITY] as const;

/** @returns the index of the class of a party of this size */
export const sizeClassOf = (size: number): number => SIZE_CLASSES.findIndex((sizeMax) => size <= sizeMax);
