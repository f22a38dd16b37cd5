import { glob, readFile } from 'node:fs/promises';
import { PERMISSIONS } from '../../src/contract/index.ts';

/** A path of the API as a route's file has it; those with `${…}` inside are made when the server starts, which holds them too. */
const PATH = /(?<quote>['"`])(?<path>\/api\/v1\/[^'"`$\s]*)\k<quote>/g;

/**
 * Paths of routes that the table of permissions does not know. The server does not start with such a route; this says so in seconds.
 * @param root of the repository
 */
export async function findUnlistedRoutes(root: string): Promise<string[]> {
  const listed = new Set(Object.keys(PERMISSIONS).map((name) => name.split(' ')[1]));
  const unlisted: string[] = [];
  for await (const file of glob('src/**/*routes.ts', { cwd: root })) {
    const text = await readFile(`${root}/${file}`, 'utf8');
    for (const { groups } of text.matchAll(PATH)) {
      if (!listed.has(groups!.path)) unlisted.push(`${file}: ${groups!.path}`);
    }
  }
  return unlisted;
}
