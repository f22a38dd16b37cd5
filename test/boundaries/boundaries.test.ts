import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findForeignTables, findUnownedTables, tablesIn } from './foreign-tables.ts';
import { findHouseWords, houseWordsIn } from './house-words.ts';
import { RULES } from './rules.ts';
import { findUnlistedDecisions, notOnce } from './unlisted-decisions.ts';
import { findViolations } from './violations.ts';

const ROOT = join(import.meta.dirname, '../..');

test('every rule reports the violation that is planted for it', async () => {
  const { violations } = await findViolations(join(import.meta.dirname, 'fixture'));
  const found = violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`).sort();
  assert.deepEqual(found, [
    'contract-stands-alone: src/contract/wire.ts → fs',
    'ledger-judges-from-outside: faults/verdict/judge.ts → src/menu/index.ts',
    'no-cycles: src/store/left.ts → src/store/right.ts',
    'nothing-missing: src/staff/lost.ts → ./nowhere.ts',
    'packages-are-declared: src/staff/borrowed.ts → ../../../node_modules/fastq/queue.js',
    'pages-talk-the-contract: web/page.ts → src/menu/index.ts',
    'platform-knows-no-room: src/platform/machine.ts → src/menu/index.ts',
    'product-needs-no-tests: src/staff/borrowed.ts → test/tool.ts',
    'rehearsal-judges-from-outside: rehearsal/judge.ts → src/menu/index.ts',
    'rooms-have-one-door: src/order/place-order.ts → src/menu/queries.ts',
    'rooms-meet-in-app: src/order/place-order.ts → src/menu/index.ts',
  ]);
  assert.deepEqual(
    RULES.map(({ name }) => name).sort(),
    violations.map(({ rule }) => rule).sort(),
    'a rule without a planted violation may never bite',
  );
});

test('no room’s SQL names another room’s table without a listed reason, and every table has an owner', async () => {
  const { uses, unused, files } = await findForeignTables(ROOT);
  assert.deepEqual({ uses, unused, unowned: await findUnownedTables(ROOT) }, { uses: [], unused: [], unowned: [] });
  assert.ok(files > 300, `only ${files} files were read`);
});

test('files and what they export are called by the field’s words, and an old one is told with the word that says it', async () => {
  assert.deepEqual(await findHouseWords(ROOT), []);
  assert.deepEqual(houseWordsIn('src/menu/shelf.ts', 'export function wasTold() {}\nexport const retold = 1;'), [
    'src/menu/shelf.ts: src/menu/shelf.ts says shelf; say cache',
    'src/menu/shelf.ts: wasTold says told; say notified, reported or sent',
  ]);
});

test('a planted statement on another room’s tables is told, a reading reason does not allow to write, and one nobody needs is told too', async () => {
  const fixture = join(import.meta.dirname, 'fixture');
  const reading = { room: 'menu', tables: ['orders', 'order_line'], why: 'planted' };
  const { uses, unused } = await findForeignTables(fixture, [
    reading,
    { room: 'menu', tables: ['bill'], why: 'planted' },
  ]);
  assert.deepEqual(
    uses.map(({ file, table, writes }) => `${file} ${writes ? 'writes' : 'reads'} ${table}`),
    ['src/menu/queries.ts writes orders', 'src/menu/queries.ts reads ticket'],
  );
  assert.deepEqual(
    unused.map(({ tables }) => tables),
    [['bill']],
  );
});

test('tables are found wherever a statement names one, and in no comment', () => {
  const named = (text: string) => tablesIn(text).map(({ table, writes }) => `${table}${writes ? '!' : ''}`);
  assert.deepEqual(named("q('SELECT 1 FROM orders o, ticket t WHERE a')"), ['orders', 'ticket']);
  assert.deepEqual(named('`DELETE FROM ONLY stock WHERE x; UPDATE item i SET a = 1 FROM bill b`'), [
    'stock!',
    'item!',
    'bill',
  ]);
  assert.deepEqual(named('`INSERT INTO party (a) SELECT 1 FROM store LEFT JOIN brand ON true`'), [
    'party!',
    'store',
    'brand',
  ]);
  assert.deepEqual(named("/* FROM orders */ // isn't FROM item\n`SELECT FROM staff FOR UPDATE`"), ['staff']);
});

/** The second hands psql the environment as it is; the third hands a worker what the first process put into its own. */
const READS_ENVIRONMENT = ['src/config.ts', 'src/platform/db/commands/shell-command.ts', 'src/serve.ts'];

test('only src/config.ts reads the environment', () => {
  const files = globSync('{src,web}/**/*.{ts,tsx}', { cwd: ROOT }).filter((file) => !file.endsWith('.test.ts'));
  const readers = files.filter((file) => /\bprocess\s*\.\s*env\b/.test(readFileSync(join(ROOT, file), 'utf8')));
  assert.deepEqual(readers.sort(), READS_ENVIRONMENT);
});

/** Each is a sleep or a bound by the wall clock, which a slow machine turns into a coin toss. */
const CLOCK_IN_TESTS = [
  "import { setTimeout as delay } from 'node:timers/promises';\nawait delay(100);",
  'setTimeout(() => {}, 100);',
  'export const tookMs = performance.now();',
  'const startedMs = Date.now();\nexport const quick = Date.now() - startedMs < 1_000;',
];

test('a test that sleeps or bounds a time by the clock is told so, and a long one may', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'matjip-lint-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [override] = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')).overrides;
  const plugins = override.plugins.map((path: string) => join(ROOT, path));
  await writeFile(join(folder, 'biome.json'), JSON.stringify({ overrides: [{ ...override, plugins }] }));
  const files = CLOCK_IN_TESTS.flatMap((code, index) =>
    ['test.ts', 'long.test.ts', 'ts'].map((end) => ({ name: `planted-${index}.${end}`, code })),
  );
  for (const { name, code } of files) await writeFile(join(folder, name), code);
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--reporter=json'], { cwd: folder, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: unknown } }[] };
  const told = diagnostics
    .filter(({ category }) => /plugin|noRestricted/.test(category))
    .map(({ location }) => JSON.stringify(location.path).match(/planted-\d+[\w.]*/)?.[0]);
  assert.deepEqual(
    [...new Set(told)].sort(),
    CLOCK_IN_TESTS.map((_, index) => `planted-${index}.test.ts`),
  );
});

test('a decision that its index leaves out or lists twice is named, and none is', () => {
  const index = '| [1](0001-a.md) | … |\n| [2](0002-b.md) | … |\n| [2](0002-b.md) | … |';
  assert.deepEqual(notOnce(['0003-c.md', '0002-b.md', '0001-a.md'], index), ['0002-b.md', '0003-c.md']);
  assert.deepEqual(findUnlistedDecisions(ROOT), []);
});
