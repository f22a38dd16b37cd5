/** An array as it is bound: as such, or as the text that the product writes itself. */
export function list(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  const text = String(value).slice(1, -1);
  return text === '' ? [] : text.split(',').map((each) => each.replace(/^"(.*)"$/, '$1').replaceAll('\\\\', '\\'));
}

/** Rows out of arrays of columns, as `unnest` makes them. */
export function unnest(...columns: readonly unknown[]): string[][] {
  const lists = columns.map(list);
  return lists[0]!.map((_, row) => lists.map((column) => column[row]!));
}

export const numberOrNull = (text: string): number | null => (text === 'NULL' ? null : Number(text));
