import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { nextVersion, releasedChangelog } from '../scripts/release.ts';
import { ROOT, readDocument } from './support/documents.ts';

test('a release comes after the present one, by name or by number', () => {
  assert.equal(nextVersion('0.9.4', 'patch'), '0.9.5');
  assert.equal(nextVersion('0.9.4', 'minor'), '0.10.0');
  assert.equal(nextVersion('0.9.4', 'major'), '1.0.0');
  assert.equal(nextVersion('0.9.4', '0.10.0'), '0.10.0');
  for (const wanted of ['0.9.4', '0.9.3', '0.8.9', '1.0', 'v1.0.0', '1.0.0-beta', '01.0.0', 'next'])
    assert.throws(() => nextVersion('0.9.4', wanted), /does not come after|is no version/, wanted);
});

test('what was unreleased gets the release’s heading, above those before it', () => {
  const { text } = releasedChangelog(
    '# C\n\n## Unreleased\n\n- new\n\n## 0.1.0 (2026-01-01)\n\n- old\n',
    '0.2.0',
    '2026-11-28',
  );
  assert.equal(text, '# C\n\n## Unreleased\n\n## 0.2.0 (2026-11-28)\n\n- new\n\n## 0.1.0 (2026-01-01)\n\n- old\n');
  assert.throws(() => releasedChangelog(text, '0.3.0', '2026-11-29'), /says nothing under Unreleased/);
  assert.throws(() => releasedChangelog('# C\n', '0.3.0', '2026-11-29'), /no section/);
  assert.match(releasedChangelog(readDocument('CHANGELOG.md'), '9.9.9', '2026-11-28').section, /^## 9\.9\.9/);
});

/** A repository of its own, with what a release changes. */
function repository(t: TestContext): { folder: string; git: (...args: string[]) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-release-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const file of ['package.json', 'package-lock.json', 'CHANGELOG.md'])
    copyFileSync(join(ROOT, file), join(folder, file));
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  git('init', '--quiet');
  git('config', 'user.name', 'Somebody');
  git('config', 'user.email', 'somebody@example.com');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Before');
  return { folder, git };
}

test('a release is said and not made unless really wanted, and then it is a version, a changelog, a commit and a tag', (t) => {
  const { folder, git } = repository(t);
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'scripts/release.ts'), ...args], { cwd: folder, encoding: 'utf8' });
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const next = nextVersion(version, 'minor');

  const said = run('minor');
  assert.equal(said.status, 0, said.stderr);
  assert.ok(said.stdout.includes(`${version} -> ${next}, tag v${next}. Nothing was changed`), said.stdout);
  assert.equal(git('status', '--porcelain') + git('tag'), '');
  assert.equal(run().status, 2);

  writeFileSync(join(folder, 'unsaved'), '');
  const dirty = run('minor', '--really');
  assert.equal(dirty.status, 1);
  assert.match(dirty.stderr, /^Commit or put away first:\n\?\? unsaved/);
  rmSync(join(folder, 'unsaved'));

  const made = run('minor', '--really');
  assert.equal(made.status, 0, made.stderr);
  assert.equal(git('status', '--porcelain'), '');
  assert.equal(git('tag').trim(), `v${next}`);
  assert.equal(git('show', '--stat', '--format=%s', 'HEAD').split('\n')[0], `Release ${next}`);
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  assert.deepEqual([lock.version, lock.packages[''].version], [next, next]);
  // Nothing has come since, so there is nothing to release.
  assert.equal(run('patch', '--really').status, 1);
});
