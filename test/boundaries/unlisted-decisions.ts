import { globSync, readFileSync } from 'node:fs';

/**
 * Decisions that their index does not list, or lists more than once.
 * @param root of the repository
 */
export function findUnlistedDecisions(root: string): string[] {
  const folder = `${root}/docs/adr`;
  return notOnce(globSync('[0-9]*.md', { cwd: folder }), readFileSync(`${folder}/README.md`, 'utf8'));
}

/** Files to which an index does not lead exactly once. */
export const notOnce = (files: readonly string[], index: string): string[] =>
  files.filter((file) => index.split(`](${file})`).length !== 2).sort();
