/** How a name that people write is compared: without blanks, dots, hyphens, brackets and what stands in them. */
export const plainName = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\(.*?\)|[\s·.,/*_-]+/g, '');

/** How a value is compared: as the number that it is, however a spreadsheet wrote it (`2.0`), and anything else as a name. */
export function plainValue(text: string): string {
  const written = text.normalize('NFKC').trim();
  return /^[+-]?\d+(\.\d+)?$/.test(written) ? String(Number(written)) : plainName(written);
}

/**
 * What each of these names means.
 * @param plain how two names are compared
 * @throws when one name would mean two things: whoever declared the second finds out when the program starts, not an owner whose column
 *   has changed its meaning
 */
export function byName<T>(named: Iterable<readonly [name: string, meaning: T]>, plain = plainName): Map<string, T> {
  const meanings = new Map<string, T>();
  for (const [name, meaning] of named) {
    const key = plain(name);
    const before = meanings.get(key);
    if (before !== undefined && before !== meaning)
      throw new Error(`'${name}' means both ${before} and ${meaning}: take it from the headings or values of one.`);
    meanings.set(key, meaning);
  }
  return meanings;
}
