import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  benchNames,
  commandsOf,
  leadsSomewhere,
  linksOf,
  matjipCommands,
  ROOT,
  readDocument,
} from './support/documents.ts';

const DOCUMENTS = globSync(
  ['README*.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'docs/**/*.md', 'deploy/*.md'],
  { cwd: ROOT },
)
  // Made by the report from somebody's results.
  .filter((file) => !file.startsWith('docs/rehearsal/'))
  .sort();
const commands = DOCUMENTS.flatMap((file) => commandsOf(readDocument(file)).map((command) => ({ file, ...command })));
const SCRIPTS: Record<string, string> = JSON.parse(readDocument('package.json')).scripts;

/** Options are long words, or `-o`, as they would be typed. */
const optionsOf = (words: readonly string[]): string[] =>
  words.flatMap((word) => word.match(/^(--[a-z][a-z-]*|-[a-z])(?=$|=|[),.:])/)?.[1] ?? []);

test('each link and picture of a document leads to a file, and to the heading that it names', () => {
  assert.ok(DOCUMENTS.length > 60, String(DOCUMENTS.length));
  const dead = DOCUMENTS.flatMap((file) =>
    linksOf(readDocument(file))
      .filter((link) => !leadsSomewhere(file, link))
      .map((link) => `${file}: ${link}`),
  );
  assert.deepEqual(dead, []);
});

test('each npm script that a document names is in package.json, and each test that it is given exists', () => {
  const npm = commands.filter(({ tool }) => tool === 'npm');
  assert.ok(npm.length > 50, String(npm.length));
  for (const { file, text, words } of npm) {
    const [script, ...rest] = words;
    assert.ok(script! in SCRIPTS || ['install', 'ci', 'audit'].includes(script!), `${file}: ${text}`);
    for (const path of rest.filter((word) => /^(\.\/)?(test|src|artillery)\/.*(\.ts|\.yml)$/.test(word))) {
      assert.ok(existsSync(join(ROOT, path)), `${file}: ${path}`);
    }
  }
});

test('each bench that a document names is one', () => {
  const benches = benchNames();
  assert.ok(benches.includes('menu-read') && benches.includes('overload'), benches.join());
  const options = matjipCommands().get('bench')!;
  const named = commands.filter(({ tool, words }) => tool === 'npm' && words[0] === 'bench' && words[1] === '--');
  assert.ok(named.length > 20, String(named.length));
  for (const { file, text, ...command } of named) {
    const words = command.words.slice(2);
    const end = words.findIndex((word) => word.startsWith('-'));
    for (const name of words.slice(0, end < 0 ? undefined : end)) {
      const isOther = name === 'NAME' || name === 'overload-picture';
      assert.ok(isOther || benches.includes(name), `${file}: ${text}`);
    }
    for (const option of optionsOf(words)) assert.ok(options.includes(option), `${file}: ${text}`);
  }
});

test('each subcommand and option of matjip that a document names is one', () => {
  const known = matjipCommands();
  const groups = new Set([...known.keys()].filter((name) => name.includes(' ')).map((name) => name.split(' ')[0]!));
  assert.ok(known.size > 25 && groups.size >= 5, [...known.keys()].join());
  const ours = commands.filter(({ tool }) => tool === 'matjip');
  assert.ok(ours.length > 40, String(ours.length));
  for (const { file, text, words } of ours) {
    const isBelow = groups.has(words[0]!) && words.length > 1;
    const name = words.slice(0, isBelow ? 2 : 1).join(' ');
    assert.ok(known.has(name), `${file}: ${text}`);
    for (const option of optionsOf(words)) {
      assert.match(known.get(name)!, new RegExp(`${option.replace(/^-+/, '')}\\b`), `${file}: ${text}: ${option}`);
    }
  }
});
