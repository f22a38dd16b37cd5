/**
 * `npm run release -- patch|minor|major|1.2.3`: says what the next release would be. With `--really` it is made: the version in
 * package.json and its lock, the changelog's section, a commit and a tag, and nothing is pushed.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A wrong use: one line that says what to do instead. */
class ReleaseError extends Error {}

/** @throws ReleaseError for a version that is none, or not later than the present one */
export function nextVersion(present: string, wanted: string): string {
  const numbers = (version: string) => version.split('.').map(Number);
  const [major, minor, patch] = numbers(present) as [number, number, number];
  const steps: Readonly<Record<string, string>> = {
    major: `${major + 1}.0.0`,
    minor: `${major}.${minor + 1}.0`,
    patch: `${major}.${minor}.${patch + 1}`,
  };
  const next = steps[wanted] ?? wanted;
  if (!/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(next))
    throw new ReleaseError(`${wanted} is no version: say patch, minor, major, or one such as 1.2.3.`);
  const [now, later] = [numbers(present), numbers(next)];
  const at = later.findIndex((number, place) => number !== now[place]);
  if (at < 0 || later[at]! < now[at]!) throw new ReleaseError(`${next} does not come after ${present}.`);
  return next;
}

const UNRELEASED = '## Unreleased\n';

/**
 * The changelog with what was unreleased under the release's own heading, and an empty section above it for what comes next.
 * @throws ReleaseError when nothing was written down
 */
export function releasedChangelog(changelog: string, version: string, day: string): { text: string; section: string } {
  const start = changelog.indexOf(UNRELEASED);
  if (start < 0) throw new ReleaseError(`CHANGELOG.md has no section "${UNRELEASED.trim()}".`);
  const from = start + UNRELEASED.length;
  const end = changelog.indexOf('\n## ', from);
  const body = changelog.slice(from, end < 0 ? undefined : end).trim();
  if (!/^- /m.test(body))
    throw new ReleaseError('CHANGELOG.md says nothing under Unreleased: write down what people notice first.');
  const section = `## ${version} (${day})\n\n${body}\n`;
  const rest = end < 0 ? '' : changelog.slice(end);
  return { text: `${changelog.slice(0, from)}\n${section}${rest}`, section };
}

function release(wanted: string, isReal: boolean): void {
  const root = process.cwd();
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const path = (file: string) => join(root, file);
  const manifest: { version: string } = JSON.parse(readFileSync(path('package.json'), 'utf8'));
  const version = nextVersion(manifest.version, wanted);
  const tag = `v${version}`;
  const { text, section } = releasedChangelog(
    readFileSync(path('CHANGELOG.md'), 'utf8'),
    version,
    new Date().toISOString().slice(0, 10),
  );
  if (git('tag', '--list', tag)) throw new ReleaseError(`The tag ${tag} is there already.`);
  if (!isReal) {
    console.log(`${manifest.version} -> ${version}, tag ${tag}. Nothing was changed; --really makes it.\n\n${section}`);
    return;
  }
  const changed = git('status', '--porcelain');
  if (changed) throw new ReleaseError(`Commit or put away first:\n${changed}`);
  for (const file of ['package.json', 'package-lock.json']) {
    const lines = JSON.parse(readFileSync(path(file), 'utf8'));
    lines.version = version;
    if (lines.packages) lines.packages[''].version = version;
    writeFileSync(path(file), `${JSON.stringify(lines, null, 2)}\n`);
  }
  writeFileSync(path('CHANGELOG.md'), text);
  git(
    'commit',
    '--quiet',
    '--message',
    `Release ${version}`,
    '--',
    'package.json',
    'package-lock.json',
    'CHANGELOG.md',
  );
  git('tag', '--annotate', tag, '--message', section);
  console.log(`Made the commit and the tag ${tag}. To publish them: git push --follow-tags`);
}

if (import.meta.main) {
  const words = process.argv.slice(2);
  const isReal = words.includes('--really');
  const [wanted, ...more] = words.filter((word) => word !== '--really');
  try {
    if (!wanted || more.length > 0)
      throw new ReleaseError('Say which: npm run release -- patch|minor|major|1.2.3 [--really]');
    release(wanted, isReal);
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(error.message);
    process.exitCode = error.message.startsWith('Say which') ? 2 : 1;
  }
}
