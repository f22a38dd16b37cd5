import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import all from './programs.json' with { type: 'json' };

/** `else` is what does as well, only dearer, where the program itself cannot be had. */
const needed: readonly { package: string; programs: string[]; else?: string[] }[] = all;

/**
 * The path of a program that the tests run for real.
 * @param wanted one of the programs of `programs.json`
 * @throws Error that says which package to install
 */
export function findProgram(wanted: string): string {
  const entry = needed.find(({ programs }) => programs.includes(wanted));
  if (!entry) throw new Error(`${wanted} is not in test/support/programs.json.`);
  // Debian keeps nginx in a folder that an ordinary user's PATH leaves out, and Postgres' programs in one for each version.
  const path = (process.env.PATH ?? '').split(delimiter);
  const folders = [...globSync('/usr/lib/postgresql/*/bin'), ...path, '/usr/sbin', '/usr/local/sbin'];
  const names = [wanted, ...entry.programs, ...(entry.else ?? [])];
  for (const found of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    try {
      accessSync(found, constants.X_OK);
      return found;
    } catch {}
  }
  throw new Error(`${wanted} is not installed: run "npm test" once, or "apt-get install -y ${entry.package}".`);
}
