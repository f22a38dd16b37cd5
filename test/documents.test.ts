import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  benchNames,
  codeOf,
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

/**
 * Where each command that README, guide and CONTRIBUTING name is really run: a file, and what there shows it. Those of minutes, and
 * the generator that is half a gigabyte, are run by a `*.long.test.ts`; benches are of minutes and need a quiet machine, so what is run is
 * the command alone, with a name that there is not.
 */
const RUN_IN: Readonly<Record<string, readonly [file: string, shown: string]>> = {
  'npm start': ['.ci/smoke', 'npm start'],
  'npm test': ['.ci/run', 'npm test'],
  'npm check': ['.ci/run', 'npm run --silent check'],
  'npm format': ['.ci/run', 'npm run --silent check'],
  'npm dev': ['test/dev.long.test.ts', 'scripts/dev.mjs'],
  'npm long': ['test/support/run.test.ts', "'run.ts'"],
  'npm screenshots': ['test/browser/every-page/look.ts', 'MATJIP_SHOTS'],
  'npm release': ['test/release.test.ts', 'scripts/release.ts'],
  'npm faults': ['test/faults/suite.test.ts', '../../faults/'],
  'npm bench': ['test/command-line.test.ts', "'bench', 'no-such-bench'"],
  'npm publish-rehearsal': ['test/publish-rehearsal.test.ts', '../scripts/publish-rehearsal.ts'],
  'npm rehearse': ['rehearsal/rehearse/command.long.test.ts', "[MAIN, 'rehearse'"],
  'npm artillery': ['rehearsal/rehearse/artillery-run.long.test.ts', 'artillery'],
  'matjip serve': ['test/support/served.ts', "'serve'"],
  'matjip work': ['test/events/killed-workers.ts', "[MAIN, 'work']"],
  'matjip print-agent': ['test/command-line.test.ts', "'print-agent'"],
  'matjip migrate': ['test/command-line.test.ts', "'migrate'"],
  'matjip db shell': ['test/command-line.test.ts', "'db', 'shell'"],
  'matjip db reset': ['test/command-line.test.ts', "'db', 'reset'"],
  'matjip seed': ['src/seed/seed.test.ts', 'seedCommand('],
  'matjip store add': ['test/store/set-up.test.ts', 'storeAddCommand('],
  'matjip store set': ['test/store/set-up.test.ts', 'storeSetCommand('],
  'matjip store list': ['test/store/set-up.test.ts', 'storeListCommand('],
  'matjip store pause': ['test/store/set-up.test.ts', 'storeStateCommand('],
  'matjip store open': ['test/store/set-up.test.ts', 'storeStateCommand('],
  'matjip store qr': ['test/store/set-up.test.ts', 'storeQrCommand('],
  'matjip menu import': ['src/menu/file/apply/import-menu.test.ts', 'importMenuCommand('],
  'matjip menu export': ['src/menu/file/apply/import-menu.test.ts', 'exportMenuCommand('],
  'matjip batch list': ['test/sales/batch.test.ts', 'batchListCommand('],
  'matjip batch run': ['test/sales/batch.test.ts', 'batchRunCommand('],
  'matjip archive list': ['test/archive/archive.test.ts', 'archiveListCommand('],
  'matjip archive write': ['test/archive/archive.test.ts', 'archiveWriteCommand('],
  'matjip archive read': ['test/archive/archive.test.ts', 'archiveReadCommand('],
  'matjip archive restore': ['test/archive/archive.test.ts', 'archiveRestoreCommand('],
  'matjip archive verify': ['test/archive/archive.test.ts', 'archiveVerifyCommand('],
  'matjip shard init': ['test/citus/shard-command.test.ts', 'shardInitCommand('],
  'matjip shard add-node': ['test/citus/shard-command.test.ts', 'shardAddNodeCommand('],
  'matjip shard rebalance': ['test/citus/shard-command.test.ts', 'shardRebalanceCommand('],
  'matjip shard isolate': ['test/citus/shard-command.test.ts', 'shardIsolateCommand('],
  'matjip shard status': ['test/citus/shard-command.test.ts', 'shardStatusCommand('],
  'matjip rehearse': ['rehearsal/rehearse/command.long.test.ts', "[MAIN, 'rehearse'"],
  'matjip report': ['rehearsal/report/command.test.ts', 'reportCommand('],
  'matjip plan': ['rehearsal/plan/command.test.ts', 'planCommand('],
  'matjip faults': ['test/faults/suite.test.ts', '../../faults/'],
  'matjip bench': ['test/command-line.test.ts', "'bench', 'no-such-bench'"],
};

test('each command that README, guide and CONTRIBUTING tell somebody to type is run somewhere', () => {
  const known = [...matjipCommands().keys()];
  const keyOf = ({ tool, words: [first = '', second = ''] }: (typeof commands)[number]): string =>
    `${tool} ${tool === 'matjip' && known.some((name) => name.startsWith(`${first} `)) ? `${first} ${second}` : first}`.trim();
  const told = commands.filter(({ file }) => /^(README|CONTRIBUTING|docs\/guide)/.test(file));
  const keys = new Set(told.map(keyOf));
  // A group without its subcommand is a word in a sentence.
  const commandsTold = [...keys].filter((key) => !known.some((name) => `matjip ${name}`.startsWith(`${key} `)));
  assert.ok(commandsTold.length > 30, [...keys].join());
  assert.deepEqual(
    commandsTold.filter((key) => !RUN_IN[key]),
    [],
  );
  for (const [key, [file, shown]] of Object.entries(RUN_IN)) {
    assert.ok(readDocument(file).includes(shown), `${key}: ${file} has no ${shown}`);
  }
  // What can be typed at all is run as well.
  const groups = known.filter((name) => known.some((other) => other.startsWith(`${name} `)));
  assert.deepEqual(
    known.filter((name) => !groups.includes(name) && !RUN_IN[`matjip ${name}`]),
    [],
  );
});

/** The same for what is typed besides: programs of the repository, each with what runs them. A `curl` is sent by `test/store/set-up.test.ts`. */
const PROGRAMS: Readonly<Record<string, readonly [file: string, shown: string]>> = {
  'deploy/backup.sh': ['test/deploy/backup.test.ts', 'backup.sh'],
  'scripts/event-reference.ts': ['test/events/event-reference.test.ts', 'event-reference.ts'],
  'scripts/guide-pictures.ts': ['test/playbook-guide.test.ts', 'scripts/guide-pictures.ts'],
  '.ci/run': ['.ci/run', 'npm test'],
  'deploy/prometheus/alerts.test.yml': ['test/ops/promtool.long.test.ts', 'alerts.test.yml'],
};

test('each program of the repository that a document tells somebody to type is there, and run somewhere', () => {
  const typed = DOCUMENTS.flatMap((file) =>
    codeOf(readDocument(file)).flatMap((code) => {
      const found = /^(?:(?:node|bash|sh|promtool test rules) )?((?:deploy|scripts|\.ci)\/\S*\w)(?: |$)/.exec(
        code.trim(),
      );
      // A path alone is a place and not a command, but for a script that is run by its name.
      return found && (found[0] !== found[1] || /^\.ci|\.sh$/.test(found[1]!)) ? [{ file, program: found[1]! }] : [];
    }),
  );
  assert.ok(typed.length > 5, String(typed.length));
  for (const { file, program } of typed) {
    assert.ok(existsSync(join(ROOT, program)), `${file}: ${program}`);
    assert.ok(PROGRAMS[program], `${file}: nothing runs ${program}`);
  }
  for (const [program, [file, shown]] of Object.entries(PROGRAMS)) {
    assert.ok(readDocument(file).includes(shown), `${program}: ${file} has no ${shown}`);
  }
});
