import { dirname, isAbsolute, relative, sep } from 'node:path';

/**
 * What a page says of the files that it was made from: relative ones as they were given; of absolute ones, which name a machine's
 * folders to every reader, what tells them apart, from the last folder that they share.
 */
export function shownPaths(files: readonly string[]): string[] {
  const folders = files.filter(isAbsolute).map((file) => dirname(file).split(sep));
  const [first = [], ...others] = folders;
  const differs = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  const shared = differs === -1 ? first : first.slice(0, differs);
  const from = dirname(shared.join(sep) || sep);
  return files.map((file) => (isAbsolute(file) ? relative(from, file) : file));
}
