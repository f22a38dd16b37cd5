import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RULES } from './rules.ts';
import { findViolations } from './violations.ts';

const ROOT = join(import.meta.dirname, '../..');

test('no module of this repository crosses a boundary', async () => {
  const { modules, violations } = await findViolations();
  assert.deepEqual(violations, []);
  const files = globSync('{src,web,rehearsal,bench}/**/*.{ts,tsx}', { cwd: ROOT }).length;
  assert.ok(files > 100, `only ${files} files were found`);
  assert.ok(modules >= files, `${files} files, but only ${modules} modules were read`);
});

test('every rule reports the violation that is planted for it', async () => {
  const { violations } = await findViolations(join(import.meta.dirname, 'fixture'));
  const found = violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`).sort();
  assert.deepEqual(found, [
    'contract-stands-alone: src/contract/wire.ts → fs',
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

/** The second hands a worker what the first process put into its environment. */
const READS_ENVIRONMENT = ['src/config.ts', 'src/serve.ts'];

test('only src/config.ts reads the environment', () => {
  const files = globSync('{src,web}/**/*.{ts,tsx}', { cwd: ROOT }).filter((file) => !file.endsWith('.test.ts'));
  const readers = files.filter((file) => /\bprocess\s*\.\s*env\b/.test(readFileSync(join(ROOT, file), 'utf8')));
  assert.deepEqual(readers, READS_ENVIRONMENT);
});
