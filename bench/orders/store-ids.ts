const numbered = (kind: string, number: number) =>
  `01900000-0000-7000-${kind}-${number.toString(16).padStart(12, '0')}`;

/** Ids that the load's process can count through. */
export const benchStoreId = (number: number): string => numbered('8000', number);
export const benchItemId = (number: number): string => numbered('9000', number);
