import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A version of Matjip as its files. */
export interface Version {
  readonly folder: string;
  /** Its commit; undefined: this one, since there is no history here to take another from. */
  readonly commit: string | undefined;
}

/** What is not in the history, and is the same for both. */
const BESIDE = ['node_modules', 'dist'];

/** The version before the latest migration was added, put into `folder`. */
export function versionBefore(folder: string): Version {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', ROOT, ...args], { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 28 });
  try {
    const added = git('log', '-1', '--format=%h', '--diff-filter=A', '--', 'migrations/*.sql').toString().trim();
    const commit = git('rev-parse', '--short', `${added}^`).toString().trim();
    mkdirSync(folder);
    execFileSync('tar', ['-x', '-C', folder], { input: git('archive', commit, '--', '.', ':!docs') });
    for (const name of readdirSync(ROOT).filter((each) => BESIDE.includes(each))) {
      symlinkSync(join(ROOT, name), join(folder, name));
    }
    return { folder, commit };
  } catch {
    return { folder: ROOT, commit: undefined };
  }
}
